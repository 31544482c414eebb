-- Links that are used once, second factors, sessions that people can tell apart, and the record of
-- who changed what.

-- The language somebody chose; NULL: the one that their browser asks for.
ALTER TABLE users ADD COLUMN locale TEXT;
-- When somebody who could not sign in asked for help.
ALTER TABLE users ADD COLUMN reset_asked_at BIGINT;

-- Invitations, links to set a new password, and sign-ins that wait for their second step. Only the
-- hashes of the secrets are here; a row goes when its link is used.
CREATE TABLE one_time_links (
    id TEXT PRIMARY KEY,
    secret_hash TEXT NOT NULL,
    purpose TEXT NOT NULL CHECK (purpose IN ('invite', 'reset', 'factor')),
    user_id TEXT NOT NULL REFERENCES users (id),
    -- Of an invitation into a business: the place that is taken when it is accepted.
    account_id TEXT REFERENCES accounts (id),
    role TEXT,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX one_time_links_secret_hash_key ON one_time_links (secret_hash);
CREATE INDEX one_time_links_user_id_idx ON one_time_links (user_id, purpose);
CREATE INDEX one_time_links_account_id_idx ON one_time_links (account_id);

CREATE TABLE second_factors (
    user_id TEXT PRIMARY KEY REFERENCES users (id),
    -- Sealed by the vault.
    secret TEXT NOT NULL,
    -- NULL: shown, and not yet confirmed with a code.
    confirmed_at BIGINT,
    -- The time step whose code was used last: no code is good twice.
    last_step BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL
);

-- Each goes when it is used.
CREATE TABLE recovery_codes (
    user_id TEXT NOT NULL REFERENCES users (id),
    code_hash TEXT NOT NULL,
    PRIMARY KEY (user_id, code_hash)
);

ALTER TABLE sessions ADD COLUMN id TEXT;
ALTER TABLE sessions ADD COLUMN address TEXT;
ALTER TABLE sessions ADD COLUMN agent TEXT;
ALTER TABLE sessions ADD COLUMN seen_at BIGINT;
UPDATE sessions SET id = 'sess_' || substr(id_hash, 1, 26), seen_at = created_at;
CREATE UNIQUE INDEX sessions_id_key ON sessions (id);

-- Written in the transaction of the change, never changed.
CREATE TABLE audit_entries (
    id TEXT PRIMARY KEY,
    -- NULL: it concerns the office itself.
    account_id TEXT,
    actor_id TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    is_by_office INTEGER NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    -- What the subject was called then.
    label TEXT,
    before_values TEXT,
    after_values TEXT,
    means TEXT NOT NULL,
    address TEXT,
    agent TEXT,
    token_id TEXT,
    occurred_at BIGINT NOT NULL
);
CREATE INDEX audit_entries_account_id_idx ON audit_entries (account_id, id);
CREATE INDEX audit_entries_actor_id_idx ON audit_entries (actor_id, id);
