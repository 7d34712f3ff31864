import pytest

BEN = {"name": " Ben  Ito ", "sign_in_name": "Ben", "role": "support"}


@pytest.fixture
def owner(person):
    return person("owner", "Ada")


def test_an_owner_makes_an_account_and_hands_a_password_on(owner, stranger):
    answer = owner.post("/v1/staff", json=BEN)
    assert answer.status_code == 201
    made = answer.json()
    assert made["staff"] == {
        "staff_id": 2,
        "name": "Ben Ito",
        "sign_in_name": "ben",
        "role": "support",
        "active": True,
        "one_time": True,
        "added_at": "2025-03-10T09:00:00Z",
    }
    assert made["use_by"] == "2025-03-17T09:00:00Z"
    body = {"sign_in_name": "ben", "password": made["one_time_password"]}
    assert stranger.post("/v1/session", json=body).status_code == 201
    listed = owner.get("/v1/staff")
    assert [one["name"] for one in listed.json()["staff"]] == ["Ada", "Ben Ito"]
    for secret in (made["one_time_password"], "argon2", "hash"):
        assert secret not in listed.text


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        ({"name": "ADA"}, 409),
        ({"sign_in_name": "ADA"}, 409),
        ({"name": "operator"}, 422),
        ({"name": "Ben\u202eotI"}, 422),
        ({"name": " "}, 422),
        ({"name": "b" * 81}, 422),
        ({"sign_in_name": "b c"}, 422),
        ({"role": "chief"}, 422),
        ({"role": "workflow"}, 422),
        ({"password": "of their own"}, 422),
    ],
)
def test_what_cannot_be_an_account_is_refused(owner, facts, status):
    assert owner.post("/v1/staff", json=BEN | facts).status_code == status
    assert len(owner.get("/v1/staff").json()["staff"]) == 1


def test_who_is_let_go_is_signed_out_at_once_and_may_come_back(owner, person):
    ben = person("support", "Ben")
    assert ben.get("/v1/claims").status_code == 200
    assert owner.patch("/v1/staff/2", json={"active": False}).json()["active"] is False
    assert ben.get("/v1/claims").status_code == 401
    assert owner.patch("/v1/staff/2", json={"active": True}).json()["active"] is True
    assert ben.get("/v1/claims").status_code == 401  # by signing in again only


def test_a_role_counts_from_the_next_request(owner, person):
    ben = person("warehouse", "Ben")
    assert ben.get("/v1/events").status_code == 403
    assert owner.patch("/v1/staff/2", json={"role": "reviewer"}).json()["role"] == "reviewer"
    assert ben.get("/v1/events").status_code == 200
    assert ben.put("/v1/items/x", json={}).status_code == 403


def test_a_new_password_signs_out_everywhere(owner, person, stranger):
    ben = person("support", "Ben")
    made = owner.post("/v1/staff/2/password").json()
    assert made["staff"]["one_time"] is True
    assert ben.get("/v1/session").status_code == 401
    body = {"sign_in_name": "ben", "password": made["one_time_password"]}
    assert stranger.post("/v1/session", json=body).json()["staff"]["name"] == "Ben"


def test_the_last_owner_stays(owner):
    owner.post("/v1/staff", json=BEN | {"role": "owner"})  # has not signed in yet
    for method, path, body in (
        ("PATCH", "/v1/staff/1", {"active": False}),
        ("PATCH", "/v1/staff/1", {"role": "support"}),
        ("POST", "/v1/staff/1/password", None),
    ):
        answer = owner.request(method, path, json=body)
        assert answer.status_code == 409
        assert "Ada is the last owner" in answer.json()["detail"]
    assert owner.get("/v1/staff").status_code == 200


def test_an_account_that_is_not_there_is_not_found(owner):
    assert owner.patch("/v1/staff/9", json={"role": "support"}).status_code == 404
    assert owner.post("/v1/staff/9/password").status_code == 404
    assert owner.patch("/v1/staff/0", json={"role": "support"}).status_code == 422


def test_the_feed_tells_which_owner_did_it(owner):
    owner.post("/v1/staff", json=BEN)
    owner.patch("/v1/staff/2", json={"role": "reviewer"})
    events = owner.get("/v1/events").json()["events"]
    assert [(one["kind"], one["subject_id"], one["actor"]) for one in events[1:]] == [
        ("staff.signed_in", "1", "Ada"),
        ("staff.added", "2", "Ada"),
        ("staff.changed", "2", "Ada"),
    ]
