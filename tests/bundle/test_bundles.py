"""The case as one file: what is in it, what is not, and what the log says of it."""

import hashlib
import io
import json
import random
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from stores import path_of

from evidence.bundle import verify
from evidence.errors import (
    ConflictError,
    DamagedOriginalError,
    NotFoundError,
    PhotoTooLargeError,
    StaleError,
    UnacceptableError,
)
from evidence.photo.redaction import Box
from evidence.registry.expectations import Expected
from evidence.service import bundles
from evidence.service.bundle_pictures import draw_pictures
from evidence.service.bundles import export_bundle
from evidence.service.items import add_item_photo
from evidence.service.redactions import Redaction, choose_redactions
from evidence.service.uploads import Upload
from evidence.settings import BundleSettings


def told(files, name):
    return json.loads(files[name])


def export(exported, **options):
    bundle = export_bundle(exported.service, "claim-1", actor="support-1", **options)
    files, whole = verify.unpack(bundle.data)
    assert whole
    assert verify.check(bundle.data, exported.key).faults == []
    return files


def test_it_holds_the_whole_case(exported):
    files = exported.files
    for photo in exported.photos:
        data = files[f"originals/{photo.photo_id}.jpg"]
        assert data == exported.service.registry.original(photo.photo_id)
    case = told(files, "case.json")
    assert case["claim"]["claim_id"] == "claim-1"
    assert case["item"]["sealed_at"]
    (decision,) = case["decisions"]
    assert (decision["decided_by"], decision["decision"]) == ("support-1", "approve")
    assert decision["recommendation"]["findings"]
    assert "draft_mail" not in files["case.json"].decode()
    assert [one["of"] for one in case["photos"]] == ["item", "item", "claim", "claim"]
    used = decision["recommendation"]["policy"]["sha256"]
    (policy,) = [data for name, data in files.items() if name.startswith("policy/")]
    assert hashlib.sha256(policy).hexdigest() == used
    kinds = {
        name.rpartition("-")[2] for name in files if name.endswith(("-cut.jpg", "-aligned.jpg"))
    }
    assert kinds == {"cut.jpg", "aligned.jpg"}
    for name in ("report.en.html", "report.ja.html", "report.pdf", "HOW-TO-CHECK.txt"):
        assert files[name]
    assert hashlib.sha256(files["verify.py"]).hexdigest() in files["HOW-TO-CHECK.txt"].decode()


def test_custody_tells_taken_received_sealed_and_decided(exported):
    rows = told(exported.files, "custody.json")
    kinds = [row["kind"] for row in rows]
    assert kinds[:2] == ["photo.taken"] * 2
    assert rows[0]["number"] is None
    for kind in ("item.photo_added", "item.sealed", "claim.photo_added", "claim.decided"):
        assert kind in kinds
    numbers = [row["number"] for row in rows if row["number"]]
    assert numbers == sorted(numbers)


def test_every_export_is_an_entry_that_knows_the_bundle_and_the_next_one_tells_it(exported):
    registry = exported.service.registry
    before = registry.log_size()
    bundle = export_bundle(exported.service, "claim-1", actor="owner-1")
    (event,) = registry.events(after=before, limit=10)
    assert (event.kind, event.subject_id, event.actor) == ("bundle.exported", "claim-1", "owner-1")
    files, _ = verify.unpack(bundle.data)
    assert event.body["manifest_sha256"] == hashlib.sha256(files["manifest.json"]).hexdigest()
    assert event.body["bundle_sha256"] == hashlib.sha256(bundle.data).hexdigest()
    again, _ = verify.unpack(export_bundle(exported.service, "claim-1").data)
    assert told(again, "custody.json")[-1]["number"] == event.number


def test_what_is_covered_is_nowhere_in_the_file(exported):
    front, query = exported.photos[0].photo_id, exported.photos[2].photo_id
    before = exported.service.registry.log_size()
    redaction = Redaction(front, "a face", (Box(100, 100, 200, 200),))
    files = export(exported, redactions=[redaction])
    assert f"originals/{front}.jpg" not in files
    assert f"originals/{query}.jpg" in files
    copy = np.asarray(Image.open(io.BytesIO(files[f"copies/{front}.jpg"])))
    assert copy[110:290, 110:290].max() < 8
    small = np.asarray(Image.open(io.BytesIO(files[f"pictures/{front[:16]}.jpg"])))
    scale = small.shape[1] / copy.shape[1]
    assert small[int(200 * scale), int(200 * scale)].max() < 8
    compared = told(files, "case.json")["decisions"][0]["recommendation"]["comparisons"]
    drawn = {one["comparison_id"][:16] for one in compared if one["reference"] == front}
    assert drawn
    assert not [name for name in files if name[9:25] in drawn]
    report = files["report.en.html"].decode()
    assert "a face" in report
    assert "Drawn comparisons are left out" in report
    assert "a face" in files["report.ja.html"].decode()
    (photo,) = [one for one in told(files, "manifest.json")["photos"] if one["photo_id"] == front]
    assert (photo["covered"], photo["because"]) == (1, "a face")
    events = exported.service.registry.events(after=before, limit=10)
    assert events[-1].body["redacted"] == [{"photo_id": front, "covered": 1, "omitted": False}]
    assert exported.service.registry.original(front)  # the sealed one stays


