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
    package var resources: ResourceRoot
    /// scrypt's N; small only in tests.
    package var passwordRounds = 32_768

    package init(database: String, resources: ResourceRoot) {
        self.database = database
        self.resources = resources
    }
}
