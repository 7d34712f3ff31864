"""Whatever happens to a stored file: nothing of it is shown, compared or given out as good."""

import json
import shutil

import pytest
import running
from registry.planting import ORIGINALS, chance_of, overwrite, path_of, plant_altered_reading
from stores import ON_SERVERS, of_the_disk


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


@pytest.fixture
def shop(put_item, put_claim, post_photo):
    put_item()
    put_claim()
    return [
        post_photo(where, running.photo(seed)).json()["photo_id"]
        for seed, where in enumerate(("items/item-1", "claims/claim-1"))
    ]


def compare(client, *seeds):
    return client.post(
        "/v1/comparisons",
        files=[(name, ("x", running.photo(seed)))
               for name, seed in zip(("reference", "query"), seeds, strict=True)],
    )  # fmt: skip


def ways(client, photo_id, comparison_id):
    """Return each way to something of the photo, and what was answered while it was whole."""
    paths = [
        *(f"/v1/photos/{photo_id}/{name}" for name in (
            "picture?width=160", "picture?width=2048", "tiles.dzi", "tiles_files/9/0_0.jpg",
            "original",
        )),
        f"/v1/comparisons/{comparison_id}/overlay.png?kind=aligned",
    ]  # fmt: skip
    whole = {}
    for path in paths:
        answer = client.get(path)
        assert answer.status_code == 200, path
        whole[path] = answer.headers.get("etag", "*")
    return whole


def events(service, *kinds):
    found = service.registry.events(after=0, limit=100_000)
    return [(one.kind, one.subject_id) for one in found if one.kind in kinds]


def mend(home, ids, originals):
    for photo_id in ids:
        path = path_of(home, photo_id)
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        path.unlink(missing_ok=True)
        path.write_bytes(originals[photo_id])
        path.chmod(0o400)


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("flipped bit", 2),
        ("swapped", 1),
        *(
            pytest.param(name, 112, marks=pytest.mark.torture)  # 9 kinds: 1,008 in all
            for name in ORIGINALS
        ),
    ],
)
def test_a_damaged_original_is_refused_on_every_path(client, service, home, shop, name, count):
    """Also where a picture was drawn or a verdict found before it was damaged."""
    plant = ORIGINALS[name][0]
    compared = compare(client, 0, 1).json()
    originals = {one: path_of(home, one).read_bytes() for one in shop}
    paths = {one: ways(client, one, compared["id"]) for one in shop}
    first = client.get("/v1/claims/claim-1/recommendation").json()
    assert first["verdict"] is not None
    for number in range(count):
        target = shop[number % 2 :] + shop[: number % 2]
        hurt = target if name == "swapped" else target[:1]
        before = len(events(service, "photo.damaged"))
        plant(home, target, chance_of(f"{name} {number}"))
        if all(path_of(home, one).is_file() for one in hurt) and name != "link":
            changed = [path_of(home, one).read_bytes() != originals[one] for one in hurt]
            if not all(changed):  # zeros where there were zeros: nothing was altered
                continue
        for photo_id in hurt:
            for path, tag in paths[photo_id].items():
                for headers in ({}, {"If-None-Match": tag}):
                    answer = client.get(path, headers=headers)
                    assert answer.status_code == 500, (path, number)
                    assert answer.json()["type"] == "urn:photo-evidence:problem:damaged-original"
                    assert "upload the same file again" in answer.json()["detail"]
        owner = "items/item-1" if hurt[0] == shop[0] else "claims/claim-1"
        shown = client.get(f"/v1/{owner}").json()["photos"]
        assert shown[0]["damaged_at"] is not None
        if number % 16 == 0:  # a claim is judged by what is whole, and nothing is said of the rest
            told = client.get("/v1/claims/claim-1/recommendation")
            assert (told.status_code, told.json()["verdict"]) == (200, None)
            found = client.post("/v1/search", files={"file": ("x", running.photo(7))})
            assert found.status_code == 200
            assert hurt[0] not in found.text
        after = events(service, "photo.damaged")[before:]
        assert sorted(one for _, one in after) == sorted(hurt)  # once, not at each request
        mend(home, hurt, originals)
        for photo_id in hurt:
            assert client.get(f"/v1/photos/{photo_id}/original").content == originals[photo_id]
    again = client.get("/v1/claims/claim-1/recommendation").json()
    assert again["verdict"] == first["verdict"]


@pytest.mark.parametrize(
    "name",
    [
        name if name in ("gone", "swapped") else pytest.param(name, marks=pytest.mark.torture)
        for name in ORIGINALS
    ],
)
def test_the_same_bytes_uploaded_again_heal(client, service, home, shop, post_photo, name):
    originals = {one: path_of(home, one).read_bytes() for one in shop}
    ORIGINALS[name][0](home, shop, chance_of(name))
    assert client.get(f"/v1/photos/{shop[0]}/original").status_code == 500
    answer = post_photo("items/item-1", running.photo(0))
    assert (answer.status_code, answer.json()["photo_id"]) == (200, shop[0])
    assert client.get(f"/v1/photos/{shop[0]}/original").content == originals[shop[0]]
    assert ON_SERVERS or path_of(home, shop[0]).stat().st_mode & 0o777 == 0o400
    assert events(service, "photo.damaged", "photo.healed")[:2] == [
        ("photo.damaged", shop[0]),
        ("photo.healed", shop[0]),
    ]
    if name == "swapped":
        compare(client, 1, 1)  # it heals there too, wherever the bytes come
        assert client.get(f"/v1/photos/{shop[1]}/original").status_code == 200
    assert client.get("/v1/items/item-1").json()["photos"][0]["damaged_at"] is None


@of_the_disk
def test_healing_that_fails_is_loud(client, service, home, shop, post_photo):
    overwrite(path_of(home, shop[0]), b"not this")
    (home / "incoming").rmdir()
    (home / "incoming").write_bytes(b"a file where the directory was")
    answer = post_photo("items/item-1", running.photo(0))
    assert answer.status_code == 503
    assert events(service, "photo.healed") == []
    assert client.get(f"/v1/photos/{shop[0]}/original").status_code == 500


def test_an_altered_reading_is_refused_and_healed(client, service, home, shop, post_photo):
    service.registry.seal_item("item-1", service.now())  # also of a set that takes no more
    plant_altered_reading(home, shop, chance_of(1))
    shutil.rmtree(home / "pictures", ignore_errors=True)
    assert client.get(f"/v1/photos/{shop[0]}/picture?width=160").status_code == 500
    assert client.get("/v1/claims/claim-1/recommendation").json()["verdict"] is None
    assert events(service, "photo.damaged") == [("photo.damaged", shop[0])]
    assert post_photo("items/item-1", running.photo(0)).status_code == 200
    assert events(service, "photo.healed") == [("photo.healed", shop[0])]
    assert client.get(f"/v1/photos/{shop[0]}/picture?width=160").status_code == 200
    assert client.get("/v1/claims/claim-1/recommendation").json()["verdict"] is not None


def test_the_feed_tells_what_is_wrong(client, home, shop):
    overwrite(path_of(home, shop[0]), b"not this")
    client.get(f"/v1/photos/{shop[0]}/original")
    [one] = [
        one for one in client.get("/v1/events").json()["events"] if one["kind"] == "photo.damaged"
    ]
    assert (one["subject"], one["subject_id"]) == ("photo", shop[0])
    assert json.dumps(one["body"], sort_keys=True) == '{"fault": "altered", "part": "original"}'
