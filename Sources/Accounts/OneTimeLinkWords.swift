import Kernel

/// What is said of a link beside it, wherever it is handed over.
extension OneTimeLink.Handed {
    package var title: Phrase {
        purpose == .reset ? t("Link for a new password") : t("Invitation")
    }

    package func note(for name: String) -> Phrase {
        purpose == .reset
            ? t("It works once, for an hour. Hand it to \(name) yourself.")
            : t("It works once, for seven days. Hand it to \(name) yourself.")
    }
}
