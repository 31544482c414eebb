import Kernel
import Store

/// The last row of a search's page: matches, uses and id.
struct KnowledgeCursor {
    var matches: Int
    var uses: Int
    var id: String

    init(_ text: String) throws {
        let parts = text.split(separator: ".", maxSplits: 2)
        guard parts.count == 3, let matches = Int(parts[0]), let uses = Int(parts[1]) else {
            throw Refusal.invalid("cursor", "cursor", "is not a cursor of this list.")
        }
        self.matches = matches
        self.uses = uses
        id = String(parts[2])
    }
}

enum KnowledgeQueries {
    static let columns: SQL =
        "id, account_id, question, answer, uses, version, created_at, updated_at"

    private static func read(_ row: Row) throws -> KnowledgeArticle {
        KnowledgeArticle(
            id: try row.id(0), account: try row.id(1), question: try row.text(2),
            answer: try row.text(3), uses: try row.int(4), version: try row.int(5),
            createdAt: try row.instant(6), updatedAt: try row.instant(7))
    }

    static func count(of account: AccountID, in tx: Transaction) throws -> Int {
        try tx.count("SELECT COUNT(*) FROM knowledge_articles WHERE account_id = \(account)")
    }

    static func insert(_ article: KnowledgeArticle, in tx: Transaction) throws {
        let question = KnowledgeArticle.searchable(article.question)
        let answer = KnowledgeArticle.searchable(article.answer)
        try tx.execute(
            """
            INSERT INTO knowledge_articles (\(columns), question_search, search)
            VALUES (\(article.id), \(article.account), \(article.question), \(article.answer),
                \(article.uses), \(article.version), \(article.createdAt),
                \(article.updatedAt), \(question), \(question + answer))
            """)
    }

    /// Writes the version after the one that was read; a writer in between makes us read again.
    static func update(_ article: KnowledgeArticle, in tx: Transaction) throws {
        let question = KnowledgeArticle.searchable(article.question)
        let answer = KnowledgeArticle.searchable(article.answer)
        let written = try tx.execute(
            """
            UPDATE knowledge_articles
            SET question = \(article.question), answer = \(article.answer),
                question_search = \(question), search = \(question + answer),
                version = \(article.version), updated_at = \(article.updatedAt)
            WHERE id = \(article.id) AND account_id = \(article.account)
                AND version = \(article.version - 1)
            """)
        if written != 1 { throw StoreError.busy("the article was written meanwhile") }
    }

    static func delete(_ article: KnowledgeArticle, in tx: Transaction) throws {
        let deleted = try tx.execute(
            """
            DELETE FROM knowledge_articles
            WHERE id = \(article.id) AND account_id = \(article.account)
                AND version = \(article.version)
            """)
        if deleted != 1 { throw StoreError.busy("the article was written meanwhile") }
    }

    static func recordUse(of article: KnowledgeArticle, in tx: Transaction) throws {
        try tx.execute(
            """
            UPDATE knowledge_articles
            SET uses = uses + 1
            WHERE id = \(article.id) AND account_id = \(article.account)
            """)
    }

    static func article(
        _ id: KnowledgeArticleID, in tx: Transaction
    ) throws -> KnowledgeArticle? {
        try tx.first("SELECT \(columns) FROM knowledge_articles WHERE id = \(id)", read)
    }

    static func articles(
        of account: AccountID, after: String?, limit: Int, in tx: Transaction
    ) throws -> [KnowledgeArticle] {
        try tx.all(
            """
            SELECT \(columns)
            FROM knowledge_articles
            WHERE account_id = \(account) AND id > \(after ?? "")
            ORDER BY id
            LIMIT \(limit)
            """, read)
    }

    static func hits(
        of account: AccountID, words: [String], after: KnowledgeCursor?, limit: Int,
        in tx: Transaction
    ) throws -> [KnowledgeHit] {
        // Folded words have letters and digits only, so they hold no LIKE wildcards.
        var filter: SQL = ""
        var matches: SQL = "0"
        for word in words {
            let pattern = "% \(word)%"
            filter = filter + "AND search LIKE \(pattern) "
            matches = matches + " + CASE WHEN question_search LIKE \(pattern) THEN 1 ELSE 0 END"
        }
        var later: SQL = ""
        if let after {
            later = """
                WHERE matches < \(after.matches)
                    OR (matches = \(after.matches) AND (uses < \(after.uses)
                        OR (uses = \(after.uses) AND id > \(after.id))))
                """
        }
        return try tx.all(
            """
            SELECT \(columns), matches
            FROM (
                SELECT \(columns), \(matches) AS matches
                FROM knowledge_articles
                WHERE account_id = \(account) \(filter)
            ) AS found
            \(later)
            ORDER BY matches DESC, uses DESC, id
            LIMIT \(limit)
            """
        ) { KnowledgeHit(article: try read($0), matches: try $0.int(8)) }
    }
}
