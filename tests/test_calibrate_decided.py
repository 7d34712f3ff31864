"""``evidence calibrate --decided`` on a real home of decided claims."""

import hashlib
import io
import json
from dataclasses import replace

import numpy as np
import pytest
import running
from PIL import Image
from stores import copy_home, of_the_disk
from test_evaluate_calibration import run
from test_replay import digests
from test_service import CLAIM, ITEM

from evidence.calibration import load_calibration
from evidence.registry.life_records import SecondAnswer, SecondReading, ShownPhoto
from evidence.registry.records import Decision, KeptPhoto

NOW = running.NOW
FRONTS = 6  # on each side of a claim: 36 pairs
CLAIMS = {  # number -> (card before shipping, the customer's, the reader's answer, decision)
    1: (1, 1, "same_item", "approve"),
    2: (2, 3, "different_product", "deny"),
    3: (4, 4, None, "approve"),
}


def draw(design, number):
    """Return a photo of a card whose lower half all designs share; each number is another file."""
    upper, lower = (
        np.random.default_rng(seed).integers(0, 255, (24, 32, 3), np.uint8) for seed in (design, 99)
    )
    card = Image.fromarray(np.vstack([upper, lower])).resize((315, 440), Image.Resampling.BICUBIC)
    photo = Image.new("RGB", (440, 560), (210, 210, 210))
    photo.paste(card, (60 + number, 60))
    file = io.BytesIO()
    photo.save(file, "JPEG")
    return file.getvalue()


def hang(add, owner, design, numbers):
    shown = []
    for number in numbers:
        data = draw(design, number)
        photo_id = hashlib.sha256(data).hexdigest()
        add(
            owner,
            KeptPhoto(photo_id, "front", "product", "image/jpeg", None, None, NOW),
            data,
            b"r",
        )
        shown.append(ShownPhoto(photo_id, "front", "image/jpeg"))
    return tuple(shown)


def keep_claim(registry, number, before, after, answer, decision):
    """Keep a claim as the service would; its photos are read when a calibration needs them."""
    item_id, claim_id = f"item-{number}", f"claim-{number}"
    registry.put_item(replace(ITEM, item_id=item_id))
    registry.put_claim(replace(CLAIM, item_id=item_id, claim_id=claim_id))
    sides = (
        hang(registry.add_item_photo, item_id, before, range(FRONTS)),
        hang(registry.add_claim_photo, claim_id, after, range(FRONTS, 2 * FRONTS)),
    )
    if answer is not None:
        asked = registry.ask_second_reading(
            SecondReading(0, claim_id, "Ito", "Sato", "", NOW, *sides)
        )
        given = SecondAnswer(answer, "certain", "seen", NOW, "same_item", "open", None, None)
        registry.answer_second_reading(claim_id, asked.reading_id, given)
    told = json.dumps({"window": {"state": "in"}})
    registry.add_decision(Decision(0, claim_id, decision, "Mori", "seen", told, NOW))


@pytest.fixture(scope="module")
def stocked(tmp_path_factory):
    home = tmp_path_factory.mktemp("decided") / "home"
    registry = running.open_registry(home)
    for number, facts in CLAIMS.items():
        keep_claim(registry, number, *facts)
    registry.close()
    return home


@pytest.fixture
def home(stocked, tmp_path):
    copy_home(stocked, tmp_path / "home")
    return tmp_path / "home"


@pytest.mark.torture
def test_decided_claims_alone_give_a_calibration_and_say_what_they_are(home, tmp_path):
    out, told = tmp_path / "new.toml", tmp_path / "told.json"
    before = digests(home)
    done = run(home, "calibrate", "--decided", "--out", out, "--json", told)
    assert done.returncode == 0, done.stderr
    assert digests(home) == before
    written = load_calibration(out.read_bytes())
    assert (written.same_pairs, written.different_pairs) == (36, 36)
    counts = "2 of 3 claims settle 72 pairs (1 same_item, 0 different_copy, 1 different_product)"
    assert counts in done.stdout
    assert counts in written.data
    assert "disputed claims only" in written.data
    assert "holds for such claims and not for every parcel" in done.stdout
    reason = "neither an inspection nor a second reader says which item it is"
    assert f"Claims left out, {reason}: 1." in done.stdout
    assert f"EVIDENCE_CALIBRATION={out}" in done.stdout  # it is not in use before somebody sets it
    found = json.loads(told.read_text())
    assert found["proposed"]["id"] == written.id
    assert found["decided"]["cases"] == [
        {"claim_id": "claim-1", "label": "same_item", "by": "second reading", "pairs": 36},
        {"claim_id": "claim-2", "label": "different_product", "by": "second reading", "pairs": 36},
    ]
    assert (found["decided"]["left_out"], found["decided"]["lost_photos"]) == ({reason: 1}, 0)


@pytest.mark.torture
def test_they_are_added_to_a_table_of_pairs(home, tmp_path):
    for name, design, number in (("a", 7, 0), ("b", 7, 1), ("c", 8, 0)):
        (tmp_path / f"{name}.jpg").write_bytes(draw(design, number))
    table, told = tmp_path / "pairs.csv", tmp_path / "told.json"
    table.write_text("reference,query,label\na.jpg,b.jpg,same_item\na.jpg,c.jpg,different\n")
    done = run(tmp_path, "calibrate", table, "--decided", "--home", home, "--json", told)
    assert done.returncode == 0, done.stderr
    found = json.loads(told.read_text())
    assert found["used"] == {"share_a_design": 37, "different": 37}
    assert found["proposed"]["data"].startswith("2 labelled pairs of pairs.csv; decided claims: ")


def test_too_few_end_with_2_and_one_line_that_says_how_many(home, tmp_path):
    registry = running.open_registry(home)
    registry.add_decision(Decision(0, "claim-2", "review", "Mori", "look again", "{}", NOW))
    registry.close()
    out = tmp_path / "new.toml"
    done = run(home, "calibrate", "--decided", "--out", out)
    assert (done.returncode, done.stdout, out.exists()) == (2, "", False)
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"{home}: 1 of 3 claims settle 36 pairs (1 same_item, ")
    assert "36 pairs share a design and 0 do not, and 30 of each are needed" in line


@of_the_disk
def test_a_home_where_nothing_is_kept_and_no_source_at_all_end_with_2(tmp_path):
    for arguments, why in ((("--decided",), "nothing is kept in"), ((), "name a table")):
        done = run(tmp_path / "none", "calibrate", *arguments)
        assert (done.returncode, done.stdout) == (2, "")
        assert why in done.stderr
        assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "none").exists()
