import Foundation
import HTTPTypes
import Hummingbird
import Kernel
import Store
import WebShell

/// Files in the API: uploads in one piece or resumable, and what became of them.
package struct FileRoutes: Sendable {
    let cabinet: FileCabinet

    /// A body without an announced length ends here.
    private static let unannounced: Int64 = 64 << 20

    package init(cabinet: FileCabinet) { self.cabinet = cabinet }

    package func add(to api: APIRoutes) {
        api.raw(.post, "/accounts/:id/files", "files") { [idempotency = api.idempotency] call in
            try await create(call, idempotency)
        }
        api.get("/files/:id", "files") { [cabinet] call in
            .ok(try await cabinet.file(call.id(), for: call.actor).json)
        }
        api.delete("/files/:id", "files") { [cabinet] call in
            try await cabinet.delete(call.id(), by: call.actor)
            return .noContent
        }
        api.raw(.get, "/files/:id/content", "files") { [cabinet] call in
            let file = try await cabinet.file(call.id(), for: call.actor)
            return try await FileDownload(file, in: cabinet.folder).response(
                to: call.request, call.context)
        }
        api.get("/settings/files", "settings") { [cabinet] call in
            guard call.actor.isOffice else { throw Refusal.forbidden() }
            return .ok(try await cabinet.limits().json)
        }
        api.patch("/settings/files", "settings", administers: true) { [cabinet] call in
            .ok(try await cabinet.setLimits(call.body, by: call.actor).json)
        }
        TusRoutes(cabinet: cabinet).add(to: api)
    }

    /// The pages' own address of a content: any of the browser's sessions that may see it.
    package func addPage(
        to router: Router<WebContext>,
        actors: @escaping @Sendable (Request) async throws -> [Actor]
    ) {
        router.get("/files/:id") { [cabinet] request, context in
            let id = FileID(context.parameters.get("id") ?? "")
            let actors = try await actors(request)
            if actors.isEmpty { throw Refusal.unauthenticated() }
            for actor in actors {
                do {
                    let file = try await cabinet.file(id, for: actor)
                    return try await FileDownload(file, in: cabinet.folder).response(
                        to: request, context)
                } catch let refusal as Refusal where [.notFound, .forbidden].contains(refusal.kind)
                {
                    continue  // The browser's other session may see it.
                }
            }
            throw Refusal.notFound()
        }
    }

    // MARK: Creating

    /// A resumable upload when the request speaks tus, else the file itself.
    private func create(_ call: APICall, _ idempotency: Idempotency) async throws -> Response {
        let account: AccountID = call.id()
        try call.actor.require(.converse, in: account)
        if TusRoutes.isSpoken(call.request) {
            return try await TusRoutes(cabinet: cabinet).create(call, account, idempotency)
        }
        let type = call.request.headers[.contentType]
        if let type, type.lowercased().hasPrefix("multipart/") {
            throw Refusal(
                .unsupported, code: "unsupported",
                "Send the file itself as the body, with its name as ?name=.")
        }
        let length = call.request.headers[.contentLength]
        let draft = FileDraft(
            account: account, name: call.query("name") ?? "file", claimedType: type,
            size: length.flatMap { Int64($0) } ?? Self.unannounced,
            contact: call.query("contact_id").map { ContactID($0) })
        return try await idempotency.once(call, about: "\(length ?? "") \(type ?? "")") {
            let file = try await Self.oneShot(
                draft: try await cabinet.begin(draft, by: call.actor), cabinet, call.request,
                call.context)
            return .created(file.json, at: "/api/v1/files/\(file.id)")
        }
    }

    /// Stores a body as the whole of a file that was begun; an interrupted one leaves nothing.
    package static func oneShot(
        draft file: StoredFile, _ cabinet: FileCabinet, _ request: Request, _ context: WebContext
    ) async throws -> StoredFile {
        do {
            guard let body = request.bodyParts(context) else {
                return try await cabinet.keep([], as: file)
            }
            return try await Upload(cabinet: cabinet, file: file).add(body, at: 0, isWhole: true)
        } catch {
            try await cabinet.discard(file)
            throw error
        }
    }
}

extension FileCabinet {
    /// Takes a file away that nobody has seen yet.
    package func discard(_ file: StoredFile) async throws {
        let ambient = ambient
        try await store.write { tx in
            try Self.delete([file.id], of: file.account, ambient: ambient, in: tx)
        }
    }
}
