-- Who is taken when, buffers included. Holds, pending and confirmed bookings have rows here;
-- canceled and expired ones have none. The database itself refuses overlaps.
-- Differs by necessity: SQLite has no exclusion constraints, so triggers stand in.
CREATE TABLE allocations (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    appointment_id TEXT NOT NULL REFERENCES appointments (id) ON DELETE CASCADE,
    party_id TEXT NOT NULL,
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    CHECK (ends_at > starts_at)
);
CREATE INDEX allocations_party_id_idx ON allocations (party_id, ends_at);
CREATE INDEX allocations_account_id_idx ON allocations (account_id, ends_at);
CREATE INDEX allocations_appointment_id_idx ON allocations (appointment_id);

CREATE TRIGGER allocations_overlap_insert BEFORE INSERT ON allocations
WHEN EXISTS (
    SELECT 1 FROM allocations
    WHERE party_id = NEW.party_id AND ends_at > NEW.starts_at AND starts_at < NEW.ends_at
)
BEGIN
    SELECT RAISE(ABORT, 'allocations_overlap');
END;

CREATE TRIGGER allocations_overlap_update
BEFORE UPDATE OF party_id, starts_at, ends_at ON allocations
WHEN EXISTS (
    SELECT 1 FROM allocations
    WHERE id <> NEW.id
        AND party_id = NEW.party_id AND ends_at > NEW.starts_at AND starts_at < NEW.ends_at
)
BEGIN
    SELECT RAISE(ABORT, 'allocations_overlap');
END;
