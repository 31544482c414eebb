import CoreMetrics
import FrontOffice
import HTTPTypes
import Kernel
import TestSupport
import Testing
import WebShell

@Suite("The numbers of the running program")
struct MetricsTests {
    @Test(arguments: TestEngine.available)
    func `tell what happened`(engine: TestEngine) async throws {
        try await WatchedOffice.run(on: engine) { office in
            let admin = try await office.admin()
            for index in 0..<3 {
                let body: JSONValue = [
                    "name": "Mane", "slug": .string("mane\(index)"), "time_zone": "Europe/Paris",
                ]
                _ = try await office.call(.post, "/accounts", token: admin, body)
            }
            try await office.send(.get, "/api/v1/accounts/none", token: admin)
            try await office.send(.get, "/no/such/place")
            office.wiring.metrics.noteWebhook("delivered")
            let answer = try await office.send(.get, "/metrics")
            #expect(answer.status == 200)
            #expect(answer.headers[.contentType]?.hasPrefix("text/plain; version=0.0.4") == true)
            let samples = try Self.parsed(answer.text)
            let count = RequestLog.duration + "_count"
            #expect(samples[count + #"{method="POST",route="/api/v1/accounts",status="201"}"#] == 3)
            #expect(
                samples[count + #"{method="GET",route="/api/v1/accounts/{id}",status="404"}"#] == 1)
            #expect(samples[count + #"{method="GET",route="unmatched",status="404"}"#] == 1)
            #expect(samples["autosecretary_database_up"] == 1)
            #expect(samples[#"autosecretary_jobs{state="ready"}"#] != nil)
            #expect(samples[#"autosecretary_jobs{state="dead"}"#] == 0)
            #expect((samples["autosecretary_events_head"] ?? 0) >= 3)
            #expect(
                samples[#"autosecretary_webhook_deliveries_total{outcome="delivered"}"#] == 1)
            #expect((samples["process_resident_memory_bytes"] ?? 0) > 1_000_000)
            #expect(answer.text.contains("engine=\"\(engine.rawValue)\""))
        }
    }

    @Test func `a client cannot make new lines by asking for odd things`() async throws {
        try await WatchedOffice.run(on: .sqlite) { office in
            for index in 0..<50 {
                try await office.send(.get, "/odd/\(index)")
                try await office.send(.get, "/assets/odd-\(index).css")
                try await office.send(
                    HTTPRequest.Method("ODD\(index)") ?? .get, "/api/v1/accounts/x\(index)")
            }
            let text = try await office.send(.get, "/metrics").text
            let lines = text.split(separator: "\n").filter {
                $0.hasPrefix(RequestLog.duration + "_count")
            }
            #expect(lines.count <= 6, "\(lines)")
        }
    }

    @Test func `histograms count what is at most each bound`() throws {
        let registry = MetricRegistry()
        registry.describe("wait_seconds", "How long.", buckets: [0.1, 1])
        let timer = registry.makeTimer(label: "wait_seconds", dimensions: [("kind", "a\"b\nc")])
        for milliseconds in [50, 100, 700, 5000] {
            timer.recordNanoseconds(Int64(milliseconds) * 1_000_000)
        }
        #expect(
            registry.exposition() == #"""
                # HELP wait_seconds How long.
                # TYPE wait_seconds histogram
                wait_seconds_bucket{kind="a\"b\nc",le="0.1"} 2
                wait_seconds_bucket{kind="a\"b\nc",le="1"} 3
                wait_seconds_bucket{kind="a\"b\nc",le="+Inf"} 4
                wait_seconds_sum{kind="a\"b\nc"} 5.85
                wait_seconds_count{kind="a\"b\nc"} 4

                """#)
    }

    @Test func `what libraries count is shown too`() {
        let registry = MetricRegistry()
        Counter(label: "made_total", dimensions: [("by", "us")], factory: registry).increment(by: 2)
        Counter(label: "made_total", dimensions: [("by", "us")], factory: registry).increment()
        Gauge(label: "level", factory: registry).record(1.5)
        #expect(
            registry.exposition()
                == """
                # TYPE level gauge
                level 1.5
                # TYPE made_total counter
                made_total{by="us"} 3

                """)
    }

    @Test func `only those who may read them learn that they are there`() async throws {
        let forwarded = try #require(HTTPField.Name("X-Forwarded-For"))
        try await WatchedOffice.run(on: .sqlite) { office in
            #expect(try await office.send(.get, "/metrics").status == 200)
            // The proxy on this machine speaks for the whole world.
            let proxied = try await office.send(.get, "/metrics", headers: [forwarded: "1.2.3.4"])
            #expect(proxied.status == 404)
        }
        let secret = "0123456789abcdef"
        let access = try #require(MetricsAccess("token:" + secret))
        try await WatchedOffice.run(on: .sqlite) {
            $0.metricsAccess = access
        } _: { office in
            #expect(try await office.send(.get, "/metrics").status == 404)
            #expect(try await office.send(.get, "/metrics", token: secret + "0").status == 404)
            let answer = try await office.send(
                .get, "/metrics", token: secret, headers: [forwarded: "1.2.3.4"])
            #expect(answer.status == 200)
        }
        #expect(MetricsAccess("token:short") == nil && MetricsAccess("everybody") == nil)
    }

    /// `name{labels}` and the value, of every line; a line of another shape is a failure.
    private static func parsed(_ text: String) throws -> [String: Double] {
        var samples: [String: Double] = [:]
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let space = try #require(line.lastIndex(of: " "))
            let value = try #require(Double(line[line.index(after: space)...]), "\(line)")
            #expect(samples[String(line[..<space])] == nil, "twice: \(line)")
            samples[String(line[..<space])] = value
        }
        return samples
    }
}
