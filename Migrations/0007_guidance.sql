-- What the business tells us to say.
CREATE TABLE guidance (
    account_id TEXT PRIMARY KEY REFERENCES accounts (id),
    greeting TEXT NOT NULL,
    tone TEXT NOT NULL,
    about TEXT NOT NULL,
    -- Ordered steps of the script: [{"title", "say"}].
    steps TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    updated_at BIGINT NOT NULL
);

CREATE TABLE knowledge_articles (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    question TEXT NOT NULL,
    answer TEXT NOT NULL,
    -- Folded words of both, each with a space before it: "% word%" finds the beginnings of words.
    question_search TEXT NOT NULL,
    search TEXT NOT NULL,
    uses INTEGER NOT NULL DEFAULT 0,
    version INTEGER NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX knowledge_articles_account_id_idx ON knowledge_articles (account_id, id);
