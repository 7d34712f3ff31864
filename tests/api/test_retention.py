"""Retention over HTTP: who may, what is told, and that nothing else removes an original."""

import re
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest
import running

from api.roles import MAY
from evidence.registry.staff_records import ROLES

ITEM, CLAIM = "items/item-1", "claims/claim-1"


@pytest.fixture
def owner(person):
    return person("owner")


@pytest.fixture
def shop(put_item, put_claim, post_photo):
    """An item with a photo, a claim with another, and what hangs on both."""
    put_item()
    put_claim()
    ids = [post_photo(where, running.photo(seed)).json()["photo_id"]
           for seed, where in enumerate((ITEM, CLAIM))]  # fmt: skip
    return ids


@pytest.fixture
def close(client):
    def close(claim_id="claim-1"):
        step = {"step": "close", "by": "Ada", "note": "done"}
        assert client.post(f"/v1/claims/{claim_id}/steps", json=step).status_code == 201

    return close


def files(tmp_path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in Path(tmp_path).glob("home/originals/*/*")}


def erase(owner, claim_id=None, reason="asked by mail"):
    return owner.post("/v1/erasures", json={"claim_id": claim_id, "reason": reason})


def test_what_is_due_is_listed_and_erased_and_the_rest_stays(
    service, person, shop, close, tmp_path
):
    owner = person("owner")
    assert owner.get("/v1/retention").json()["photos"] == []
    close()
    service.now.now += timedelta(days=179)
    owner = person("owner", "Ann")  # nobody stays signed in for so long
    assert owner.get("/v1/retention").json()["photos"] == []
    assert erase(owner).json() == {"erased": [], "left": [], "more": False}
    service.now.now += timedelta(days=1)
    owner = person("owner", "Bea")
    told = owner.get("/v1/retention").json()
    assert {one["photo_id"] for one in told["photos"]} == set(shop)
    owners = {one["photo_id"]: one["owners"] for one in told["photos"]}
    assert owners[shop[0]] == [{"subject": "item", "subject_id": "item-1"}]
    assert owners[shop[1]] == [{"subject": "claim", "subject_id": "claim-1"}]
    assert told["rules"]["version"] == "2025-02-10"
    assert set(erase(owner, reason="its time").json()["erased"]) == set(shop)
    assert files(tmp_path) == {}
    stones = owner.get("/v1/erasures").json()
    assert [one["erased_by"] for one in stones["erasures"]] == ["Bea", "Bea"]
    assert {one["ground"] for one in stones["erasures"]} == {"retention"}
    assert stones["more"] is False
    part = owner.get("/v1/erasures?limit=1").json()
    assert (part["more"], part["next"]) == (True, 1)
    assert len(owner.get("/v1/erasures?after=1").json()["erasures"]) == 1


def test_a_person_may_ask_once_the_claim_is_closed(owner, client, shop, close, tmp_path):
    item_photo, claim_photo = shop
    refused = erase(owner, "claim-1")
    assert (refused.status_code, "close it first" in refused.json()["detail"]) == (409, True)
    close()
    done = erase(owner, "claim-1").json()
    assert (done["erased"], done["left"]) == ([claim_photo], [])
    assert set(files(tmp_path)) == {item_photo}  # the shop's own stays until it is due
    history = client.get("/v1/claims/claim-1/history").json()["history"]
    codes = [one["code"] for one in history]
    assert codes.count("photo_added") == codes.count("photo_erased") == 1
    [gone] = [one for one in history if one["code"] == "photo_erased"]
    assert (gone["by"], gone["note"]) == ("Owner", "asked by mail")
    assert client.get("/v1/claims/claim-1").json()["photos"] == []
    assert erase(owner, "none").status_code == 404


def test_what_hangs_on_another_claim_as_well_is_left_and_why(
    owner, put_claim, post_photo, shop, close
):
    put_claim("claim-2")
    post_photo("claims/claim-2", running.photo(1))
    close()
    done = erase(owner, "claim-1").json()
    assert done["erased"] == []
    assert [(one["photo_id"], one["why"]) for one in done["left"]] == [(shop[1], "open claim")]


