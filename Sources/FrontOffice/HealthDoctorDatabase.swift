import Foundation
import Kernel
import Store

extension Doctor {
    func database() async -> [Finding] {
        var findings = databaseFile()
        if findings.contains(where: { $0.mark == .bad }) { return findings }
        let health: DatabaseHealth
        do { health = try await DatabaseHealth.examine(configuration.database) } catch {
            return findings + [
                Finding(
                    mark: .bad, check: "database", found: Redaction.error("\(error)"),
                    advice: "docs/runbooks/incident-database-down.md")
            ]
        }
        findings.append(
            Finding(
                mark: health.isSupported ? .good : .bad, check: "database", found: health.version,
                advice: health.isSupported ? nil : "At least SQLite 3.35 or PostgreSQL 15."))
        findings += health.worries.map {
            Finding(
                mark: .worry, check: "database", found: $0, advice: "docs/runbooks/install.md")
        }
        findings.append(
            health.faults.isEmpty
                ? Finding(mark: .good, check: "integrity", found: "nothing is broken")
                : Finding(
                    mark: .bad, check: "integrity", found: health.faults.joined(separator: "; "),
                    advice: "Stop the server and restore the last good backup: "
                        + "docs/runbooks/backup-restore.md"))
        if let clock = health.clock { findings.append(compare(clock)) }
        findings += migrations(health)
        if health.tables.isSuperset(of: ["jobs", "events"]) {
            do { findings += try await work(health) } catch {
                findings.append(
                    Finding(
                        mark: .bad, check: "work", found: Redaction.error("\(error)"),
                        advice: "docs/runbooks/incident-database-down.md"))
            }
        }
        return findings
    }

    private func databaseFile() -> [Finding] {
        guard let path = sqlitePath else { return [] }
        let folder = (path as NSString).deletingLastPathComponent
        guard FileManager.default.fileExists(atPath: path) else {
            return [
                Finding(
                    mark: .bad, check: "database", found: "\(path) is not there",
                    advice: "The first `autosecretary serve` or `migrate` makes it; if it was "
                        + "there, see docs/runbooks/incident-database-down.md")
            ]
        }
        guard FileManager.default.isWritableFile(atPath: path),
            FileManager.default.isWritableFile(atPath: folder.isEmpty ? "." : folder)
        else {
            return [
                Finding(
                    mark: .bad, check: "database", found: "\(path) cannot be written to",
                    advice: "Run as the server's user, or give the file and its folder to it.")
            ]
        }
        guard let others = Self.othersMay(path) else {
            return [Finding(mark: .good, check: "database file", found: path)]
        }
        return [
            Finding(
                mark: .worry, check: "database file", found: "\(path): \(others)",
                advice: "chmod 600 \(path)")
        ]
    }

    private func compare(_ clock: Int64) -> Finding {
        let apart = abs(clock - ambient.now().milliseconds)
        let mark: Mark = apart > 30_000 ? .bad : apart > 2000 ? .worry : .good
        return Finding(
            mark: mark, check: "clock", found: "\(apart) ms from the database server's",
            advice: mark == .good ? nil : "Let both follow a time server: timedatectl set-ntp true")
    }

    private func migrations(_ health: DatabaseHealth) -> [Finding] {
        let engine: EngineKind = sqlitePath == nil ? .postgres : .sqlite
        let folder = configuration.resources.migrations
        guard let known = try? Migrator(folder: folder, engine: engine).migrations.map(\.name)
        else {
            return [
                Finding(
                    mark: .bad, check: "migrations", found: "\(folder) cannot be read",
                    advice: "Install Migrations/ of this version.")
            ]
        }
        if let newer = health.migrations.last(where: { !known.contains($0) }) {
            return [
                Finding(
                    mark: .bad, check: "migrations", found: "the database has \(newer)",
                    advice: "It was used by a newer version: install that one.")
            ]
        }
        let missing = known.filter { !health.migrations.contains($0) }
        guard missing.isEmpty else {
            return [
                Finding(
                    mark: .worry, check: "migrations",
                    found: "missing: \(missing.joined(separator: ", "))",
                    advice: "Back up, then start the server or run autosecretary migrate.")
            ]
        }
        return [
            Finding(mark: .good, check: "migrations", found: "\(known.count), none missing")
        ]
    }

    // MARK: What waits

    private func work(_ health: DatabaseHealth) async throws -> [Finding] {
        let now = ambient.now()
        let store = try Store(url: configuration.database, connections: 1)
        defer { try? store.close() }  // It only looked.
        let hasSchedules = health.tables.contains("job_schedules")
        let (state, dead, overdue, newest) = try await store.read { tx in
            (
                try OfficeState(at: now, in: tx), try OfficeState.deadKinds(in: tx),
                hasSchedules ? try OfficeState.overdue(at: now, in: tx) : [],
                try OfficeState.newestEvent(in: tx)
            )
        }
        var findings = [jobs(state, dead)]
        let late = Int(state.oldestDueSeconds)
        findings.append(
            Finding(
                mark: late > 60 ? .worry : .good, check: "work",
                found: late > 60 ? "a job has been due for \(late) s" : "nothing is late",
                advice: late > 60 ? "Is a server running? See /readyz and its log." : nil))
        if !overdue.isEmpty {
            findings.append(
                Finding(
                    mark: .worry, check: "schedules",
                    found: "overdue: \(overdue.joined(separator: ", "))",
                    advice: "Is a server running? A schedule runs as soon as one is."))
        }
        if let newest {
            let ahead = newest.milliseconds - now.milliseconds
            findings.append(
                Finding(
                    mark: ahead > 5000 ? .worry : .good, check: "events",
                    found: "\(state.head), the newest of \(newest)",
                    advice: ahead > 5000
                        ? "It lies ahead of this machine's clock: check the clock." : nil))
        }
        return findings
    }

    private func jobs(_ state: OfficeState, _ dead: [String]) -> Finding {
        let counts = "\(state.jobs["ready"] ?? 0) wait, \(state.jobs["running"] ?? 0) run"
        guard !dead.isEmpty else { return Finding(mark: .good, check: "jobs", found: counts) }
        return Finding(
            mark: .worry, check: "jobs", found: "\(counts), dead: \(dead.joined(separator: ", "))",
            advice: "docs/runbooks/incident-dead-jobs.md")
    }
}