def test_a_photo_can_be_left_out_and_its_digest_stays(exported):
    note = exported.photos[3].photo_id
    files = export(exported, redactions=[Redaction(note, "address", omit=True)])
    assert [name for name in files if note[:16] in name] == []
    (photo,) = [one for one in told(files, "manifest.json")["photos"] if one["photo_id"] == note]
    assert photo["file"] is None
    assert note in files["report.en.html"].decode()
    assert "not included: address" in files["report.en.html"].decode()


def test_without_metadata_no_original_is_given(exported):
    assert b"SECRET-PLACE" in exported.data  # originals carry what the camera wrote
    files = export(exported, strip_metadata=True)
    assert not [name for name in files if name.startswith("originals/")]
    assert all(f"copies/{photo.photo_id}.jpg" in files for photo in exported.photos)
    assert not [name for name, data in files.items() if b"SECRET" in data]


def test_a_comparison_with_a_photo_that_was_erased_is_not_drawn(exported):
    found = told(exported.files, "case.json")["decisions"][0]["recommendation"]
    front = found["verdict"]["reference"]
    left = [one.photo_id for one in exported.photos if one.photo_id != front]
    drawn = draw_pictures(exported.service, left, found, {}, {})
    assert drawn.overlays is None
    assert not [name for name in drawn.files if name.endswith("-difference.jpg")]


def test_redactions_have_to_fit():
    ids, one = ["a", "b"], Redaction("a", "why", (Box(0, 0, 1, 1),))
    assert choose_redactions([], ids, strip_metadata=False) == {}
    assert set(choose_redactions([], ids, strip_metadata=True)) == {"a", "b"}
    assert choose_redactions([one], ids, strip_metadata=True)["a"] == one
    for wrong in ([replace(one, photo_id="c")], [one, one], [replace(one, omit=True)]):
        with pytest.raises(UnacceptableError):
            choose_redactions(wrong, ids, strip_metadata=False)


def test_nothing_is_exported_or_logged_where_it_does_not_fit(exported, monkeypatch):
    service, size = exported.service, exported.service.registry.log_size()
    with pytest.raises(NotFoundError):
        export_bundle(service, "claim-2")
    with pytest.raises(StaleError):
        export_bundle(service, "claim-1", expected=Expected(versions=frozenset({99})))
    outside = Redaction(exported.photos[0].photo_id, "x", (Box(0, 0, 9999, 1),))
    with pytest.raises(UnacceptableError):
        export_bundle(service, "claim-1", redactions=[outside])
    monkeypatch.setattr(bundles, "BUNDLES", BundleSettings(most_bytes=1000))
    with pytest.raises(PhotoTooLargeError, match="strip_metadata"):
        export_bundle(service, "claim-1")
    assert service.registry.log_size() == size


def test_a_damaged_original_is_never_exported(exported):
    service, registry = exported.service, exported.service.registry
    path = path_of(exported.home, exported.photos[0].photo_id)
    kept, size = path.read_bytes(), registry.log_size()
    path.chmod(0o600)
    path.write_bytes(kept[:-1] + b"x")
    try:
        with pytest.raises(DamagedOriginalError):
            export_bundle(service, "claim-1")
    finally:
        add_item_photo(service, "item-1", Upload(kept, "front"))  # which heals it
    kinds = [event.kind for event in registry.events(after=size, limit=10)]
    assert kinds == ["photo.damaged", "photo.healed"]
    rows = told(export(exported), "custody.json")
    (healed,) = [row for row in rows if row["kind"] == "photo.healed"]
    assert healed["photo_id"] == exported.photos[0].photo_id


def test_a_claim_that_changes_meanwhile_is_not_mixed(exported, monkeypatch):
    service, draw = exported.service, bundles.draw_pictures

    def draw_late(*args):
        service.registry.put_claim(
            replace(service.registry.claim("claim-1"), residence="US"), actor="support-1"
        )
        return draw(*args)

    monkeypatch.setattr(bundles, "draw_pictures", draw_late)
    with pytest.raises(ConflictError, match="meanwhile"):
        export_bundle(service, "claim-1")


@pytest.mark.torture
def test_ten_thousand_changes_of_a_demo_claims_bundle_are_all_caught(demo_bundle):
    rng = random.Random(4)  # noqa: S311 - the same changes every time
    assert verify.check(demo_bundle).faults == []
    missed = 0
    for _ in range(10_000):
        changed = bytearray(demo_bundle)
        changed[rng.randrange(len(changed))] ^= rng.randrange(1, 256)
        missed += not verify.check(bytes(changed)).faults
    assert missed == 0
