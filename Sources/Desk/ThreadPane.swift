import Accounts
import Conversations
import Files
import Guidance
import Kernel
import WebShell

/// The middle pane: one conversation and the composer.
struct ThreadPane {
    var summary: ConversationSummary
    var messages: [Message]
    var guidance: GuidanceSheet
    var responses: [CannedResponse]
    var zone: Zone
    var actor: Actor
    var now: Instant

    private var conversation: Conversation { summary.conversation }

    var html: HTML {
        let hue = DeskParts.hue(summary.accountHue)
        let greeting: HTML =
            guidance.greeting.isEmpty
            ? HTML()
            : """
            <p class="answer-as" data-hue="\(hue)"><span class="overline">\(t("Answer as"))</span> <q dir="auto">\(guidance.greeting)</q></p>
            """
        return """
            <header class="conversation-head" data-thread-head>\(head)</header>
            \(greeting)
            <div class="pane-scroll messages" data-log role="log" aria-live="polite" aria-relevant="additions" aria-label="\(t("Messages"))" tabindex="0">\(log)</div>
            <p class="typing" data-typing aria-live="polite"></p>
            \(actor.can(.converse, in: conversation.account) ? composer : HTML())
            """
    }

    /// Name, state and what can be done; replaced on its own when the state changes.
    var head: HTML {
        let name = summary.displayName
        let isMine = conversation.assignee == actor.user
        let state: HTML =
            switch conversation.status {
            case .resolved: "<span class=\"badge badge-done\">\(t("Resolved"))</span>"
            case .snoozed: "<span class=\"badge\">\(t("Snoozed"))</span>"
            case .pending: "<span class=\"badge\">\(t("Parked"))</span>"
            case .open:
                conversation.waitingSince == nil
                    ? "" : "<span class=\"badge badge-waiting\">\(t("Waiting"))</span>"
            }
        let take: HTML =
            isMine
            ? action("release", "user", t("Release"))
            : action("take", "user", t("Take"), key: "T")
        let end: HTML =
            conversation.status == .resolved
            ? action("reopen", "left", t("Reopen"))
            : action("snooze", "snooze", t("Snooze"), key: "S")
                + action("resolve", "check", t("Resolve"), key: "E", isMain: true)
        let who: HTML =
            summary.assigneeName.map {
                "<span aria-hidden=\"true\">·</span><span class=\"truncate\">\(isMine ? t("you").text : $0)</span>"
            } ?? HTML()
        return """
            <button class="btn btn-quiet btn-icon pane-back" type="button" data-act="back" aria-label="\(t("Back to the queue"))">\(DeskParts.largeIcon("left"))</button>
            <span class="avatar" aria-hidden="true">\(DeskParts.initials(name))</span>
            <div class="conversation-title" data-status-now data-status="\(conversation.status.rawValue)"\(conversation.snoozedUntil.map { " data-until=\"\($0.description)\"" } ?? HTML())><h2 class="truncate" dir="auto">\(name)</h2>
            <p><span class="dot" data-hue="\(DeskParts.hue(summary.accountHue))"></span><span class="truncate">\(summary.accountName)</span><span aria-hidden="true">·</span>\(DeskParts.channel(summary.channel))\(who)\(state)</p></div>
            <div class="conversation-actions">\(actor.can(.serve) ? take + end : HTML())</div>
            """
    }

    private func action(
        _ act: StaticString, _ picture: String, _ text: Phrase, key: StaticString? = nil,
        isMain: Bool = false
    ) -> HTML {
        let hint: HTML = key.map { " <kbd>\(HTML(stringLiteral: $0))</kbd>" } ?? HTML()
        return """
            <button class="btn\(isMain ? HTML() : " btn-quiet")" type="button" data-act="\(HTML(stringLiteral: act))" aria-label="\(text)">\(DeskParts.icon(picture))<span>\(text)</span>\(hint)</button>
            """
    }

    /// The messages, by day of the business.
    var log: HTML {
        var output = HTML()
        var day: LocalDate?
        var previous: Message?
        for message in messages {
            let local = zone.local(at: message.createdAt)
            if local.date != day {
                day = local.date
                output +=
                    "<p class=\"day-line\"><time datetime=\"\(local.date)\">\(BusinessTime.day(local.date, today: zone.date(at: now)))</time></p>"
                previous = nil
            }
            output += bubble(message, following: previous)
            previous = message
        }
        return output.isEmpty
            ? DeskParts.empty("chat", t("Nothing said yet"), t("Messages appear here.")) : output
    }

