-- Files that people send, what becomes of a contact's data, and how long each kind is kept.

-- The content lies in the folder of files under a path made from the id.
CREATE TABLE files (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    -- Whose it is; it is erased with them.
    contact_id TEXT REFERENCES contacts (id),
    -- Null: the contact's own.
    created_by TEXT,
    purpose TEXT NOT NULL CHECK (purpose IN ('attachment', 'export')),
    name TEXT NOT NULL,
    -- What the sender says, and what its first bytes say.
    claimed_type TEXT,
    type TEXT,
    size BIGINT NOT NULL CHECK (size >= 0),
    -- Bytes that have arrived.
    received BIGINT NOT NULL DEFAULT 0,
    sha256 TEXT,
    state TEXT NOT NULL CHECK (state IN ('uploading', 'ready')),
    -- Taken away then, unless a message carries it; null: it stays.
    expires_at BIGINT,
    created_at BIGINT NOT NULL,
    CHECK ((state = 'ready') = (sha256 IS NOT NULL))
);
CREATE INDEX files_account_id_idx ON files (account_id, id);
CREATE INDEX files_contact_id_idx ON files (contact_id);
CREATE INDEX files_expires_at_idx ON files (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE message_attachments (
    account_id TEXT NOT NULL REFERENCES accounts (id),
    message_id TEXT NOT NULL REFERENCES messages (id),
    file_id TEXT NOT NULL REFERENCES files (id),
    position INTEGER NOT NULL,
    PRIMARY KEY (message_id, file_id)
);
CREATE INDEX message_attachments_file_id_idx ON message_attachments (file_id);

-- What a contact asked to see: a file with everything, made by a job.
CREATE TABLE contact_exports (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    contact_id TEXT NOT NULL REFERENCES contacts (id),
    requested_by TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('waiting', 'ready')),
    file_id TEXT REFERENCES files (id),
    created_at BIGINT NOT NULL,
    finished_at BIGINT
);
CREATE INDEX contact_exports_contact_id_idx ON contact_exports (contact_id, id);
CREATE INDEX contact_exports_file_id_idx ON contact_exports (file_id);

-- The proof that a contact was erased: ids, counts and times, nothing about the person.
CREATE TABLE contact_erasures (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    contact_id TEXT NOT NULL,
    requested_by TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('running', 'done')),
    counts TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    finished_at BIGINT
);
CREATE INDEX contact_erasures_account_id_idx ON contact_erasures (account_id, id);

-- How long each class of data is kept.
CREATE TABLE retention_rules (
    -- Null: the office's own rule; a business may only keep less.
    account_id TEXT REFERENCES accounts (id),
    class TEXT NOT NULL,
    days INTEGER NOT NULL CHECK (days > 0),
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX retention_rules_class_key ON retention_rules (class)
    WHERE account_id IS NULL;
CREATE UNIQUE INDEX retention_rules_account_id_class_key ON retention_rules (account_id, class)
    WHERE account_id IS NOT NULL;
