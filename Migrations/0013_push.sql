-- Browsers that asked to be told (RFC 8030): one row for each browser of a person.
CREATE TABLE push_subscriptions (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    -- Which of the two kinds of sign-in asked: the desk's or the portal's news.
    kind TEXT NOT NULL CHECK (kind IN ('office', 'account')),
    endpoint TEXT NOT NULL,
    -- The browser's public key and secret, base 64 for URLs (RFC 8291).
    public_key TEXT NOT NULL,
    secret TEXT NOT NULL,
    language TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX push_subscriptions_endpoint_key ON push_subscriptions (endpoint);
CREATE INDEX push_subscriptions_user_id_idx ON push_subscriptions (user_id, kind);
