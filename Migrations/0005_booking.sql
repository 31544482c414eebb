-- Hours are local wall clock in the owner's zone, as JSON {weekly, overrides}.
CREATE TABLE schedules (
    account_id TEXT PRIMARY KEY REFERENCES accounts (id),
    hours TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    updated_at BIGINT NOT NULL
);

CREATE TABLE staff (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    name TEXT NOT NULL,
    email TEXT,
    phone TEXT,
    user_id TEXT REFERENCES users (id),
    time_zone TEXT,
    -- null: the account's hours apply.
    hours TEXT,
    is_active INTEGER NOT NULL DEFAULT 1,
    version INTEGER NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL
);
CREATE INDEX staff_account_id_idx ON staff (account_id, id);

CREATE TABLE resources (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    time_zone TEXT,
    -- null: always open.
    hours TEXT,
    is_active INTEGER NOT NULL DEFAULT 1,
    version INTEGER NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL
);
CREATE INDEX resources_account_id_idx ON resources (account_id, id);

CREATE TABLE services (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    name TEXT NOT NULL,
    description TEXT,
    price_minor BIGINT,
    price_currency TEXT,
    duration_minutes INTEGER NOT NULL CHECK (duration_minutes > 0),
    -- Everything else of the booking rules, as JSON in the API's words.
    rules TEXT NOT NULL,
    position INTEGER NOT NULL DEFAULT 0,
    is_active INTEGER NOT NULL DEFAULT 1,
    version INTEGER NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL
);
CREATE INDEX services_account_id_idx ON services (account_id, id);

CREATE TABLE appointments (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    status TEXT NOT NULL CHECK (
        status IN ('held', 'pending', 'confirmed', 'canceled', 'completed', 'no_show')),
    service_id TEXT NOT NULL REFERENCES services (id),
    contact_id TEXT REFERENCES contacts (id),
    conversation_id TEXT REFERENCES conversations (id),
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    party_size INTEGER NOT NULL DEFAULT 1,
    -- Sorted ids with spaces between: bookings of one class have equal texts.
    staff_ids TEXT NOT NULL,
    resource_ids TEXT NOT NULL,
    notes TEXT,
    -- Only while held.
    expires_at BIGINT,
    price_minor BIGINT,
    price_currency TEXT,
    booked_by TEXT,
    canceled_reason TEXT,
    canceled_at BIGINT,
    version INTEGER NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL,
    CHECK (ends_at > starts_at),
    CHECK ((status = 'held') = (expires_at IS NOT NULL))
);
CREATE INDEX appointments_account_id_idx ON appointments (account_id, starts_at);
CREATE INDEX appointments_contact_id_idx ON appointments (contact_id, starts_at);
CREATE INDEX appointments_expires_at_idx ON appointments (expires_at);

CREATE TABLE busy (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    -- null: everybody of the account.
    party_id TEXT,
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    reason TEXT,
    is_transparent INTEGER NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    CHECK (ends_at > starts_at)
);
CREATE INDEX busy_account_id_idx ON busy (account_id, ends_at);
