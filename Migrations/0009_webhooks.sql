-- Programs of the businesses that hear what happens: endpoints, what was sent and each try.
CREATE TABLE webhooks (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    url TEXT NOT NULL,
    description TEXT,
    -- A JSON list of types, "noun.*" or "*".
    events TEXT NOT NULL,
    is_active INTEGER NOT NULL,
    -- Such an address may be a private one.
    set_by_office INTEGER NOT NULL,
    -- Sealed; the one before it still signs until `previous_until`.
    secret TEXT NOT NULL,
    previous_secret TEXT,
    previous_until BIGINT,
    -- Tries that failed since the last success, and when that began.
    failures INTEGER NOT NULL DEFAULT 0,
    failing_since BIGINT,
    -- Set when it was switched off for failing, until a person does something about it.
    disabled_at BIGINT,
    disabled_reason TEXT CHECK (disabled_reason IN ('gone', 'failing', 'too_many_failures')),
    version INTEGER NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL
);
CREATE INDEX webhooks_account_id_idx ON webhooks (account_id, id);

-- No foreign key to the endpoint: whoever removes it must not make fail what happens meanwhile.
CREATE TABLE webhook_deliveries (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    webhook_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    type TEXT NOT NULL,
    resend_of TEXT,
    payload TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('waiting', 'delivered', 'failed')),
    attempts INTEGER NOT NULL DEFAULT 0,
    -- Of the last try.
    answer_status INTEGER,
    failure TEXT,
    next_attempt_at BIGINT,
    created_at BIGINT NOT NULL,
    finished_at BIGINT
);
-- An event goes to an endpoint once; only a person sends it again.
CREATE UNIQUE INDEX webhook_deliveries_event_key ON webhook_deliveries (webhook_id, event_id)
    WHERE resend_of IS NULL;
CREATE INDEX webhook_deliveries_webhook_id_idx ON webhook_deliveries (webhook_id, id);
CREATE INDEX webhook_deliveries_created_at_idx ON webhook_deliveries (created_at);

CREATE TABLE webhook_attempts (
    delivery_id TEXT NOT NULL REFERENCES webhook_deliveries (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    account_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    -- Null: there was no answer.
    answer_status INTEGER,
    answer TEXT,
    is_answer_cut INTEGER NOT NULL DEFAULT 0,
    -- Null: it was delivered.
    failure TEXT,
    milliseconds INTEGER NOT NULL,
    PRIMARY KEY (delivery_id, number)
);
