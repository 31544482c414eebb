import Hummingbird
import Kernel
import WebShell

package struct ContactRoutes {
    let book: ContactBook

    package init(book: ContactBook) { self.book = book }

    package func add(to api: APIRoutes) {
        api.post("/accounts/:id/contacts", "contacts") { [book] call in
            let contact = try await book.create(call.body, in: call.id(), by: call.actor)
            return .created(
                contact.json, at: "/api/v1/contacts/\(contact.id)", version: contact.version)
        }
        api.get("/accounts/:id/contacts", "contacts") { [book] call in
            let paging = try call.paging()
            let list = try await book.contacts(
                of: call.id(), query: call.query("query"), paging, for: call.actor)
            return paging.answer(list, cursor: \.id.text, \.json)
        }
        api.get("/contacts/:id", "contacts") { [book] call in
            let contact = try await book.contact(call.id(), for: call.actor)
            return .ok(contact.json, version: contact.version)
        }
        api.patch("/contacts/:id", "contacts") { [book] call in
            let contact = try await book.update(
                call.id(), call.body, expecting: try call.expectedVersion(), by: call.actor)
            return .ok(contact.json, version: contact.version)
        }
    }
}
