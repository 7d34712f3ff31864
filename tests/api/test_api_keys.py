from datetime import date, timedelta

import httpx2
import pytest
from running import NOW, served
from sqlalchemy.event import listen as listens

from api.cookies import CSRF_HEADER
from evidence.errors import ConflictError
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
    entry |= dict.fromkeys(["expires_at", "last_used_on", "rotated_at", "old_until"])
    entry["scopes"] = ["everything"]
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
    assert [one for one in told if one[0].startswith("key.")] == [
        ("key.added", "Ada"),
        ("key.added", "Ada"),
        ("key.revoked", "Ada"),
    ]


def test_after_the_last_key_is_revoked_a_start_makes_no_other(owner, service):
    first = Keys.of(service, None).make_first()
    assert owner.delete("/v1/keys/first").status_code == 204
    assert Keys.of(service, None).program_of(first) is None
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


def test_a_rotated_key_has_two_secrets_for_a_while(owner, stranger, service):
    old = owner.post("/v1/keys", json={"name": "returns", "scopes": ["read"]}).json()["api_key"]
    rotated = owner.post("/v1/keys/returns/rotation", json={"grace_hours": 1})
    assert rotated.status_code == 201
    new = rotated.json()["api_key"]
    assert rotated.json()["key"]["old_until"] == "2025-03-10T10:00:00Z"
    assert [owner_of(stranger, key) for key in (old, new)] == [200, 200]
    service.now.now += timedelta(hours=1)
    assert [owner_of(stranger, key) for key in (old, new)] == [401, 200]
    newer = owner.post("/v1/keys/returns/rotation", json={"grace_hours": 0}).json()["api_key"]
    assert [owner_of(stranger, key) for key in (old, new, newer)] == [401, 401, 200]
    (listed,) = owner.get("/v1/keys").json()["keys"]  # one key, whatever secrets it had
    assert (listed["added_at"], listed["rotated_at"]) == (
        "2025-03-10T09:00:00Z",
        "2025-03-10T10:00:00Z",
    )
    assert owner.delete("/v1/keys/returns").status_code == 204
    assert [owner_of(stranger, key) for key in (old, new, newer)] == [401, 401, 401]
    assert owner.post("/v1/keys/returns/rotation", json={}).status_code == 409
    assert owner.post("/v1/keys/none/rotation", json={}).status_code == 404


def test_rotating_again_ends_the_secret_before_the_last_at_once(owner, stranger):
    keys = [owner.post("/v1/keys", json={"name": "returns"}).json()["api_key"]]
    for _ in range(2):
        keys.append(owner.post("/v1/keys/returns/rotation", json={}).json()["api_key"])
    assert [owner_of(stranger, key) for key in keys] == [401, 200, 200]


def owner_of(stranger, key):
    return stranger.get("/v1/items", headers=bearer(key)).status_code


def test_a_key_comes_to_its_end_and_a_new_secret_does_not_lengthen_it(owner, stranger, service):
    key = owner.post("/v1/keys", json={"name": "returns", "days": 2}).json()["api_key"]
    service.now.now += timedelta(days=1)
    owner.cookies.clear()  # the session came to its end as well
    keys = Keys.of(service, None)
    keys.rotate("returns", grace=timedelta(days=30), actor="Ada")
    assert owner_of(stranger, key) == 200
    service.now.now += timedelta(days=1)
    assert owner_of(stranger, key) == 401
    with pytest.raises(ConflictError, match="no longer good"):
        keys.rotate("returns", grace=timedelta(0), actor="Ada")


def test_the_last_day_of_use_is_kept_and_costs_one_write_a_day(owner, stranger, service):
    key = owner.post("/v1/keys", json={"name": "returns"}).json()["api_key"]
    seen = []
    for day in range(2):
        service.now.now = NOW + timedelta(hours=11 * day)
        for _ in range(2):
            assert owner_of(stranger, key) == 200
        seen.append(service.registry.all_api_keys()[0].last_used_on)
    assert seen == [date(2025, 3, 10), date(2025, 3, 10)]
    service.now.now = NOW + timedelta(days=1)
    writes = []
    listens(service.registry._database._engine, "commit", writes.append)
    for _ in range(3):
        owner_of(stranger, key)
    assert service.registry.all_api_keys()[0].last_used_on == date(2025, 3, 11)
    assert len([one for one in writes if one.get_execution_options().get("writes")]) == 1


@pytest.mark.parametrize(
    "scopes", [[], ["all"], ["owner"], ["everything", "read"], ["read", "numbers"]]
)
def test_a_scope_that_is_none_is_refused(owner, scopes):
    assert owner.post("/v1/keys", json={"name": "x", "scopes": scopes}).status_code == 422


def test_a_key_acts_in_its_own_role_alone(owner, stranger, put_item, put_claim):
    put_item()
    put_claim()
    keys = {}
    for name, scopes in {"dock": ["warehouse"], "both": ["warehouse", "support"]}.items():
        made = owner.post("/v1/keys", json={"name": name, "scopes": scopes})
        keys[name] = made.json()["api_key"]
    body = {"step": "receive", "by": "Ken"}
    path = "/v1/claims/claim-1/steps"
    for key, role, status in [
        ("dock", "support", 422), ("dock", "workflow", 422), ("both", None, 422),
        ("both", "reviewer", 422), ("dock", None, 201),
    ]:  # fmt: skip
        told = body if role is None else body | {"role": role}
        answer = stranger.post(path, json=told, headers=bearer(keys[key]))
        assert answer.status_code == status, (key, role, answer.text)
    assert answer.json()["role"] == "warehouse"


def test_a_revoked_key_is_refused_at_once_by_every_process_on_the_home(tmp_path):
    home, own = tmp_path / "home", "nine cards in a wooden box"
    with served(home) as first, served(home) as second:
        code = first.process.stdout.readline().split()[-1]
        with httpx2.Client(base_url=first.url, timeout=60) as owner:
            body = {"code": code, "name": "Ada", "sign_in_name": "ada", "password": own}
            begun = owner.post("/v1/session/first-owner", json=body)
            owner.headers[CSRF_HEADER] = begun.json()["csrf_token"]
            key = owner.post("/v1/keys", json={"name": "returns"}).json()["api_key"]
            for one in (first, second, first, second):
                assert one.call("GET", "/v1/items", key=key)[0] == 200
            assert owner.delete("/v1/keys/returns").status_code == 204
            for one in (second, first):  # the very next call, whichever process it comes to
                assert one.call("GET", "/v1/items", key=key)[0] == 401
