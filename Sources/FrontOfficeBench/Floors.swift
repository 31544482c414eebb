import ArgumentParser

/// The floors that `tools/bench.py` puts beside what the office does: the same rows without HTTP,
/// and the same bytes without the office. Never part of the product.
@main
struct Floors: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "autosecretary-bench",
        abstract: "What the machine, the database and the HTTP server can do at best.",
        subcommands: [Commits.self, Raw.self])
}
