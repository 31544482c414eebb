import Kernel
import Logging
import ServiceLifecycle
import Store

/// Several processes on one PostgreSQL: what happens in one is seen by the readers of all.
extension EventFeed {
    /// Hears the others until the process stops. Their commits ring by `Store.afterCommit`; here
    /// come the passing signals. A line that breaks is made again, with growing pauses.
    func hearOthers() async {
        var failures = 0
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            do {
                for text in try await store.hearOthers() {
                    if let signal = Signal(text: text) { broadcast(.signal(signal)) }
                }
                if failures > 0 { logger.info("PostgreSQL is heard again") }
                failures = 0
            } catch {
                if failures == 0 {
                    logger.warning("PostgreSQL is not heard", metadata: ["error": "\(error)"])
                }
                failures += 1
                guard await pause(.milliseconds(min(3000, 100 << min(failures, 5)))) else { return }
            }
        }
    }

    func tellOthers() async {
        for await signal in outgoing.stream.cancelOnGracefulShutdown() {
            // Passing things may be lost.
            do { try await store.tellOthers(signal.text) } catch {
                logger.debug("A signal was not passed on", metadata: ["error": "\(error)"])
            }
        }
    }
}

extension Signal {
    /// As it travels between processes.
    var text: String {
        let json: JSONValue = [
            "type": .string(type), "account_id": .id(account), "subject": .string(subject),
            "payload": .object(payload),
        ]
        return json.serialized
    }

    init?(text: String) {
        guard let json = JSONValue(parsing: text), let type = json["type"]?.string,
            let subject = json["subject"]?.string, let payload = json["payload"]?.object
        else { return nil }
        self.init(
            type, account: json["account_id"]?.string.map { AccountID($0) }, subject: subject,
            payload)
    }
}
