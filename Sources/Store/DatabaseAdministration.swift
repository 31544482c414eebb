/// Creating and dropping whole PostgreSQL databases, for tests and drills.
package enum PostgresDatabases {
    /// The name must be lower-case letters, digits and underscores.
    package static func create(_ name: String, on url: String) async throws {
        try run("CREATE DATABASE \(try checked(name))", on: url)
    }

    package static func drop(_ name: String, on url: String) async throws {
        try run("DROP DATABASE IF EXISTS \(try checked(name)) WITH (FORCE)", on: url)
    }

    /// Takes all rows away and leaves the tables; much quicker than a new database.
    package static func empty(_ url: String) throws {
        try run(
            """
            DO $$
            DECLARE name TEXT;
            BEGIN
                SET LOCAL session_replication_role = replica;
                FOR name IN
                    SELECT tablename FROM pg_tables
                    WHERE schemaname = 'public' AND tablename <> 'schema_migrations'
                LOOP EXECUTE format('DELETE FROM %I', name);
                END LOOP;
            END $$
            """, on: url)
    }

    private static func run(_ sql: String, on url: String) throws {
        let connection = try PostgresConnection(url)
        try connection.simple(sql)
    }

    private static func checked(_ name: String) throws -> String {
        let isPlain = name.utf8.allSatisfy {
            (97...122).contains($0) || (48...57).contains($0) || $0 == 95
        }
        guard isPlain, let first = name.utf8.first, first >= 97, name.utf8.count < 60 else {
            throw StoreError.other(code: "name", message: "\(name) is not a plain database name")
        }
        return name
    }
}
