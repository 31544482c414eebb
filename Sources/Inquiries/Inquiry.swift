import Kernel

/// What a contact wanted of a business, written down by whoever answered.
///
/// The business's statistics count these.
package struct Inquiry: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        case booking, question
        case hardQuestion = "hard_question"
        case complaint, suggestion, order, other
    }

    package var id: InquiryID
    package var account: AccountID
    package var conversation: ConversationID?
    package var contact: ContactID?
    package var appointment: AppointmentID?
    package var kind: Kind
    package var topic: String?
    /// How it ended, in the office's words: `booked`, `answered`, `passed_on`.
    package var disposition: String?
    /// nil: neither said nor known from a conversation.
    package var channel: String?
    package var notes: String?
    package var createdBy: UserID?
    package var version: Int
    package var createdAt: Instant

    package var json: JSONValue {
        [
            "id": .id(id), "account_id": .id(account), "conversation_id": .id(conversation),
            "contact_id": .id(contact), "appointment_id": .id(appointment),
            "kind": .string(kind.rawValue), "topic": .text(topic),
            "disposition": .text(disposition), "channel": .text(channel), "notes": .text(notes),
            "created_by": .id(createdBy), "version": .number(version),
            "created_at": .instant(createdAt),
        ]
    }

    /// What to write down.
    package struct Draft: Sendable, Equatable {
        package var kind: Kind
        package var conversation: ConversationID?
        package var contact: ContactID?
        package var appointment: AppointmentID?
        package var topic: String?
        package var disposition: String?
        /// nil: the conversation's.
        package var channel: Channel?
        package var notes: String?

        package init(
            kind: Kind, conversation: ConversationID? = nil, contact: ContactID? = nil,
            appointment: AppointmentID? = nil, topic: String? = nil, disposition: String? = nil,
            channel: Channel? = nil, notes: String? = nil
        ) {
            self.kind = kind
            self.conversation = conversation
            self.contact = contact
            self.appointment = appointment
            self.topic = topic
            self.disposition = disposition
            self.channel = channel
            self.notes = notes
        }

        package init(reading input: inout Input) {
            kind = input.choice("kind", Kind.self) ?? .other
            conversation = input.optionalText("conversation_id").map(ConversationID.init)
            contact = input.optionalText("contact_id").map(ContactID.init)
            appointment = input.optionalText("appointment_id").map(AppointmentID.init)
            topic = Self.words("topic", max: 200, in: &input)
            disposition = Self.words("disposition", max: 60, in: &input)
            channel = input.optionalChoice("channel", Channel.self)
            notes = Self.words("notes", max: 4000, in: &input)
        }

        /// Empty is as good as absent: forms send empty fields.
        static func words(_ field: String, max: Int, in input: inout Input) -> String? {
            CardMask.masked(orNil: input.optionalText(field, max: max))
                .flatMap { $0.isEmpty ? nil : $0 }
        }
    }
}

/// An inquiry with the name that pages show beside it.
package struct InquiryEntry: Sendable, Equatable {
    package var inquiry: Inquiry
    /// nil: without a contact, or the contact has no name.
    package var contactName: String?
}
