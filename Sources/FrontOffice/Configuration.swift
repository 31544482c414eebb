import Kernel

/// How a server is started.
package struct Configuration: Sendable {
    package var host = "127.0.0.1"
    package var port = 8080
    /// `sqlite:PATH` or `postgres://…`.
    package var database: String
    /// Seeds the demo office into an empty database and opens the tour page.
    package var isDemo = false
    /// Runs everything on a virtual clock that starts here.
    package var testClock: Instant?
    /// Applies missing migrations; otherwise refuses to start when there are some.
    package var migrates = true
    /// Keys of the vault, the newest first; nil: those of the file beside a SQLite database.
    package var secretKey: String?
    /// The folder of uploaded files; nil: beside a SQLite database, else `files` where it starts.
    package var files: String?
    package var resources: ResourceRoot
    /// Where clients reach this server, such as `https://office.example`, for links in what they
    /// are told; nil: they get none.
    package var publicURL: String?
    package var metricsAccess = MetricsAccess.loopback
    /// How long `/readyz` says no before the server stops taking requests.
    package var drainNotice = Duration.zero
    /// How long requests and jobs that have begun may go on after that.
    package var drainLimit = Duration.seconds(20)
    /// scrypt's N; small only in tests.
    package var passwordRounds = 32_768

    package init(database: String, resources: ResourceRoot) {
        self.database = database
        self.resources = resources
    }
}