    private func bubble(_ message: Message, following previous: Message?) -> HTML {
        let isSame =
            previous.map {
                $0.direction == message.direction && $0.isPrivate == message.isPrivate
                    && $0.author == message.author
            } ?? false
        let time = BusinessTime.clock(zone.local(at: message.createdAt).minuteOfDay)
        let kind: HTML
        let meta: HTML
        if message.isPrivate {
            kind = "message-note"
            meta =
                "\(DeskParts.icon("lock")) \(t("Note, only the office sees it")) · \(author(message)) · <time>\(time)</time>"
        } else if message.direction == .incoming {
            kind = "message-incoming"
            meta = "<span class=\"sr-only\">\(summary.displayName), </span><time>\(time)</time>"
        } else {
            kind = message.status == .failed ? "message-out message-failed" : "message-out"
            meta = "\(author(message)) · <time>\(time)</time> \(status(message))"
        }
        return """
            <article class="message \(kind)\(isSame ? " message-same" : HTML())" data-id="\(message.id)" data-status="\(message.status.rawValue)">\(words(message))\(message.attachments.isEmpty ? HTML() : attachments(message))<p class="message-meta">\(meta)</p></article>
            """
    }

    private func words(_ message: Message) -> HTML {
        message.text.isEmpty
            ? HTML() : "<p class=\"message-text\" dir=\"auto\">\(message.text)</p>"
    }

    /// Pictures as they are, when they are not large; everything else by name.
    private func attachments(_ message: Message) -> HTML {
        """
        <ul class="attachments">\(message.attachments.html { file in
            let size = ByteCount.text(file.size)
            if file.mediaType.isImage, file.size <= Self.largestPicture {
                return "<li><a class=\"attachment-picture\" href=\"/files/\(file.id)?inline=1\" target=\"_blank\" rel=\"noopener\"><img src=\"/files/\(file.id)?inline=1\" alt=\"\(file.name)\" title=\"\(file.name), \(size)\" loading=\"lazy\"></a></li>"
            }
            return "<li><a class=\"attachment\" href=\"/files/\(file.id)\" download>\(DeskParts.icon("clip"))<span class=\"truncate\" dir=\"auto\">\(file.name)</span><span class=\"muted\">\(size)</span></a></li>"
        })</ul>
        """
    }

    private static let largestPicture: Int64 = 8_000_000

    private func author(_ message: Message) -> String {
        message.author == actor.user
            ? t("You").text : message.authorName ?? t("Office").text
    }

    private func status(_ message: Message) -> HTML {
        switch message.status {
        case .queued: "<span class=\"muted\">\(t("sending"))</span>"
        case .sent: "\(DeskParts.icon("check"))<span class=\"sr-only\">\(t("sent"))</span>"
        case .delivered:
            "\(DeskParts.icon("checks"))<span class=\"sr-only\">\(t("delivered"))</span>"
        case .read:
            "<span class=\"is-read\">\(DeskParts.icon("checks"))</span><span class=\"sr-only\">\(t("read"))</span>"
        case .failed: "<strong>\(t("Not sent"))</strong>: \(message.failure)"
        }
    }

    private var composer: HTML {
        let names = Placeholders(
            contact: summary.contactName, agent: actor.name, account: summary.accountName)
        let picker: HTML = """
            <div class="menu canned" data-canned role="listbox" aria-label="\(t("Canned responses"))" hidden>\(responses.html { response in
                """
                <div class="menu-item" role="option" aria-selected="false" data-shortcut="\(response.shortcut)" data-text="\(response.filled(with: names))"><span class="strong">/\(response.shortcut)</span> <span class="muted truncate">\(response.title)</span></div>
                """
            })</div>
            """
        return """
            <form class="composer" data-composer data-mode="reply" data-conversation="\(conversation.id)" data-account="\(conversation.account)">
            <div class="tabs" role="group" aria-label="\(t("Write"))">
            <button class="tab" type="button" data-mode="reply" aria-pressed="true">\(t("Reply")) <kbd>R</kbd></button>
            <button class="tab" type="button" data-mode="note" aria-pressed="false">\(t("Private note")) <kbd>N</kbd></button>
            </div>
            \(picker)
            <label class="sr-only" for="text">\(t("Message"))</label>
            <textarea id="text" name="text" rows="2" maxlength="10000" dir="auto"></textarea>
            <ul class="attachments composer-files" data-files aria-label="\(t("Files to send"))" hidden></ul>
            <div class="composer-foot"><label class="btn btn-quiet btn-icon composer-attach" title="\(t("Attach files"))"><input class="sr-only" type="file" multiple data-attach aria-label="\(t("Attach files"))">\(DeskParts.icon("clip"))</label><span class="composer-via">\(t("to \(DeskParts.channelName(summary.channel)) · Shift ↵ new line"))</span>
            <button class="btn btn-primary" type="submit">\(t("Send")) <kbd>↵</kbd></button></div>
            </form>
            """
    }
}
