import gzip
import os
import socket
from contextlib import suppress

import pytest
import running

from api import bodies


@pytest.fixture(scope="module")
def service_process(tmp_path_factory):
    home = tmp_path_factory.mktemp("bodies") / "home"
    with running.served(home, EVIDENCE_API_KEY="k", EVIDENCE_MAX_BYTES="3000000") as service:
        yield service


def send(service, head, chunks=()):
    """Send raw bytes; return all that comes back until the connection is closed."""
    host, port = service.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        connection.sendall("\r\n".join([*head, "Host: x", "", ""]).encode())
        sent = 0
        try:
            for chunk in chunks:
                connection.sendall(chunk)
                sent += len(chunk)
        except OSError:
            pass  # the service hung up, as it should
        answer = b""
        try:
            while got := connection.recv(65536):
                answer += got
        except ConnectionResetError:
            pass
    return answer, sent


UPLOAD = ["POST /v1/items/item-1/photos HTTP/1.1", "Content-Type: multipart/form-data; boundary=b"]
KEY = "Authorization: Bearer k"


def test_a_declared_length_is_refused_before_a_byte_is_sent(service_process):
    answer, _ = send(service_process, [*UPLOAD, KEY, f"Content-Length: {10**10}"])
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"application/problem+json" in answer
    assert b"connection: close" in answer.lower()


def test_a_stranger_is_refused_before_a_byte_is_sent(service_process):
    answer, _ = send(service_process, [*UPLOAD, f"Content-Length: {10**10}"])
    assert answer.startswith(b"HTTP/1.1 401 ")
    assert b"connection: close" in answer.lower()


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data; boundary=b"])
def test_who_signs_in_sends_little(service_process, kind):
    head = ["POST /v1/session HTTP/1.1", f"Content-Type: {kind}"]
    answer, _ = send(service_process, [*head, f"Content-Length: {bodies.JSON_BYTES + 1}"])
    assert answer.startswith(b"HTTP/1.1 413 ")


@pytest.fixture(scope="module")
def roomy(tmp_path_factory):
    """A service that takes photos as large as it does unless told otherwise."""
    home = tmp_path_factory.mktemp("roomy") / "home"
    with running.served(home, EVIDENCE_API_KEY="k") as service:
        yield service


def unnamed_files(process):
    """Return the sizes of the temporary files that a process has open."""
    sizes = []
    for entry in os.scandir(f"/proc/{process.pid}/fd"):
        with suppress(OSError):  # closed in the meantime
            if "/" in os.readlink(entry.path) and entry.stat().st_nlink == 0:
                sizes.append(entry.stat().st_size)
    return sizes


@pytest.mark.parametrize("lie", ["", "Content-Length: 5"], ids=["no length", "a lying one"])
def test_a_body_without_end_is_refused_soon_and_fills_no_disk(roomy, lie):
    piece = b"x" * 500_000
    start = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
    largest = 0

    def body():
        nonlocal largest
        for part in (start, *[piece] * 20_000):  # 10 GB
            yield b"%x\r\n%s\r\n" % (len(part), part)
            largest = max([largest, *unnamed_files(roomy.process)])

    head = [*UPLOAD, KEY, "Transfer-Encoding: chunked", *filter(None, [lie])]
    answer, sent = send(roomy, head, body())
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"Content-Length" in answer
    assert b"connection: close" in answer.lower()
    assert bodies.UNDECLARED_BYTES <= sent < 35_000_000  # what is dropped while it lingers, too
    assert 1_000_000 < largest <= bodies.UNDECLARED_BYTES


def odd(content_type, body, *more, method="POST", path="/v1/items/item-1/photos"):
    head = [f"{method} {path} HTTP/1.1", KEY, "Connection: close", *more]
    head += [f"Content-Type: {content_type}"] if content_type else []
    return head if body is None else [*head, f"Content-Length: {len(body)}"], body or b""


def parts(*each):
    return (
        b"".join(b"--b\r\nContent-Disposition: form-data; " + part for part in each) + b"--b--\r\n"
    )


