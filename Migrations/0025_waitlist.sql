-- Who waits for a time that is not free yet.
CREATE TABLE waitlist (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    service_id TEXT NOT NULL REFERENCES services (id),
    contact_id TEXT NOT NULL REFERENCES contacts (id),
    -- null: anyone.
    staff_id TEXT REFERENCES staff (id),
    party_size INTEGER NOT NULL DEFAULT 1,
    -- Starts that would do.
    from_at BIGINT NOT NULL,
    to_at BIGINT NOT NULL,
    status TEXT NOT NULL CHECK (
        status IN ('waiting', 'offered', 'booked', 'lapsed', 'declined', 'canceled')),
    -- The time that is kept for them; no foreign key, for holds come and go.
    hold_id TEXT,
    offered_start BIGINT,
    offered_until BIGINT,
    appointment_id TEXT,
    version INTEGER NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL,
    CHECK (to_at > from_at),
    CHECK ((status = 'offered') = (hold_id IS NOT NULL))
);
CREATE INDEX waitlist_account_id_idx ON waitlist (account_id, status, created_at, id);
CREATE INDEX waitlist_contact_id_idx ON waitlist (contact_id);
