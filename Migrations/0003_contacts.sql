CREATE TABLE contacts (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    name TEXT,
    locale TEXT,
    time_zone TEXT,
    form_of_address TEXT,
    preferred_channel TEXT,
    notes TEXT,
    -- Folded words of name and addresses, for finding.
    search TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL
);
CREATE INDEX contacts_account_id_idx ON contacts (account_id, id);

CREATE TABLE contact_points (
    account_id TEXT NOT NULL REFERENCES accounts (id),
    contact_id TEXT NOT NULL REFERENCES contacts (id),
    channel TEXT NOT NULL,
    address TEXT NOT NULL,
    is_verified INTEGER NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (contact_id, channel, address)
);
-- A verified address belongs to one contact of an account; a claimed one proves nothing.
CREATE UNIQUE INDEX contact_points_account_id_channel_address_key
    ON contact_points (account_id, channel, address) WHERE is_verified = 1;
CREATE INDEX contact_points_address_idx ON contact_points (account_id, channel, address);
