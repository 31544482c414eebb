import Kernel

extension Role {
    /// As people call it.
    package var title: Phrase {
        switch self {
        case .admin: t("Admin")
        case .supervisor: t("Supervisor")
        case .coach: t("Coach")
        case .receptionist: t("Receptionist")
        case .assistant: t("Assistant")
        case .owner: t("Owner")
        case .staff: t("Staff member")
        case .specialist: t("Specialist")
        case .subscriber: t("Subscriber")
        }
    }
}