def test_a_hold_wins_over_request_and_time(service, person, shop, close, tmp_path):
    owner = person("owner")
    close()
    body = {"subject": "claim", "subject_id": "claim-1", "reason": "a court asked"}
    placed = owner.post("/v1/holds", json=body)
    assert (placed.status_code, placed.json()["placed_by"]) == (201, "Owner")
    number = placed.json()["hold_id"]
    refused = erase(owner, "claim-1")
    assert (refused.status_code, "legal hold" in refused.json()["detail"]) == (409, True)
    service.now.now += timedelta(days=9999)
    owner = person("owner", "Ann")
    assert owner.get("/v1/retention").json()["photos"] == []
    assert erase(owner).json()["erased"] == []
    assert set(files(tmp_path)) == set(shop)
    lifted = owner.post(f"/v1/holds/{number}/lift", json={"reason": "over"})
    assert lifted.json()["lifted_by"] == "Ann"
    assert owner.post(f"/v1/holds/{number}/lift", json={"reason": "over"}).status_code == 409
    assert [one["lifted_because"] for one in owner.get("/v1/holds").json()["holds"]] == ["over"]
    assert set(erase(owner).json()["erased"]) == set(shop)
    assert owner.post("/v1/holds", json=body | {"subject_id": "none"}).status_code == 404


def test_an_erasure_is_done_once_for_one_idempotency_key(owner, shop, close):
    close()
    body, key = {"claim_id": "claim-1", "reason": "asked"}, {"Idempotency-Key": "one"}
    first = owner.post("/v1/erasures", json=body, headers=key)
    assert first.json()["erased"] == [shop[1]]
    assert owner.post("/v1/erasures", json=body, headers=key).json() == first.json()


def test_every_path_says_gone_with_words(
    service, client, owner, post_photo, put_item, shop, close, tmp_path
):
    item_photo, claim_photo = shop
    pair = [("reference", running.photo(0)), ("query", running.photo(1))]
    compared = client.post("/v1/comparisons", files=[(n, ("x", d)) for n, d in pair]).json()
    paths = [
        *(f"/v1/photos/{claim_photo}/{name}" for name in (
            "picture?width=320", "picture?width=2048", "tiles.dzi", "tiles_files/9/0_0.jpg",
            "original",
        )),
        *(f"/v1/comparisons/{compared['id']}/overlay.png?kind={kind}"
          for kind in ("aligned", "difference")),
    ]  # fmt: skip
    tags = {}
    for path in paths:
        answer = client.get(path)
        assert answer.status_code == 200, path
        tags[path] = answer.headers.get("etag")
    service.gallery.refresh(service.registry)
    outlines = service.registry.hashes(claim_photo).outlines
    bits = bytes.fromhex(outlines.partition("/")[0])
    assert bits in service.gallery._hashes.tobytes()
    close()
    assert erase(owner, "claim-1").json()["erased"] == [claim_photo]
    assert list((tmp_path / "home" / "pictures").iterdir()) == []
    for path in paths:
        for headers in ({}, {"If-None-Match": tags[path] or "*"}):
            answer = client.get(path, headers=headers)
            assert answer.status_code == 410, path
            assert answer.json()["type"] == "urn:photo-evidence:problem:erased"
            assert f"photo {claim_photo} was erased on" in answer.json()["detail"]
    put_item("item-2")
    again = [
        post_photo(CLAIM, running.photo(1)),
        post_photo("items/item-2", running.photo(1)),
        client.post("/v1/comparisons", files=[(n, ("x", d)) for n, d in pair]),
        client.post("/v1/search", files={"file": ("x", running.photo(1))}),
        client.post("/v1/items/item-2/catalogue-photo", files={"file": ("x", running.photo(1))}),
    ]
    assert [one.status_code for one in again] == [410] * len(again)
    assert set(files(tmp_path)) == {item_photo}
    # Another photo still finds what there is, and not what there was.
    hits = client.post("/v1/search", files={"file": ("x", running.photo(2))})
    assert hits.status_code == 200
    assert claim_photo not in hits.text
    assert bits not in service.gallery._hashes.tobytes()
    assert client.get("/v1/claims/claim-1/recommendation").status_code == 200


