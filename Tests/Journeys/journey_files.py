"""Large files arrive whole, whatever happens to the line, and never fill the memory."""

import base64
import hashlib
import os
import socket
import time

from tusclient import client

from harness import journey

MEGABYTE = 1 << 20


def begin(server, account, token, length):
    return server.request(
        "POST", f"/api/v1/accounts/{account}/files", token=token, body=b"",
        headers={"Tus-Resumable": "1.0.0", "Upload-Length": str(length)})


def memory(server):
    """Megabytes that the server holds."""
    with open(f"/proc/{server.process.pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmRSS"))


def open_office(world):
    server = world.server()
    server.create_user("ada@office.example", "Ada", "admin", "correct horse battery")
    token = server.create_token("ada@office.example", scopes=["admin"])
    account = server.api("POST", "/accounts", {
        "name": "Business", "slug": "business", "time_zone": "Europe/London"}, token).body["id"]
    return server, token, account


@journey(seconds=180)
def a_stranger_s_client_uploads_200_megabytes_in_two_goes(world):
    server, token, account = open_office(world)
    path = server.folder / "big.bin"
    digest, start = hashlib.sha256(), os.urandom(MEGABYTE - 32)
    with open(path, "wb") as big:
        for number in range(200):
            block = hashlib.sha256(str(number).encode()).digest() + start
            big.write(block)
            digest.update(block)
    before = memory(server)
    speaker = client.TusClient(
        f"{server.url}/api/v1/accounts/{account}/files", {"Authorization": f"Bearer {token}"})
    first = speaker.uploader(
        str(path), chunk_size=8 * MEGABYTE, metadata={"filename": "big.bin"}, upload_checksum=True)
    while first.offset < 70 * MEGABYTE:
        first.upload_chunk()
    server.kill()
    server.start_on(server.port)
    before = min(before, memory(server))
    second = speaker.uploader(str(path), url=first.url, chunk_size=64 * MEGABYTE)
    assert second.offset == first.offset, f"{second.offset}, not {first.offset}"
    second.upload()
    place = first.url[len(server.url):]
    facts = server.request("GET", place, token=token, expect=200).body
    assert facts["state"] == "ready" and facts["sha256"] == digest.hexdigest(), facts
    assert memory(server) - before < 100, f"{before} MB became {memory(server)}"


@journey
def a_broken_line_loses_nothing_that_arrived(world):
    server, token, account = open_office(world)
    content = os.urandom(4 * MEGABYTE)
    place = begin(server, account, token, len(content)).headers["location"]
    line = socket.create_connection(("127.0.0.1", server.port))
    line.sendall(
        f"PATCH {place} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
        "Tus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n"
        "Content-Type: application/offset+octet-stream\r\n"
        f"Content-Length: {len(content)}\r\n\r\n".encode() + content[:1_500_000])
    time.sleep(1)
    piece = {"Tus-Resumable": "1.0.0", "Content-Type": "application/offset+octet-stream"}
    rival = server.request(
        "PATCH", place, token=token, body=b"x", headers=piece | {"Upload-Offset": "0"})
    assert rival.status == 409 and rival.body["code"] == "upload_locked", rival.body
    line.close()
    offset = 0
    for _ in range(50):
        offset = int(server.request("HEAD", place, token=token).headers["upload-offset"])
        if offset:
            break
        time.sleep(0.1)
    assert offset == 1_500_000, offset
    rest = content[offset:]
    checksum = base64.b64encode(hashlib.sha1(rest).digest()).decode()
    server.request(
        "PATCH", place, token=token, body=rest, expect=204,
        headers=piece | {"Upload-Offset": str(offset), "Upload-Checksum": f"sha1 {checksum}"})
    facts = server.request("GET", place, token=token, expect=200).body
    assert facts["sha256"] == hashlib.sha256(content).hexdigest()


@journey
def two_gigabytes_are_the_bound(world):
    server, token, account = open_office(world)
    assert begin(server, account, token, 1 << 31).status == 201
    assert begin(server, account, token, (1 << 31) + 1).status == 413
