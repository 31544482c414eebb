-- When the client was asked to choose another time, because the business cannot keep this one.
ALTER TABLE appointments ADD COLUMN asked_to_move_at BIGINT;
