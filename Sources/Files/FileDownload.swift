import HTTPTypes
import Hummingbird
import Kernel
import WebShell

/// Hands a content out so that nothing in it can act: as a download, unless it is a kind that
/// browsers only show, with the type that its bytes have, in a sandbox.
package struct FileDownload: Sendable {
    let file: StoredFile
    let folder: FileFolder
    /// `same-origin`, or `cross-origin` for those who hold a signed link.
    var sharing = "same-origin"

    package init(_ file: StoredFile, in folder: FileFolder, sharing: String = "same-origin") {
        self.file = file
        self.folder = folder
        self.sharing = sharing
    }

    package func response(to request: Request, _ context: WebContext) async throws -> Response {
        guard file.state == .ready, folder.exists(file.id) else { throw Refusal.notFound() }
        let headers = headers(
            isInline: request.uri.queryParameters.get("inline") != nil && file.mediaType.mayBeShown)
        let tag = headers[.eTag] ?? ""
        if let known = request.headers[.ifNoneMatch],
            known.split(separator: ",").contains(where: { $0.contains(tag) || $0 == "*" })
        {
            return Response(status: .notModified, headers: headers)
        }
        switch range(request, tag: tag) {
        case .whole:
            return try await whole(headers, context)
        case .part(let part):
            var headers = headers
            headers[.contentRange] = "bytes \(part.lowerBound)-\(part.upperBound)/\(file.size)"
            let body = try await FileIO().loadFile(
                path: folder.content(of: file.id), range: part, context: context)
            return Response(status: .partialContent, headers: headers, body: body)
        case .nothing:
            var headers = headers
            headers[.contentRange] = "bytes */\(file.size)"
            return Response(status: .rangeNotSatisfiable, headers: headers)
        }
    }

    private func whole(_ headers: HTTPFields, _ context: WebContext) async throws -> Response {
        guard file.size > 0 else { return Response(status: .ok, headers: headers) }
        let body = try await FileIO().loadFile(
            path: folder.content(of: file.id), context: context)
        return Response(status: .ok, headers: headers, body: body)
    }

    private func headers(isInline: Bool) -> HTTPFields {
        let type = file.mediaType.mayBeShown ? file.mediaType : .unknown
        var headers: HTTPFields = [
            .contentType: type.name, .acceptRanges: "bytes",
            .contentDisposition: FileName.disposition(file.name, isInline: isInline),
            .contentSecurityPolicy: "sandbox; default-src 'none'",
            .xContentTypeOptions: "nosniff", .eTag: "\"\(file.sha256 ?? "")\"",
            // Kept, but shown again only after asking: permission is checked each time.
            .cacheControl: "private, no-cache",
        ]
        if let name = HTTPField.Name("Cross-Origin-Resource-Policy") { headers[name] = sharing }
        if let name = HTTPField.Name("Referrer-Policy") { headers[name] = "no-referrer" }
        return headers
    }

    private enum Part {
        case whole, nothing
        case part(ClosedRange<Int>)
    }

    /// One range of RFC 9110 §14; of several, or of something unreadable, the whole is the answer.
    private func range(_ request: Request, tag: String) -> Part {
        guard let text = request.headers[.range], text.hasPrefix("bytes="), !text.contains(","),
            file.size > 0
        else { return .whole }
        if let condition = request.headers[.ifRange], condition != tag { return .whole }
        let ends = text.dropFirst("bytes=".count).split(
            separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, ends.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } })
        else { return .whole }
        let last = Int(file.size) - 1
        switch (Int(ends[0]), Int(ends[1])) {
        case (let from?, nil) where ends[1].isEmpty:
            return from <= last ? .part(from...last) : .nothing
        case (let from?, let to?):
            if to < from { return .whole }
            return from <= last ? .part(from...min(to, last)) : .nothing
        case (nil, let count?) where ends[0].isEmpty:
            return count > 0 ? .part(max(0, last - count + 1)...last) : .nothing
        default: return .whole
        }
    }
}
