-- Who is taken when, buffers included. Holds, pending and confirmed bookings have rows here;
-- canceled and expired ones have none. The database itself refuses overlaps.
CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE TABLE allocations (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    appointment_id TEXT NOT NULL REFERENCES appointments (id) ON DELETE CASCADE,
    party_id TEXT NOT NULL,
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    CHECK (ends_at > starts_at),
    CONSTRAINT allocations_overlap
        EXCLUDE USING gist (party_id WITH =, int8range(starts_at, ends_at) WITH &&)
);
CREATE INDEX allocations_account_id_idx ON allocations (account_id, ends_at);
CREATE INDEX allocations_appointment_id_idx ON allocations (appointment_id);
