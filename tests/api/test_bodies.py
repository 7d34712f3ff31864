import socket

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


def test_a_body_without_a_length_is_counted(service_process):
    piece = b"x" * 100_000
    chunks = (b"%x\r\n%s\r\n" % (len(piece), piece) for _ in range(10_000))
    start = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
    first = b"%x\r\n%s\r\n" % (len(start), start)

    def body():
        yield first
        yield from chunks

    answer, sent = send(service_process, [*UPLOAD, KEY, "Transfer-Encoding: chunked"], body())
    assert answer.startswith(b"HTTP/1.1 413 ") or (not answer and sent < 30_000_000)
    assert sent < 30_000_000


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
