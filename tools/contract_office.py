"""Calls a server and compares its answers with the document."""

import requests
import schemathesis

METHODS = ("get", "put", "post", "patch", "delete", "head", "options")


def closed(document):
    """The document where answers have the members that it names and no others."""
    schemas, seen = document["components"]["schemas"], set()

    def close(schema):
        if not isinstance(schema, dict):
            return
        name = schema.get("$ref", "").removeprefix("#/components/schemas/")
        if name:
            if name not in seen:
                seen.add(name)
                close(schemas[name])
            return
        if "properties" in schema:
            schema.setdefault("additionalProperties", False)
        for inner in (*schema.get("properties", {}).values(), schema.get("items"),
                      *schema.get("anyOf", []), *schema.get("oneOf", [])):
            close(inner)

    for item in document["paths"].values():
        for method in METHODS:
            for answer in item.get(method, {}).get("responses", {}).values():
                for content in answer.get("content", {}).values():
                    close(content.get("schema"))
    close(schemas["Problem"])
    return document


class Office:
    """`wrong` are the answers that are not what the document promises."""

    def __init__(self, url, token, document):
        self.url, self.token = url, token
        self.document = closed(document)
        self.schema = schemathesis.openapi.from_dict(self.document)
        self.wrong = []
        # The first call of each operation that succeeded.
        self.first = {}
        self.headers = {}

    def ask(self, method, path, body=None, want=None, query=None, headers=None, token=None,
            **given):
        """`path` is the document's, `given` what stands in it; answers the JSON, if any."""
        template = path if path in self.document["paths"] else "/api/v1" + path
        sent = {"data": body} if isinstance(body, bytes) else {"json": body}
        own = {"Authorization": f"Bearer {token or self.token}", "Accept": "application/json"}
        answer = requests.request(
            method, self.url + template.format(**given), params=query, timeout=30,
            headers={**own, **(headers or {})}, **sent)
        self.check(method, template, answer, want or {"POST": 201, "DELETE": 204}.get(method, 200))
        if answer.status_code < 300 and template.startswith("/api/v1"):
            self.first.setdefault((method, template), (body, query, headers, given))
        self.headers = answer.headers
        self.follow(method, template, own)
        is_json = "json" in answer.headers.get("Content-Type", "")
        return answer.json() if is_json and answer.content else None

    def follow(self, method, template, headers):
        """What was made is where the answer says."""
        place = self.headers.get("Location")
        if place and requests.get(self.url + place, headers=headers, timeout=30).status_code != 200:
            self.wrong.append(f"{method} {template}: there is nothing at Location {place}")

    def check(self, method, template, answer, want):
        said = f"{method} {template}: "
        if answer.status_code != want:
            self.wrong.append(f"{said}{answer.status_code} instead of {want}: {answer.text[:300]}")
        if str(answer.status_code) not in self.operation(method, template)["responses"]:
            self.wrong.append(f"{said}{answer.status_code} is not in the document")
        elif method != "HEAD":
            try:
                self.schema[template][method].validate_response(answer)
            except Exception as fault:  # Each kind of violation has a class of its own.
                first = getattr(fault, "exceptions", [fault])[0]
                self.wrong.append(f"{said}{str(first)[:600]}")

    def operation(self, method, template):
        return self.document["paths"][template][method.lower()]

    def new_token(self, scopes):
        me = self.ask("GET", "/me")["user_id"]
        return self.ask("POST", "/users/{id}/tokens", {"name": "x", "scopes": scopes}, id=me)["token"]

    def knock(self):
        """Asks again what succeeded: for objects that are not there, without a token, with the
        scope that the document names and with all others."""
        scopes = {key: self.operation(*key)["security"][0]["token"][0] for key in self.first}
        every = {scope.split(":")[0] for scope in scopes.values() if ":" in scope}
        keys = {}
        for scope in set(scopes.values()):
            resource = scope.split(":")[0]
            others = [f"{other}:write" for other in sorted(every - {resource})]
            if scope.endswith(":write"):
                others.append(resource + ":read")
            keys[scope] = (self.new_token([scope]),
                           self.new_token(["write"] if scope == "admin" else others))
        for (method, path), (body, query, headers, given) in list(self.first.items()):
            nobody = {name: "none_01m4wt7mm0e0rbyq027p9dyb66" for name in given}
            right, wrong = keys[scopes[method, path]]
            again = {"body": body, "query": query, "headers": headers, **nobody}
            if given:
                self.ask(method, path, want=404, token=right, **again)
            self.ask(method, path, want=403, token=wrong, **again)
            self.ask(method, path, want=401, token="ast_nobody", **again)
