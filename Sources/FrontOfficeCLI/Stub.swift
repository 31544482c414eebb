import FrontOffice
struct DemoLogin { var role: String; var email: String; var password: String }
extension Wiring { func seedDemo() async throws -> [DemoLogin] { [] } }
