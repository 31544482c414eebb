CREATE TABLE inboxes (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    name TEXT NOT NULL,
    channel TEXT NOT NULL,
    config TEXT NOT NULL,
    is_active INTEGER NOT NULL DEFAULT 1,
    version INTEGER NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL
);
CREATE INDEX inboxes_account_id_idx ON inboxes (account_id, id);

CREATE TABLE conversations (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    contact_id TEXT NOT NULL REFERENCES contacts (id),
    -- Where the last incoming message came from; replies go there unless said otherwise.
    inbox_id TEXT NOT NULL REFERENCES inboxes (id),
    status TEXT NOT NULL CHECK (status IN ('open', 'pending', 'snoozed', 'resolved')),
    assignee_id TEXT REFERENCES users (id),
    team_id TEXT,
    -- Since when the contact waits for a word from us; null when it is their turn.
    waiting_since BIGINT,
    snoozed_until BIGINT,
    last_message_at BIGINT NOT NULL,
    preview TEXT NOT NULL,
    -- Incoming messages that no agent has opened.
    unread INTEGER NOT NULL DEFAULT 0,
    first_replied_at BIGINT,
    resolved_at BIGINT,
    version INTEGER NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL
);
CREATE INDEX conversations_account_id_idx ON conversations (account_id, last_message_at);
CREATE INDEX conversations_status_idx ON conversations (status, last_message_at);
CREATE INDEX conversations_contact_id_idx ON conversations (contact_id, last_message_at);

CREATE TABLE messages (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    conversation_id TEXT NOT NULL REFERENCES conversations (id),
    inbox_id TEXT NOT NULL REFERENCES inboxes (id),
    direction TEXT NOT NULL CHECK (direction IN ('incoming', 'outgoing')),
    is_private INTEGER NOT NULL DEFAULT 0,
    text TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('queued', 'sent', 'delivered', 'read', 'failed')),
    -- The channel's own id of the message; one row per inbox and source.
    source_id TEXT,
    author_id TEXT,
    author_name TEXT,
    failure TEXT,
    -- When the channel says it was written, if it says so.
    sent_at BIGINT,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX messages_inbox_id_source_id_key
    ON messages (inbox_id, source_id) WHERE source_id IS NOT NULL;
CREATE INDEX messages_conversation_id_idx ON messages (conversation_id, created_at, id);
CREATE INDEX messages_account_id_idx ON messages (account_id, created_at);

CREATE TABLE canned_responses (
    id TEXT PRIMARY KEY,
    -- null: for the whole office.
    account_id TEXT REFERENCES accounts (id),
    shortcut TEXT NOT NULL,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX canned_responses_account_id_shortcut_key
    ON canned_responses (account_id, shortcut) WHERE account_id IS NOT NULL;
CREATE UNIQUE INDEX canned_responses_shortcut_key
    ON canned_responses (shortcut) WHERE account_id IS NULL;

-- A visitor's browser that talks through the widget of one inbox.
CREATE TABLE widget_sessions (
    token_hash TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    inbox_id TEXT NOT NULL REFERENCES inboxes (id),
    contact_id TEXT NOT NULL REFERENCES contacts (id),
    created_at BIGINT NOT NULL
);
