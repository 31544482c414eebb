-- Bookings that were made together by a rule.
CREATE TABLE appointment_series (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    -- RFC 5545 RRULE.
    rrule TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX appointment_series_account_id_idx ON appointment_series (account_id);
ALTER TABLE appointments ADD COLUMN series_id TEXT REFERENCES appointment_series (id);
CREATE INDEX appointments_series_id_idx ON appointments (series_id, starts_at);
