import ArgumentParser
import CoreMetrics
import FrontOffice
import Hummingbird
import Kernel
import Logging

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Run the server.")

    @Option(help: "The address to listen on (AUTOSECRETARY_HOST).")
    var host: String = environment("HOST") ?? "127.0.0.1"

    @Option(help: "The port to listen on (AUTOSECRETARY_PORT).")
    var port: Int = environment("PORT").flatMap(Int.init) ?? 8080

    @OptionGroup var options: DatabaseOptions

    @Flag(help: "Seed the demo office into an empty database and open /demo (AUTOSECRETARY_DEMO).")
    var demo = false

    @Option(help: "Run on a virtual clock that starts at this instant (AUTOSECRETARY_TEST_CLOCK).")
    var testClock: String?

    @Flag(help: "Refuse to start when migrations are missing (AUTOSECRETARY_NO_MIGRATE).")
    var noMigrate = false

    @Option(help: "How log lines look: text or json (AUTOSECRETARY_LOG_FORMAT).")
    var logFormat: String = environment("LOG_FORMAT") ?? "text"

    @Option(
        help:
            "What is logged: trace, debug, info, notice, warning, error (AUTOSECRETARY_LOG_LEVEL)."
    )
    var logLevel: String = environment("LOG_LEVEL") ?? "info"

    @Option(
        help:
            "Who reads /metrics: loopback, open or token:SECRET of 16 or more (AUTOSECRETARY_METRICS)."
    )
    var metrics: String = environment("METRICS") ?? "loopback"

    @Option(
        help:
            "Where clients reach this server, for links in what they are told (AUTOSECRETARY_PUBLIC_URL)."
    )
    var publicURL: String?

    @Option(
        help: "Seconds for which /readyz says no before the stop (AUTOSECRETARY_DRAIN_NOTICE).")
    var drainNotice: Int = environment("DRAIN_NOTICE").flatMap(Int.init) ?? 0

    @Option(
        help: "Seconds that begun requests and jobs have to finish (AUTOSECRETARY_DRAIN_LIMIT).")
    var drainLimit: Int = environment("DRAIN_LIMIT").flatMap(Int.init) ?? 20

    func run() async throws {
        var configuration = try options.configuration()
        configuration.host = host
        configuration.port = port
        configuration.isDemo = demo || environment("DEMO") != nil
        configuration.migrates = !(noMigrate || environment("NO_MIGRATE") != nil)
        guard LogFormat(rawValue: logFormat) != nil, Logger.Level(rawValue: logLevel) != nil else {
            throw ValidationError("--log-format or --log-level is not one of those in --help.")
        }
        guard let access = MetricsAccess(metrics) else {
            throw ValidationError("--metrics must be loopback, open or token: and 16 characters.")
        }
        configuration.metricsAccess = access
        if let publicURL = publicURL ?? environment("PUBLIC_URL") {
            guard publicURL.hasPrefix("https://") || publicURL.hasPrefix("http://") else {
                throw ValidationError("--public-url must begin with https:// or http://.")
            }
            configuration.publicURL =
                publicURL.hasSuffix("/") ? String(publicURL.dropLast()) : publicURL
        } else if configuration.isDemo {
            configuration.publicURL = "http://localhost:\(port)"
        }
        configuration.drainNotice = .seconds(min(max(0, drainNotice), 600))
        configuration.drainLimit = .seconds(min(max(1, drainLimit), 600))
        if let testClock = testClock ?? environment("TEST_CLOCK") {
            guard let instant = Instant(rfc3339: testClock) else {
                throw ValidationError("--test-clock must be an RFC 3339 instant, 1970 to 2100.")
            }
            configuration.testClock = instant
        }
        let office = try await Wiring.open(
            configuration, logger: makeLogger(format: logFormat, level: logLevel))
        let logins = configuration.isDemo ? try await office.seedDemo() : []
        let (host, isDemo) = (configuration.host, configuration.isDemo)
        // What libraries count is shown with ours.
        MetricsSystem.bootstrap(office.metrics.registry)
        let isForPeople = logFormat == "text"
        try await office.serve { port in
            guard isForPeople else { return }
            for line in Self.welcome(host, port, isDemo: isDemo, logins) { say(line) }
        }
    }

    /// What to open, first line first.
    private static func welcome(
        _ host: String, _ port: Int, isDemo: Bool, _ logins: [DemoLogin]
    ) -> [String] {
        let name = host == "127.0.0.1" ? "localhost" : host
        let base = "http://\(name):\(port)"
        var lines = [""]
        if isDemo { lines.append("  Tour of the demo office   \(base)/demo") }
        lines.append("  First page                \(base)/")
        lines.append("  Sign in                   \(base)/sign-in")
        if !logins.isEmpty { lines.append("") }
        for login in logins {
            let role = login.role.english.padding(to: 24)
            lines.append("  \(role)  \(login.email)  password: \(login.password)")
        }
        return lines + ["", "  Stop with Ctrl-C.", ""]
    }
}

extension String {
    fileprivate func padding(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
