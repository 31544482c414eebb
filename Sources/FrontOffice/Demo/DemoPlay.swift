import Accounts
import Booking
import Conversations
import Inquiries
import Kernel

/// Does again what a story says, step by step, at each step's own time.
struct DemoPlay {
    let stage: DemoStage
    let business: DemoBusiness
    let story: DemoStory
    /// What each thread and visit of the story became.
    private var conversations: [Int: ConversationID] = [:]
    private var lastReplies: [Int: MessageID] = [:]
    private var appointments: [Int: AppointmentID] = [:]

    init(_ story: DemoStory, of business: DemoBusiness, on stage: DemoStage) {
        self.stage = stage
        self.business = business
        self.story = story
    }

    mutating func perform(_ step: DemoStory.Step, number: Int) async throws {
        stage.clock.advance(to: step.at)
        switch step.act {
        case .receive(let thread, let text): try await receive(text, in: thread, number)
        case .reply(let thread, let text, let agent):
            guard let id = conversations[thread] else { return }
            let message = try await stage.correspondence.write(
                text, in: id, isPrivate: false, by: stage.agents[agent])
            lastReplies[thread] = message.id
        case .note(let thread, let text, let agent):
            guard let id = conversations[thread] else { return }
            _ = try await stage.correspondence.write(
                text, in: id, isPrivate: true, by: stage.agents[agent])
        case .book(let visit, let agent): try await book(visit, by: agent)
        case .settle(let visit, let status): try await settle(visit, status)
        case .record(let draft, let thread, let visit, let contact, let agent):
            var draft = draft
            draft.conversation = thread.flatMap { conversations[$0] }
            draft.appointment = visit.flatMap { appointments[$0] }
            draft.contact = draft.conversation == nil ? contact.map { business.contacts[$0] } : nil
            _ = try await stage.inquiries.record(
                draft, in: business.account.id, by: stage.agents[agent])
        case .finish(let thread, let agent, let ending):
            try await finish(thread, ending, by: agent)
        }
    }

    private mutating func receive(_ text: String, in thread: Int, _ number: Int) async throws {
        let plan = story.threads[thread]
        let message = try await stage.correspondence.receive(
            IncomingMessage(
                inbox: plan.isForwarded ? business.forwarded : business.webChat,
                sourceID: "demo-\(number)", sender: .contact(business.contacts[plan.contact]),
                text: text, sentAt: stage.clock.now()))
        conversations[thread] = message.conversation
    }

    private mutating func book(_ number: Int, by agent: Int?) async throws {
        let visit = story.visits[number]
        var body: [String: JSONValue] = [
            "service_id": .id(visit.service), "staff_id": .id(visit.staff),
            "start": .instant(visit.start), "contact_id": .id(business.contacts[visit.contact]),
        ]
        if let remark = visit.remark { body["notes"] = .string(remark) }
        if let id = visit.thread.flatMap({ conversations[$0] }) {
            body["conversation_id"] = .id(id)
        }
        do {
            let appointment = try await stage.appointments.book(
                .object(body), in: business.account.id,
                by: agent.map { stage.agents[$0] } ?? business.owner)
            appointments[number] = appointment.id
        } catch is Refusal {
            // The book knows rules that the author does not; the story goes on without this one.
        }
    }

    private func settle(_ number: Int, _ status: Appointment.Status) async throws {
        guard let id = appointments[number] else { return }
        switch status {
        case .noShow: _ = try await stage.appointments.noShow(id, by: business.owner)
        case .completed: _ = try await stage.appointments.complete(id, by: business.owner)
        default:
            _ = try await stage.appointments.cancel(
                id, reason: "Client asked", by: business.owner)
        }
    }

    private func finish(_ thread: Int, _ ending: DemoStory.Ending, by agent: Int) async throws {
        guard let id = conversations[thread] else { return }
        if let reply = lastReplies[thread] {
            try await stage.correspondence.contactReceived(
                .read, upTo: reply, contact: business.contacts[story.threads[thread].contact],
                account: business.account.id)
        }
        let (status, until): (Conversation.Status, Instant?) =
            switch ending {
            case .resolved: (.resolved, nil)
            case .pending: (.pending, nil)
            case .snoozed(let until): (.snoozed, until)
            }
        _ = try await stage.correspondence.setStatus(
            status, until: until, of: id, by: stage.agents[agent])
    }
}
