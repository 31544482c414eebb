import Hummingbird
import Kernel
import WebShell

/// Guidance, knowledge and ready-made replies in the API.
package struct GuidanceRoutes {
    let book: GuidanceBook

    package init(book: GuidanceBook) { self.book = book }

    package func add(to api: APIRoutes) {
        addSheet(to: api)
        addKnowledge(to: api)
        addResponses(to: api)
    }

    private func addSheet(to api: APIRoutes) {
        api.get("/accounts/:id/guidance", "guidance") { [book] call in
            let sheet = try await book.guidance(of: call.id(), for: call.actor)
            return .ok(sheet.json, version: sheet.version)
        }
        api.put("/accounts/:id/guidance", "guidance") { [book] call in
            let sheet = try await book.update(
                of: call.id(), call.body, expecting: try call.expectedVersion(), by: call.actor)
            return .ok(sheet.json, version: sheet.version)
        }
    }

    private func addKnowledge(to api: APIRoutes) {
        api.post("/accounts/:id/knowledge", "knowledge") { [book] call in
            let article = try await book.createArticle(call.body, in: call.id(), by: call.actor)
            return .created(
                article.json, at: "/api/v1/knowledge/\(article.id)", version: article.version)
        }
        api.get("/accounts/:id/knowledge", "knowledge") { [book] call in
            let paging = try call.paging()
            let hits = try await book.articles(
                of: call.id(), query: call.query("query"), paging, for: call.actor)
            return paging.answer(hits, cursor: \.cursor, \.article.json)
        }
        api.get("/knowledge/:id", "knowledge") { [book] call in
            let article = try await book.article(call.id(), for: call.actor)
            return .ok(article.json, version: article.version)
        }
        api.patch("/knowledge/:id", "knowledge") { [book] call in
            let article = try await book.updateArticle(
                call.id(), call.body, expecting: try call.expectedVersion(), by: call.actor)
            return .ok(article.json, version: article.version)
        }
        api.delete("/knowledge/:id", "knowledge") { [book] call in
            try await book.deleteArticle(
                call.id(), expecting: try call.expectedVersion(), by: call.actor)
            return .noContent
        }
        api.post("/knowledge/:id/use", "knowledge") { [book] call in
            let article = try await book.recordUse(call.id(), by: call.actor)
            return .ok(article.json, version: article.version)
        }
    }

    private func addResponses(to api: APIRoutes) {
        api.post("/accounts/:id/canned_responses", "canned_responses") { [book] call in
            let response = try await book.createResponse(
                call.body, in: call.id("id", AccountID.self), by: call.actor)
            return Self.created(response)
        }
        api.get("/accounts/:id/canned_responses", "canned_responses") { [book] call in
            let paging = try call.paging()
            let list = try await book.responses(of: call.id(), paging, for: call.actor)
            return paging.answer(list, cursor: \.shortcut, \.json)
        }
        api.post("/canned_responses", "canned_responses") { [book] call in
            Self.created(try await book.createResponse(call.body, in: nil, by: call.actor))
        }
        api.get("/canned_responses", "canned_responses") { [book] call in
            let paging = try call.paging()
            let list = try await book.officeResponses(paging, for: call.actor)
            return paging.answer(list, cursor: \.shortcut, \.json)
        }
        api.get("/canned_responses/:id", "canned_responses") { [book] call in
            let response = try await book.response(call.id(), for: call.actor)
            return .ok(response.json, version: response.version)
        }
        api.patch("/canned_responses/:id", "canned_responses") { [book] call in
            let response = try await book.updateResponse(
                call.id(), call.body, expecting: try call.expectedVersion(), by: call.actor)
            return .ok(response.json, version: response.version)
        }
        api.delete("/canned_responses/:id", "canned_responses") { [book] call in
            try await book.deleteResponse(
                call.id(), expecting: try call.expectedVersion(), by: call.actor)
            return .noContent
        }
    }

    private static func created(_ response: CannedResponse) -> APIAnswer {
        .created(
            response.json, at: "/api/v1/canned_responses/\(response.id)",
            version: response.version)
    }
}
