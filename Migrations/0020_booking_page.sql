-- How a business shows itself to those who book by themselves.
CREATE TABLE booking_pages (
    account_id TEXT PRIMARY KEY REFERENCES accounts (id),
    is_open INTEGER NOT NULL DEFAULT 0,
    greeting TEXT,
    -- What clients must leave.
    asks_for TEXT NOT NULL CHECK (asks_for IN ('either', 'phone', 'email', 'both')),
    -- Ids with spaces between; null: everything on offer.
    service_ids TEXT,
    version INTEGER NOT NULL DEFAULT 1,
    updated_at BIGINT NOT NULL
);

-- Until when clients may change their minds, and what it costs after that.
CREATE TABLE booking_policies (
    account_id TEXT PRIMARY KEY REFERENCES accounts (id),
    cutoff_minutes INTEGER NOT NULL CHECK (cutoff_minutes >= 0),
    late_fee_minor BIGINT,
    no_show_fee_minor BIGINT,
    fee_currency TEXT NOT NULL,
    words TEXT,
    version INTEGER NOT NULL DEFAULT 1,
    updated_at BIGINT NOT NULL
);

-- What a client owes for coming late to a decision, or not at all.
ALTER TABLE appointments ADD COLUMN fee_minor BIGINT;
ALTER TABLE appointments ADD COLUMN fee_currency TEXT;
ALTER TABLE appointments ADD COLUMN fee_reason TEXT
    CHECK (fee_reason IN ('late_cancellation', 'no_show'));
