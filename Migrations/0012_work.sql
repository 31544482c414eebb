-- Work that survives its process: order within a queue, leases with a name, schedules.

-- Jobs of one key are done one after the other, in the order of `position`.
ALTER TABLE jobs ADD COLUMN queue_key TEXT;
ALTER TABLE jobs ADD COLUMN position BIGINT NOT NULL DEFAULT 0;
-- When it was first due; `run_at` moves on with every pause.
ALTER TABLE jobs ADD COLUMN due_at BIGINT NOT NULL DEFAULT 0;
-- Who holds it: what is recorded after the work counts only under this name.
ALTER TABLE jobs ADD COLUMN lease TEXT;
ALTER TABLE jobs ADD COLUMN died_at BIGINT;
UPDATE jobs SET due_at = run_at;
CREATE INDEX jobs_queue_key_idx ON jobs (queue_key, position, id) WHERE queue_key IS NOT NULL;

-- A dead twin does not keep the next one from being made.
DROP INDEX jobs_unique_key_key;
CREATE UNIQUE INDEX jobs_unique_key_key ON jobs (unique_key)
    WHERE unique_key IS NOT NULL AND state = 'ready';

CREATE TABLE job_schedules (
    name TEXT PRIMARY KEY,
    account_id TEXT,
    -- Five fields, as crontab(5).
    expression TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    -- The job that each run enqueues.
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    is_housekeeping INTEGER NOT NULL DEFAULT 0,
    -- Null when the expression never comes true again.
    next_run_at BIGINT,
    last_run_at BIGINT,
    updated_at BIGINT NOT NULL
);

-- Set in the transaction that had the effect: the request must not be carried out again, even
-- when its answer was lost.
ALTER TABLE idempotency_keys ADD COLUMN committed_at BIGINT;
-- Whose try it is; one that was given up for dead must not come back and do it too.
ALTER TABLE idempotency_keys ADD COLUMN claim TEXT;
CREATE INDEX idempotency_keys_created_at_idx ON idempotency_keys (created_at);
CREATE INDEX sessions_expires_at_idx ON sessions (expires_at);
