import Accounts
import Foundation
import Kernel
import Store
import WebShell

package enum KnowledgeArticleKind: IdentifierKind { package static let prefix = "art" }
package typealias KnowledgeArticleID = Identifier<KnowledgeArticleKind>

/// A question that clients of one business ask, and its answer.
package struct KnowledgeArticle: Sendable, Equatable {
    /// More would not be read by anybody; splitting the business is the better way.
    package static let maxPerAccount = 2000

    package var id: KnowledgeArticleID
    package var account: AccountID
    package var question: String
    package var answer: String
    /// How often agents have used it.
    package var uses: Int
    package var version: Int
    package var createdAt: Instant
    package var updatedAt: Instant

    package var json: JSONValue {
        [
            "id": .id(id), "account_id": .id(account), "question": .string(question),
            "answer": .string(answer), "uses": .number(uses), "version": .number(version),
            "created_at": .instant(createdAt), "updated_at": .instant(updatedAt),
        ]
    }

    /// Folded words, composed first: the same letter may come as one scalar or as two.
    static func words(_ text: String) -> [String] {
        foldedForSearch(text.precomposedStringWithCanonicalMapping)
            .split(separator: " ").map(String.init)
    }

    static func searchable(_ text: String) -> String {
        words(text).map { " " + $0 }.joined()
    }
}

/// An article of a list, with what it was ranked by.
package struct KnowledgeHit: Sendable, Equatable {
    package var article: KnowledgeArticle
    /// How many words of the query the question itself has; nil without a query.
    package var matches: Int?

    /// Where the next page begins.
    package var cursor: String {
        matches.map { "\($0).\(article.uses).\(article.id)" } ?? article.id.text
    }
}

// MARK: - Knowledge

extension GuidanceBook {
    package func createArticle(
        _ body: JSONValue, in account: AccountID, by actor: Actor
    ) async throws -> KnowledgeArticle {
        try actor.require(.manageAccount, in: account)
        var input = try Input(body)
        let question = CardMask.masked(input.text("question", max: 500))
        let answer = CardMask.masked(input.text("answer", max: 8000))
        try input.finish()
        let ambient = ambient
        return try await store.write { tx in
            _ = try AccountDirectory.account(account, for: actor, in: tx)
            let article = try Self.insertArticle(
                question: question, answer: answer, of: account, ambient: ambient, in: tx)
            try tx.audit(
                "knowledge.created", of: article.id, in: account, by: actor, after: article.json,
                ambient: ambient)
            return article
        }
    }

    /// Adds an article inside a transaction that does more.
    package static func insertArticle(
        question: String, answer: String, of account: AccountID, ambient: Ambient,
        in tx: Transaction
    ) throws -> KnowledgeArticle {
        let limit = KnowledgeArticle.maxPerAccount
        guard try KnowledgeQueries.count(of: account, in: tx) < limit else {
            throw Refusal.conflict("A business may have \(limit) articles.", code: "too_many")
        }
        let now = ambient.now()
        let article = KnowledgeArticle(
            id: KnowledgeArticleID(from: ambient), account: account, question: question,
            answer: answer, uses: 0, version: 1, createdAt: now, updatedAt: now)
        try KnowledgeQueries.insert(article, in: tx)
        try raise("knowledge.created", article, ambient, in: tx)
        return article
    }

    package func article(
        _ id: KnowledgeArticleID, for actor: Actor
    ) async throws -> KnowledgeArticle {
        try await store.read { tx in try Self.article(id, for: actor, in: tx) }
    }

    package static func article(
        _ id: KnowledgeArticleID, for actor: Actor, in tx: Transaction
    ) throws -> KnowledgeArticle {
        guard let article = try KnowledgeQueries.article(id, in: tx) else {
            throw Refusal.notFound()
        }
        try actor.require(.viewAccount, in: article.account)
        return article
    }

    /// Articles in which every word of the query begins some word of the question or answer.
    ///
    /// Most matches in the question come first, then the most used. Without a query all, oldest
    /// first.
    package func articles(
        of account: AccountID, query: String?, _ paging: Paging, for actor: Actor
    ) async throws -> [KnowledgeHit] {
        try await store.read { tx in
            try Self.articles(of: account, query: query, paging, for: actor, in: tx)
        }
    }

    package static func articles(
        of account: AccountID, query: String?, _ paging: Paging, for actor: Actor,
        in tx: Transaction
    ) throws -> [KnowledgeHit] {
        _ = try AccountDirectory.account(account, for: actor, in: tx)
        // Nobody types more words while a client waits; more would only cost time.
        let words = KnowledgeArticle.words(query ?? "").prefix(12).map { String($0.prefix(40)) }
        if words.isEmpty {
            return try KnowledgeQueries.articles(
                of: account, after: paging.after, limit: paging.fetch, in: tx
            ).map { KnowledgeHit(article: $0, matches: nil) }
        }
        return try KnowledgeQueries.hits(
            of: account, words: words, after: try paging.after.map(KnowledgeCursor.init),
            limit: paging.fetch, in: tx)
    }

    package func updateArticle(
        _ id: KnowledgeArticleID, _ body: JSONValue, expecting version: Int?, by actor: Actor
    ) async throws -> KnowledgeArticle {
        var input = try Input(body)
        let question =
            input.has("question") ? CardMask.masked(input.text("question", max: 500)) : nil
        let answer = input.has("answer") ? CardMask.masked(input.text("answer", max: 8000)) : nil
        let problems = input
        let ambient = ambient
        return try await store.write { tx in
            let before = try Self.article(id, for: actor, in: tx)
            var article = before
            try actor.require(.manageAccount, in: article.account)
            try problems.finish()
            if let version, version != article.version { throw Refusal.stale() }
            if let question { article.question = question }
            if let answer { article.answer = answer }
            article.version += 1
            article.updatedAt = ambient.now()
            try KnowledgeQueries.update(article, in: tx)
            try Self.raise("knowledge.updated", article, ambient, in: tx)
            try tx.audit(
                "knowledge.updated", of: id, in: article.account, by: actor, before: before.json,
                after: article.json, ambient: ambient)
            return article
        }
    }

    package func deleteArticle(
        _ id: KnowledgeArticleID, expecting version: Int?, by actor: Actor
    ) async throws {
        let ambient = ambient
        try await store.write { tx in
            let article = try Self.article(id, for: actor, in: tx)
            try actor.require(.manageAccount, in: article.account)
            if let version, version != article.version { throw Refusal.stale() }
            try KnowledgeQueries.delete(article, in: tx)
            try Self.raise("knowledge.deleted", article, ambient, in: tx)
            try tx.audit(
                "knowledge.deleted", of: id, in: article.account, by: actor, before: article.json,
                ambient: ambient)
        }
    }

    /// An agent answered with it; its version stays, so that nobody's edit goes stale by this.
    package func recordUse(
        _ id: KnowledgeArticleID, by actor: Actor
    ) async throws -> KnowledgeArticle {
        try await store.write { tx in
            var article = try Self.article(id, for: actor, in: tx)
            try actor.require(.converse, in: article.account)
            try KnowledgeQueries.recordUse(of: article, in: tx)
            article.uses += 1
            return article
        }
    }

    private static func raise(
        _ type: String, _ article: KnowledgeArticle, _ ambient: Ambient, in tx: Transaction
    ) throws {
        try tx.raise(
            Event(
                type, account: article.account, subject: article.id.text,
                ["version": .number(article.version)], ambient: ambient))
    }
}
