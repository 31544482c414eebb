-- When it was last changed, for calendars that show it.
ALTER TABLE appointments ADD COLUMN updated_at BIGINT NOT NULL DEFAULT 0;
UPDATE appointments SET updated_at = COALESCE(canceled_at, created_at);

-- Secret addresses at which calendar programs read bookings.
CREATE TABLE calendar_feeds (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    -- null: everybody's.
    staff_id TEXT REFERENCES staff (id),
    detail TEXT NOT NULL CHECK (detail IN ('full', 'busy')),
    secret_hash TEXT NOT NULL UNIQUE,
    created_by TEXT,
    created_at BIGINT NOT NULL,
    last_read_at BIGINT
);
CREATE INDEX calendar_feeds_account_id_idx ON calendar_feeds (account_id, id);