FORM, FILE = "multipart/form-data; boundary=b", b'name="file"; filename="x"\r\n\r\nhello\r\n'
PUT = {"method": "PUT", "path": "/v1/items/item-1"}
ODD = {  # what no honest client sends -> the status that it gets
    "json 60,000 deep": (400, odd("application/json", b"[" * 60_000, **PUT)),
    "a number of 60,000 digits": (400, odd("application/json", b"1" * 60_000, **PUT)),
    "no utf-8": (400, odd("application/json", b'"\xff\xfe"', **PUT)),
    "half a surrogate": (422, odd("application/json", b'"\\ud800"', **PUT)),
    "gzip, which is not unpacked": (
        400, odd("application/json", gzip.compress(b"[]" * 99), "Content-Encoding: gzip", **PUT)
    ),
    "100 fields": (400, odd(FORM, parts(*[b'name="a"\r\n\r\nv\r\n'] * 100))),
    "three photos": (400, odd(FORM, parts(FILE, FILE, FILE))),
    "a long field": (400, odd(FORM, parts(b'name="view"\r\n\r\n' + b"v" * 5000 + b"\r\n"))),
    "a long head of a part": (
        400, odd(FORM, parts(b'name="view"\r\nX: ' + b"y" * 900_000 + b"\r\n\r\nv\r\n"))
    ),
    "many heads of a part": (
        400, odd(FORM, parts(b'name="view"\r\n' + b"X: y\r\n" * 100_000 + b"\r\nv\r\n"))
    ),
    "a field without a name": (400, odd(FORM, parts(b"\r\n\r\nv\r\n"))),
    "a field as a file": (
        400, odd(FORM, parts(FILE, b'name="view"; filename="v"\r\n\r\nfront\r\n'))
    ),
    "no boundary": (400, odd("multipart/form-data", parts(FILE))),
    "a boundary of 8,000": (400, odd("multipart/form-data; boundary=" + "b" * 8000, parts(FILE))),
    "another kind of form": (400, odd("application/x-www-form-urlencoded", b"a=b&" * 15_000)),
    "a length of 5,000 digits": (400, odd("", None, "Content-Length: " + "9" * 5000)),
    "a length below zero": (400, odd("", None, "Content-Length: -5")),
    "two lengths": (400, odd("", None, "Content-Length: 5", "Content-Length: 6")),
    "packed chunks": (400, odd("", None, "Transfer-Encoding: gzip, chunked")),
    "a space before the colon": (400, odd("", None, "Content-Length : 5")),
}  # fmt: skip


@pytest.mark.parametrize("name", ODD)
def test_what_no_honest_client_sends_is_refused(service_process, name):
    status, (head, body) = ODD[name]
    answer, _ = send(service_process, head, [body])
    assert answer.startswith(b"HTTP/1.1 %d " % status)


def test_a_head_without_end_is_refused(service_process):
    host, port = service_process.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n")
        sent = 0
        with suppress(OSError):
            while sent < 10_000_000:
                sent += connection.send(b"X: y\r\n" * 1000)
    assert sent < 10_000_000


def test_the_service_goes_on(service_process):
    assert service_process.call("GET", "/healthz")[0] == 200


def test_json_is_bounded_more_tightly_than_photos(client, put_item, post_photo):
    put_item()
    filler = b" " * bodies.JSON_BYTES
    json = {"Content-Type": "application/json"}
    assert client.put("/v1/items/item-1", content=b"{}" + filler, headers=json).status_code == 413
    assert post_photo("items/item-1", running.photo(2, "PNG") + filler).status_code in (201, 422)


def test_one_photo_is_bounded_within_its_form(app, client, put_item, post_photo, service):
    put_item()
    limit = service.settings.limits.max_bytes
    answer = post_photo("items/item-1", b"\xff\xd8\xff" + b"\0" * limit)
    assert (answer.status_code, answer.json()["title"]) == (413, "Photo too large")
