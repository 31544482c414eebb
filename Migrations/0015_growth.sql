-- What would walk through all contacts, conversations or appointments of a business.

-- The addresses of a page of contacts: without this PostgreSQL reads those of the whole business.
CREATE INDEX contact_points_contact_id_idx ON contact_points (account_id, contact_id);

-- Statistics: what began, ended or was called off in a month.
CREATE INDEX conversations_created_at_idx ON conversations (account_id, created_at);
CREATE INDEX conversations_resolved_at_idx ON conversations (account_id, resolved_at)
    WHERE resolved_at IS NOT NULL;
CREATE INDEX appointments_created_at_idx ON appointments (account_id, created_at);
CREATE INDEX appointments_canceled_at_idx ON appointments (account_id, canceled_at)
    WHERE canceled_at IS NOT NULL;
