import hashlib

import pytest

from api.access import OPEN
from evidence.service.keys import Keys, sha256_of


@pytest.mark.parametrize("path", sorted(OPEN))
def test_says_that_it_lives_to_anyone(stranger, path):
    assert stranger.get(path).status_code == 200


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Bearer wrong", "Basic bGV0IG1lIGlu", "let me in", "Bearer é"],
)
def test_asks_everything_else_for_a_key(app, stranger, header):
    paths = [path for path in app.openapi()["paths"] if path not in OPEN]
    for path in [*paths, "/", "/docs", "/v1", "/healthz/"]:
        answer = stranger.get(path, headers={"Authorization": header.encode("latin-1")})
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")


def test_the_first_key_is_made_once_and_kept_as_a_hash(tmp_path, service, stranger):
    keys = Keys.of(service, None)
    key = keys.make_first()
    assert len(key) >= 40
    assert keys.make_first() is None
    assert keys.name_of(key) == "first"
    assert service.registry.api_key_name(sha256_of(key)) == "first"
    assert sha256_of(key) == hashlib.sha256(key.encode()).hexdigest()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    assert not any(key.encode() in path.read_bytes() for path in files)
    answer = stranger.get("/v1/items/none", headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 404


def test_a_given_key_counts_only_while_it_is_given(service):
    assert Keys.of(service, "mine").make_first() is None
    assert Keys.of(service, "mine").name_of("mine") == "operator"
    assert Keys.of(service, "mine").name_of("other") is None
    assert Keys.of(service, None).name_of("mine") is None
