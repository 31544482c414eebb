-- Telephone numbers are E.164 by libphonenumber, which SQL cannot ask: rows of earlier versions are
-- put right by a job (FrontOffice/PhoneTidying.swift), where there are any.
INSERT INTO jobs
    (id, kind, payload, state, run_at, due_at, attempts, created_at)
SELECT 'job_0016_phone_numbers', 'phones.tidy', '{}', 'ready', newest, newest, 0, newest
FROM (SELECT COALESCE(MAX(created_at), 0) AS newest FROM accounts) AS known
WHERE EXISTS (SELECT 1 FROM accounts WHERE phone IS NOT NULL)
    OR EXISTS (SELECT 1 FROM staff WHERE phone IS NOT NULL)
    OR EXISTS (
        SELECT 1 FROM contact_points WHERE channel IN ('sms', 'phone', 'whatsapp')
    );
