import pytest

from evidence.service.keys import Keys


@pytest.fixture
def owner(person):
    return person("owner", "Ada")


def bearer(key):
    return {"Authorization": f"Bearer {key}"}


def test_a_key_is_shown_once_and_lets_its_program_in_under_its_name(owner, stranger, tmp_path):
    made = owner.post("/v1/keys", json={"name": "returns"})
    assert made.status_code == 201
    key = made.json()["api_key"]
    assert len(key) >= 40
    entry = {"name": "returns", "added_at": "2025-03-10T09:00:00Z", "revoked_at": None}
    assert made.json()["key"] == entry
    listed = owner.get("/v1/keys")
    assert listed.json() == {"keys": [entry], "operator": True}
    assert key not in listed.text
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not any(key.encode() in path.read_bytes() for path in files)
    body = {
        "order_id": "order-1",
        "sku": "LIL-1",
        "title": "Liliana",
        "kind": "card",
        "declared_value": {"amount": "120000", "currency": "JPY"},
    }
    assert stranger.put("/v1/items/item-1", json=body, headers=bearer(key)).status_code == 201
    assert owner.get("/v1/events").json()["events"][-1]["actor"] == "returns"


def test_a_revoked_key_is_refused_at_once_and_stays_in_the_list(owner, stranger):
    keys = [owner.post("/v1/keys", json={"name": n}).json()["api_key"] for n in ("one", "two")]
    for _ in range(2):  # the second time nothing changes
        assert owner.delete("/v1/keys/one").status_code == 204
    seen = [stranger.get("/v1/items", headers=bearer(key)).status_code for key in keys]
    assert seen == [401, 200]
    listed = owner.get("/v1/keys").json()["keys"]
    assert [(one["name"], one["revoked_at"]) for one in listed] == [
        ("one", "2025-03-10T09:00:00Z"),
        ("two", None),
    ]
    told = [(one["kind"], one["actor"]) for one in owner.get("/v1/events").json()["events"]]
    assert told[1:] == [("key.added", "Ada"), ("key.added", "Ada"), ("key.revoked", "Ada")]


def test_after_the_last_key_is_revoked_a_start_makes_no_other(owner, service):
    first = Keys.of(service, None).make_first()
    assert owner.delete("/v1/keys/first").status_code == 204
    assert Keys.of(service, None).name_of(first) is None
    assert Keys.of(service, None).make_first() is None


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("returns", 409),
        ("ada", 409),  # a person
        ("operator", 422),
        ("first", 422),
        ("evidence", 422),
        ("Returns", 422),
        ("a b", 422),
        ("", 422),
        ("a" * 65, 422),
    ],
)
def test_a_name_in_the_history_stands_for_one(owner, name, status):
    owner.post("/v1/keys", json={"name": "returns"})
    owner.delete("/v1/keys/returns")
    assert owner.post("/v1/keys", json={"name": name}).status_code == status
    assert len(owner.get("/v1/keys").json()["keys"]) == 1


def test_nobody_takes_a_programs_name(owner):
    owner.post("/v1/keys", json={"name": "returns"})
    body = {"name": "Returns", "sign_in_name": "r", "role": "support"}
    assert owner.post("/v1/staff", json=body).status_code == 409


def test_what_is_not_there_cannot_be_revoked(owner):
    for name in ("returns", "operator"):
        answer = owner.delete(f"/v1/keys/{name}")
        assert (answer.status_code, answer.json()["detail"]) == (
            404,
            f"no API key has the name {name}",
        )
