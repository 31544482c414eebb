-- What the program tells clients by itself: every notice, sent or refused, once.
CREATE TABLE notices (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    contact_id TEXT NOT NULL REFERENCES contacts (id),
    purpose TEXT NOT NULL,
    -- What it is about, such as an appointment's id.
    about TEXT NOT NULL,
    -- The same is told once.
    told_key TEXT NOT NULL,
    -- null: there was no way to tell it.
    channel TEXT,
    address TEXT,
    subject TEXT NOT NULL,
    text TEXT NOT NULL,
    -- Of what went out in a conversation, the message knows.
    message_id TEXT REFERENCES messages (id),
    status TEXT NOT NULL CHECK (status IN ('queued', 'sent', 'failed', 'refused')),
    reason TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX notices_told_key_key ON notices (account_id, told_key);
CREATE INDEX notices_account_id_idx ON notices (account_id, created_at, id);
CREATE INDEX notices_contact_id_idx ON notices (contact_id);
CREATE INDEX notices_message_id_idx ON notices (message_id);

-- What a business wants its clients to be told.
CREATE TABLE notice_settings (
    account_id TEXT PRIMARY KEY REFERENCES accounts (id),
    -- Minutes before the visit, with spaces between.
    reminders TEXT NOT NULL,
    -- Purposes that are not told, with spaces between.
    silenced TEXT NOT NULL,
    -- Minutes after the visit; null: nobody is asked.
    review_after_minutes INTEGER,
    review_link TEXT,
    version INTEGER NOT NULL DEFAULT 1,
    updated_at BIGINT NOT NULL
);
