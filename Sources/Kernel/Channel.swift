/// The ways in which people reach a business: an inbox's, a contact point's and an inquiry's word.
package enum Channel: String, Sendable, CaseIterable {
    case webChat = "web_chat"
    case email, sms, telegram, whatsapp, messenger, phone, api

    /// Whether its addresses are telephone numbers.
    package var isTelephone: Bool { [.sms, .phone, .whatsapp].contains(self) }
}
