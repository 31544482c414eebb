import Foundation

/// Copies of whole PostgreSQL databases by PostgreSQL's own tools.
enum PostgresBackup {
    /// `pg_dump` in the custom format, of the snapshot that a transaction has exported.
    static func dump(_ url: String, snapshot: String, to file: String) throws {
        let (target, password) = split(url)
        try run(
            "pg_dump",
            [
                "--format=custom", "--no-owner", "--no-privileges", "--no-comments",
                "--snapshot=\(snapshot)", "--file=\(file)", "--dbname=\(target)",
            ], password: password)
    }

    /// Puts a dump into a database in one transaction: all of it, or nothing has changed.
    static func restore(_ file: String, into url: String, work: String) throws {
        let (target, password) = split(url)
        let script = work + "/restore.sql"
        try run(
            "pg_restore",
            ["--no-owner", "--no-privileges", "--no-comments", "--file=\(script)", file],
            password: nil)
        // The schema itself is there already.
        let text = try String(contentsOfFile: script, encoding: .utf8)
        let kept = text.replacing("\nCREATE SCHEMA public;\n", with: "\n")
        try kept.write(toFile: script, atomically: false, encoding: .utf8)
        try Self.emptying.write(
            toFile: work + "/empty.sql", atomically: false, encoding: .utf8)
        try run(
            "psql",
            [
                "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1",
                "--output=/dev/null", "--file=\(work)/empty.sql", "--file=\(script)",
                "--dbname=\(target)",
            ], password: password)
    }

    /// Takes everything out of the schema; the schema stays, with its owner and rights.
    private static let emptying = """
        DO $$
        DECLARE item RECORD;
        BEGIN
            FOR item IN SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'
            LOOP EXECUTE format('DROP TABLE IF EXISTS public.%I CASCADE', item.name);
            END LOOP;
            FOR item IN
                SELECT e.extname AS name FROM pg_extension e
                JOIN pg_namespace n ON n.oid = e.extnamespace WHERE n.nspname = 'public'
            LOOP EXECUTE format('DROP EXTENSION IF EXISTS %I CASCADE', item.name);
            END LOOP;
            FOR item IN
                SELECT CAST(CAST(p.oid AS regprocedure) AS text) AS name FROM pg_proc p
                JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'public'
            LOOP EXECUTE 'DROP FUNCTION IF EXISTS ' || item.name || ' CASCADE';
            END LOOP;
        END $$;

        """

    /// The URL without its password, which other users of the machine could see in the list of
    /// processes; it goes through the environment instead.
    static func split(_ url: String) -> (url: String, password: String?) {
        guard var parts = URLComponents(string: url) else { return (url, nil) }
        var password = parts.password
        parts.password = nil
        if let item = parts.queryItems?.first(where: { $0.name == "password" }) {
            password = password ?? item.value
            parts.queryItems = parts.queryItems?.filter { $0.name != "password" }
        }
        return (parts.string ?? url, password)
    }

    private static func run(_ tool: String, _ arguments: [String], password: String?) throws {
        var environment = ProcessInfo.processInfo.environment
        environment["PGPASSWORD"] = password ?? environment["PGPASSWORD"]
        environment["PGCONNECT_TIMEOUT"] = environment["PGCONNECT_TIMEOUT"] ?? "10"
        let folders = (environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
        guard
            let path = folders.map({ "\($0)/\(tool)" }).first(
                where: FileManager.default.isExecutableFile(atPath:))
        else {
            throw BackupFailure(
                "\(tool) was not found: install PostgreSQL's client programs "
                    + "(apt-get install postgresql-client), of the server's version or newer.")
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        let errors = Pipe()
        process.standardError = errors
        try process.run()
        // Read to the end before waiting: a full pipe would stop the tool.
        let text = String(
            decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw BackupFailure("\(tool) failed: \(text.suffix(2000))")
        }
    }
}
