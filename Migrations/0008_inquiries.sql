-- What a contact wanted; the account's statistics count these.
CREATE TABLE inquiries (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    conversation_id TEXT REFERENCES conversations (id),
    contact_id TEXT REFERENCES contacts (id),
    appointment_id TEXT REFERENCES appointments (id),
    kind TEXT NOT NULL CHECK (
        kind IN ('booking', 'question', 'hard_question', 'complaint', 'suggestion', 'order', 'other')),
    topic TEXT,
    disposition TEXT,
    channel TEXT,
    notes TEXT,
    created_by TEXT,
    version INTEGER NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL
);
CREATE INDEX inquiries_account_id_idx ON inquiries (account_id, created_at, id);
CREATE INDEX inquiries_conversation_id_idx ON inquiries (conversation_id);
