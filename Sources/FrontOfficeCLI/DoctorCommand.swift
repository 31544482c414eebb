import ArgumentParser
import FrontOffice
import Kernel

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Look at the installation and say what to do.",
        discussion: """
            ✓ is well, ! should be looked at, ✗ must be mended: then the exit code is 1. It changes \
            nothing and may be run while the server works.
            """)
    @OptionGroup var options: DatabaseOptions
    @Flag(help: "Print one JSON object instead of lines.")
    var json = false

    func run() async throws {
        let doctor = Doctor(try options.configuration(), ambient: .live())
        let findings = await doctor.examine()
        let isWell = !findings.contains { $0.mark == .bad }
        if json {
            let report: JSONValue = [
                "ok": .bool(isWell), "version": .string(Build.version),
                "findings": .array(findings.map(\.json)),
            ]
            say(report.serialized)
        } else {
            for finding in findings {
                say("\(finding.mark.sign) \(finding.check): \(finding.found)")
                if let advice = finding.advice { say("    → \(advice)") }
            }
        }
        if !isWell { throw ExitCode(1) }
    }
}
