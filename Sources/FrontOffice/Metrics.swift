import CoreMetrics
import Foundation
import Kernel
import Store
import Synchronization
import WebShell

/// What the office counts about itself while it works. `/metrics` shows it (`MetricsPage`).
///
/// Labels are kinds, channels and outcomes: never ids of accounts or people.
package final class OfficeMetrics: Sendable {
    package enum Name {
        static let reads = "autosecretary_database_read_duration_seconds"
        static let writes = "autosecretary_database_write_duration_seconds"
        static let jobs = "autosecretary_job_duration_seconds"
        static let webhooks = "autosecretary_webhook_deliveries_total"
        static let messages = "autosecretary_messages_total"
    }

    struct Traffic: Hashable, Sendable {
        var inbox: String
        var direction: String
    }

    package let registry: MetricRegistry
    private let reads: any TimerHandler
    private let writes: any TimerHandler
    /// By inbox: its channel is looked up when somebody asks for the numbers.
    private let messages = Mutex<[Traffic: Int]>([:])

    package init() {
        let registry = MetricRegistry()
        registry.describe(Name.reads, "Time of a read transaction, waiting included.")
        registry.describe(Name.writes, "Time of a write transaction, waiting included.")
        registry.describe(Name.jobs, "Time of one attempt of a job, by kind and outcome.")
        registry.describe(Name.webhooks, "Deliveries to webhooks of others, by outcome.")
        reads = registry.makeTimer(label: Name.reads, dimensions: [])
        writes = registry.makeTimer(label: Name.writes, dimensions: [])
        self.registry = registry
    }

    /// What the store tells after each transaction.
    var watch: Store.Watch {
        var watch = Store.Watch()
        watch.duration = { [reads, writes] isWrite, taken in
            (isWrite ? writes : reads).recordNanoseconds(taken.nanoseconds)
        }
        watch.events = note
        return watch
    }

    /// One attempt of a job.
    @Sendable package func noteJob(_ kind: String, _ outcome: String, _ taken: Duration) {
        registry.makeTimer(label: Name.jobs, dimensions: [("kind", kind), ("outcome", outcome)])
            .recordNanoseconds(taken.nanoseconds)
    }

    /// One delivery to a webhook: `delivered`, `failed`, `refused` …
    package func noteWebhook(_ outcome: String) {
        registry.makeCounter(label: Name.webhooks, dimensions: [("outcome", outcome)])
            .increment(by: 1)
    }

    /// Events that were committed by this process.
    @Sendable package func note(_ events: [Event]) {
        for event in events
        where event.type == "message.received" || event.type == "message.created" {
            guard event.payload["private"]?.bool != true,
                let inbox = event.payload["inbox_id"]?.string,
                let direction = event.payload["direction"]?.string
            else { continue }
            messages.withLock { $0[Traffic(inbox: inbox, direction: direction), default: 0] += 1 }
        }
    }

    var traffic: [Traffic: Int] { messages.withLock { $0 } }
}

/// What the operating system says about this process; empty where there is no /proc.
enum ProcessNumbers {
    static func write(to text: inout MetricText) {
        guard let stat = try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8),
            // The name in brackets may hold spaces.
            let end = stat.lastIndex(of: ")")
        else { return }
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        func field(_ number: Int) -> Double {
            // proc(5) counts from 1, and the first two are before the bracket's end.
            number - 3 < fields.count ? Double(fields[number - 3]) ?? 0 : 0
        }
        let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
        let page = Double(sysconf(Int32(_SC_PAGESIZE)))
        text.family("process_cpu_seconds_total", "counter", "User and system CPU time.")
        text.sample("process_cpu_seconds_total", [], (field(14) + field(15)) / ticks)
        text.gauge("process_resident_memory_bytes", "Memory in use.", field(24) * page)
        text.gauge("process_virtual_memory_bytes", "Address space.", field(23))
        text.gauge("process_threads", "Threads.", field(20))
        if let open = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
            text.gauge("process_open_fds", "Open file descriptors.", Double(open.count))
        }
        var limit = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
            text.gauge("process_max_fds", "Bound of open files.", Double(limit.rlim_cur))
        }
        if let boot = bootTime() {
            text.gauge(
                "process_start_time_seconds", "When the process started.", boot + field(22) / ticks)
        }
    }

    private static func bootTime() -> Double? {
        let stat = try? String(contentsOfFile: "/proc/stat", encoding: .utf8)
        let line = stat?.split(separator: "\n").first { $0.hasPrefix("btime ") }
        return line.flatMap { Double($0.dropFirst(6)) }
    }
}
