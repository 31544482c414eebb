import Kernel
import TestSupport
import Testing
import Work

/// When runs happen, read against crontab(5) and cron(8).
@Suite("A cron expression")
struct ScheduleCronTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var expression: String
        var zone: String
        var after: String
        var runs: [String]
        var testDescription: String { "\(expression) in \(zone) after \(after)" }

        init(_ expression: String, _ zone: String, after: String, _ runs: String...) {
            self.expression = expression
            self.zone = zone
            self.after = after
            self.runs = runs
        }
    }

    static let plain = [
        Case(
            "* * * * *", "UTC", after: "2026-03-01T10:00:00Z",
            "2026-03-01T10:01:00Z", "2026-03-01T10:02:00Z"),
        Case(
            "*/15 * * * *", "UTC", after: "2026-03-01T10:44:59.999Z",
            "2026-03-01T10:45:00Z", "2026-03-01T11:00:00Z"),
        // From a number on, in steps.
        Case(
            "5/20 8 * * *", "UTC", after: "2026-03-01T08:05:00Z",
            "2026-03-01T08:25:00Z", "2026-03-01T08:45:00Z", "2026-03-02T08:05:00Z"),
        Case(
            "30 9-17/4 * * mon-fri", "UTC", after: "2026-03-06T13:30:00Z",
            "2026-03-06T17:30:00Z", "2026-03-09T09:30:00Z"),
        // 0 and 7 are Sunday.
        Case("0 0 * * 7", "UTC", after: "2026-03-02T00:00:00Z", "2026-03-08T00:00:00Z"),
        Case("0 0 * * 0", "UTC", after: "2026-03-02T00:00:00Z", "2026-03-08T00:00:00Z"),
        Case("@weekly", "UTC", after: "2026-03-02T00:00:00Z", "2026-03-08T00:00:00Z"),
        Case("@hourly", "UTC", after: "2026-03-02T00:00:00Z", "2026-03-02T01:00:00Z"),
        // Both day fields limited: either will do. 13 March 2026 is a Friday.
        Case(
            "0 12 13 * FRI", "UTC", after: "2026-03-06T12:00:00Z",
            "2026-03-13T12:00:00Z", "2026-03-20T12:00:00Z", "2026-03-27T12:00:00Z",
            "2026-04-03T12:00:00Z", "2026-04-10T12:00:00Z", "2026-04-13T12:00:00Z"),
        // One that begins with a star does not count as limited.
        Case(
            "0 12 */10 * fri", "UTC", after: "2026-03-01T00:00:00Z",
            "2026-05-01T12:00:00Z", "2026-07-31T12:00:00Z"),
        Case(
            "0 0 31 * *", "UTC", after: "2026-01-31T00:00:00Z",
            "2026-03-31T00:00:00Z", "2026-05-31T00:00:00Z"),
        Case(
            "0 0 29 feb *", "UTC", after: "2026-01-01T00:00:00Z",
            "2028-02-29T00:00:00Z", "2032-02-29T00:00:00Z"),
        // 2100 is no leap year and the calendar ends there.
        Case("0 0 29 2 *", "UTC", after: "2096-03-01T00:00:00Z"),
        Case("0 0 30 2 *", "UTC", after: "2026-01-01T00:00:00Z"),
        Case(
            "@yearly", "Asia/Kolkata", after: "2026-01-01T00:00:00Z", "2026-12-31T18:30:00Z"),
        Case("0 3 * * *", "Europe/Vienna", after: "2026-01-10T02:00:00Z", "2026-01-11T02:00:00Z"),
    ]

    /// New York: on 8 March 2026 02:00 becomes 03:00, on 1 November 02:00 becomes 01:00.
    static let changes = [
        // Skipped: once, later by the gap.
        Case(
            "30 2 * * *", "America/New_York", after: "2026-03-07T12:00:00Z",
            "2026-03-08T07:30:00Z", "2026-03-09T06:30:00Z"),
        // Two times that become one run once.
        Case(
            "30 2,3 * * *", "America/New_York", after: "2026-03-08T05:00:00Z",
            "2026-03-08T07:30:00Z", "2026-03-09T06:30:00Z"),
        // Repeated: the first of the two.
        Case(
            "30 1 * * *", "America/New_York", after: "2026-10-31T12:00:00Z",
            "2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z"),
        // With a star the clock is followed: none in the gap …
        Case(
            "30 * * * *", "America/New_York", after: "2026-03-08T06:00:00Z",
            "2026-03-08T06:30:00Z", "2026-03-08T07:30:00Z"),
        Case(
            "*/30 2 * * *", "America/New_York", after: "2026-03-07T12:00:00Z",
            "2026-03-09T06:00:00Z", "2026-03-09T06:30:00Z"),
        // … and all in the repeated hour.
        Case(
            "30 * * * *", "America/New_York", after: "2026-11-01T05:00:00Z",
            "2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z", "2026-11-01T07:30:00Z"),
        Case(
            "*/30 1 * * *", "America/New_York", after: "2026-11-01T04:59:00Z",
            "2026-11-01T05:00:00Z", "2026-11-01T05:30:00Z", "2026-11-01T06:00:00Z",
            "2026-11-01T06:30:00Z", "2026-11-02T06:00:00Z"),
        // A change of half an hour.
        Case(
            "15 2 * * *", "Australia/Lord_Howe", after: "2026-10-03T00:00:00Z",
            "2026-10-03T15:45:00Z", "2026-10-04T15:15:00Z"),
        // Midnight itself is skipped in Beirut on 29 March 2026.
        Case(
            "0 0 * * *", "Asia/Beirut", after: "2026-03-28T00:00:00Z",
            "2026-03-28T22:00:00Z", "2026-03-29T21:00:00Z"),
    ]

    @Test(arguments: plain + changes)
    func `comes true when crontab says`(wanted: Case) throws {
        let cron = try #require(Cron(wanted.expression))
        let zone = try #require(Zone(wanted.zone))
        var time = try #require(Instant(rfc3339: wanted.after))
        if wanted.runs.isEmpty { #expect(cron.next(after: time, in: zone) == nil) }
        for run in wanted.runs {
            let next = cron.next(after: time, in: zone)
            #expect(next?.description == run)
            time = next ?? .latest
        }
    }

    @Test(arguments: [
        "", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * 32 * *",
        "* * * 13 *", "* * * 0 *", "* * * * 8", "a * * * *", "1- * * * *", "5-1 * * * *",
        "*/0 * * * *", "*/ * * * *", "1,,2 * * * *", "-1 * * * *", "1/2/3 * * * *", "@never",
        "* * * janfeb *", "+5 * * * *", "١ * * * *", "*/100 * * * *",
    ])
    func `that cannot be read is refused`(expression: String) {
        #expect(Cron(expression) == nil)
    }

    @Test func `runs forward without ever stopping or going back`() throws {
        let zones = ["UTC", "Europe/London", "America/Havana", "Pacific/Apia", "Africa/Cairo"]
        for name in zones {
            let zone = try #require(Zone(name))
            for expression in ["*/7 * * * *", "0 0 * * *", "30 23 * * *", "59 1-3 * * *"] {
                let cron = try #require(Cron(expression))
                var time = try #require(Instant(rfc3339: "2011-12-20T00:00:00Z"))
                for _ in 0..<400 {
                    let next = try #require(cron.next(after: time, in: zone))
                    #expect(next > time)
                    time = next
                }
            }
        }
    }
}