QUICK = {(None, False)}  # the others only take longer


@pytest.mark.parametrize(
    ("role", "held"),
    [
        pytest.param(*one, marks=[] if one in QUICK else pytest.mark.torture)
        for one in product((None, *ROLES), (False, True))
    ],
)
def test_no_call_of_any_role_alters_or_removes_an_original(
    app, service, client, person, shop, close, tmp_path, role, held
):
    """Every method of every route, with ids that are there and bodies that fit.

    Either the claim is open and nothing is due, or all is long due and only a hold is left.
    """
    if held:
        close()
        service.now.now += timedelta(days=999)
        for _ in range(2):  # the first one is lifted by the calls below
            service.registry.place_hold(
                "item", "item-1", reason="court", by="Ada", at=service.now()
            )
    caller = client if role is None else person(role, f"A {role}")
    before, stats = files(tmp_path), _stats(tmp_path)
    assert set(before) == set(shop)
    schema = app.openapi()
    filled = {
        "item_id": "item-1", "claim_id": "claim-1", "photo_id": shop[0], "hold_id": "1",
        "reading_id": "1", "inspection_id": "1", "staff_id": "99", "comparison_id": "0" * 64,
        "level": "0", "column": "0", "row": "0", "name": "none",
    }  # fmt: skip
    tried = 0
    for path in sorted(schema["paths"]):
        if path.startswith("/v1/session"):
            continue  # it would sign the caller out
        url = re.sub(r"{(\w+)}", lambda found: filled.get(found[1], "1"), path)
        for method in ("GET", "HEAD", "PUT", "PATCH", "POST", "DELETE"):
            for how in _bodies(schema, path, method):
                caller.request(method, url, **how)
                tried += 1
                now = files(tmp_path)
                assert {name: now.get(name) for name in before} == before, (method, path)
                assert _stats(tmp_path).items() >= stats.items(), (method, path)
    for photo_id in shop:  # and what is no route at all
        for method in ("PUT", "PATCH", "POST", "DELETE"):
            for url in (f"/v1/photos/{photo_id}", f"/v1/photos/{photo_id}/original",
                        f"/v1/items/item-1/photos/{photo_id}"):  # fmt: skip
                assert caller.request(method, url).status_code in (404, 405)
    assert {name: files(tmp_path).get(name) for name in before} == before
    if role == "owner" and held:  # the calls did reach what they are for
        first, *others = [one.lifted_by for one in service.registry.all_holds()]
        assert (first, set(others)) == ("A owner", {None})
    assert tried > 2 * len(MAY)


def _bodies(schema, path, method):
    """Yield no body, and the examples of what the call takes; of erasures each way."""
    yield {}
    call = schema["paths"][path].get(method.lower(), {})
    for kind, content in call.get("requestBody", {}).get("content", {}).items():
        if kind == "application/json":
            model = content["schema"].get("$ref", "").rpartition("/")[2]
            for example in schema["components"]["schemas"].get(model, {}).get("examples", []):
                yield {"json": example}
        elif kind == "multipart/form-data":
            photo = ("x", running.photo(5))
            yield {"data": {"view": "front"}, "files": {"file": photo}}
    if (method, path) == ("POST", "/v1/erasures"):
        yield {"json": {"reason": "only what is due"}}
        yield {"json": {"claim_id": None, "reason": "only what is due"}}


def _stats(tmp_path):
    return {
        path.name: (path.stat().st_ino, path.stat().st_mtime_ns, path.stat().st_mode)
        for path in Path(tmp_path).glob("home/originals/*/*")
    }
