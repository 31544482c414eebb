-- How often an appointment moved or was called off, as calendars count it (RFC 5545 §3.8.7.4).
-- Calendars have seen the version so far, and it must not fall.
ALTER TABLE appointments ADD COLUMN sequence INTEGER NOT NULL DEFAULT 0;
UPDATE appointments SET sequence = version - 1;

-- What a busy time comes from: a calendar object or a calendar source; null: it was made here.
ALTER TABLE busy ADD COLUMN source_id TEXT;
CREATE INDEX busy_source_id_idx ON busy (source_id);

-- Events that staff wrote into their calendar from a program; their times are in busy.
CREATE TABLE calendar_objects (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    staff_id TEXT NOT NULL REFERENCES staff (id),
    -- The last part of its address, as the program chose it.
    name TEXT NOT NULL,
    uid TEXT NOT NULL,
    -- VEVENT; tasks and notes are kept too and take no time.
    component TEXT NOT NULL,
    content TEXT NOT NULL,
    etag TEXT NOT NULL,
    is_repeating INTEGER NOT NULL,
    created_by TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (staff_id, name),
    UNIQUE (staff_id, uid)
);
CREATE INDEX calendar_objects_account_id_idx ON calendar_objects (account_id);

-- What programs were last told of a calendar's members, so that they can ask what is new since.
CREATE TABLE calendar_marks (
    staff_id TEXT NOT NULL REFERENCES staff (id),
    name TEXT NOT NULL,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    etag TEXT NOT NULL,
    is_gone INTEGER NOT NULL DEFAULT 0,
    position BIGINT NOT NULL,
    PRIMARY KEY (staff_id, name)
);
CREATE INDEX calendar_marks_staff_id_idx ON calendar_marks (staff_id, position);

-- Calendars elsewhere whose events keep somebody from being booked.
CREATE TABLE calendar_sources (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    -- A staff member or a resource.
    party_id TEXT NOT NULL,
    name TEXT NOT NULL,
    url TEXT NOT NULL,
    username TEXT,
    -- Sealed.
    password TEXT,
    -- The office's own addresses may be private ones.
    is_set_by_office INTEGER NOT NULL,
    etag TEXT,
    modified TEXT,
    event_count INTEGER NOT NULL DEFAULT 0,
    checked_at BIGINT,
    succeeded_at BIGINT,
    failed_at BIGINT,
    failure TEXT,
    version INTEGER NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL
);
CREATE INDEX calendar_sources_party_id_idx ON calendar_sources (account_id, party_id);
CREATE INDEX calendar_sources_checked_at_idx ON calendar_sources (checked_at);
