import Store

enum SiteQueries {
    static func hasUser(email: String, in tx: Transaction) throws -> Bool {
        try tx.exists("SELECT 1 FROM users WHERE email = \(email)")
    }
}
