import csv
import json
import math
import subprocess
import sys
from dataclasses import asdict, replace
from itertools import product

import numpy as np
import pytest
import running
from PIL import Image

from evidence.calibration import load_calibration, packaged_calibration, write_calibration
from evidence.comparison.appearance import Measures
from evidence.comparison.fusion import weigh
from evidence.comparison.verdict import Finding
from evidence.errors import CalibrationError
from evidence.evaluate import REFUSED, Outcome, Pair, cllr, clopper_pearson, recalibrate
from evidence.evaluate.examples import NAMES, Example
from evidence.evaluate.fitting import fit
from evidence.evaluate.regression import regress
from evidence.text import Text

PRESENT = packaged_calibration()
SILENT = replace(PRESENT, weights=replace(PRESENT.weights, **dict.fromkeys(NAMES, 0), intercept=0))


def draw(rng, same, distance=0.5):
    """Measures of normal spread 0.2 around means that lie apart by so much."""
    return Measures(*(rng.normal(0.2 + distance * same, 0.2, 4)))


def make_examples(count=40, folders="abcd", distance=0.5, seed=0):
    """As many pairs of each kind, taking turns, from folders in turn."""
    rng = np.random.default_rng(seed)
    pairs = [
        Pair(f"{folders[i % len(folders)]}/{i}.jpg", "q.jpg", label, "", {})
        for i, label in product(range(count), ("same_design", "different"))
    ]
    return [Example(pair, draw(rng, pair.shares_design, distance)) for pair in pairs]


def as_outcome(example, code="design.appearance", llr=0.3, **others):
    values = asdict(example.measures) if example.measures else {}
    finding = Finding(code, Text("", ""), llr, values={**values, "visible": 1.0})
    pair = replace(example.pair, others=others)
    return Outcome(pair, "inconclusive", llr, None, (), 0.1, (finding,))


def as_unaligned(examples):
    return [replace(example, measures=None) for example in examples]


def judge(outcomes, present=PRESENT):
    return recalibrate(outcomes, present=present, data="simulated")


def other_label(example):
    label = "different" if example.same else "same_design"
    return replace(example, pair=replace(example.pair, label=label))


@pytest.mark.parametrize("share", [0.5, 0.1])
def test_the_likelihood_ratio_of_a_known_model_is_found_whatever_the_kinds_share(share):
    # normal findings of equal spread: ln LR = sum of (m1 - m0) x / s^2 - (m1^2 - m0^2) / 2 s^2
    rng = np.random.default_rng(1)
    same = rng.random(60_000) < share
    far, near, spread = np.array([0.1, 0.5]), np.array([0.3, 0.6]), np.array([0.2, 0.1])
    findings = rng.normal(np.where(same[:, None], near, far), spread)
    intercept, slopes = regress(findings, same)
    truth = (near - far) / spread**2 / math.log(10)
    assert slopes == pytest.approx(truth, rel=0.05)
    constant = ((far**2 - near**2) / (2 * spread**2)).sum() / math.log(10)
    assert intercept == pytest.approx(constant, rel=0.05)


def test_findings_that_make_no_mistake_get_finite_weights_and_idle_ones_none():
    findings = np.array([[0.0, 0.4], [0.1, 0.4], [0.9, 0.4], [1.0, 0.4]])
    _, (telling, idle) = regress(findings, np.array([False, False, True, True]))
    assert 0.5 < telling < 5
    assert idle == pytest.approx(0, abs=1e-6)


def test_the_penalty_does_not_depend_on_a_finding_s_unit():
    rng = np.random.default_rng(2)
    same = np.arange(40) % 2 == 0
    findings = rng.normal(same[:, None], 1.0, (40, 2))
    plain, scaled = regress(findings, same), regress(findings * 1000 + 7, same)
    assert scaled[1] * 1000 == pytest.approx(plain[1], rel=1e-4)


def test_one_kind_alone_cannot_be_fitted():
    with pytest.raises(ValueError, match="both kinds"):
        regress(np.ones((3, 1)), np.array([True] * 3))


def test_an_example_weighs_what_the_product_says_within_the_bound():
    example = make_examples(1)[0]
    wide = replace(PRESENT, bound=99.0)
    llr = weigh(example.measures, PRESENT)
    assert llr > PRESENT.bound
    assert (example.weigh(wide), example.weigh(PRESENT)) == (llr, PRESENT.bound)
    assert as_unaligned([example])[0].weigh(PRESENT) == PRESENT.weights.unaligned


@pytest.mark.parametrize(("folders", "split"), [("abcd", "folder"), ("a", "reference photo")])
def test_no_pair_is_judged_by_weights_that_saw_its_fold(folders, split):
    examples = make_examples(folders=folders)
    own = {example.pair.reference for example in examples}
    fold = [name for name in own if name[0] == "a"] if split == "folder" else sorted(own)[::5]
    mine = np.array([example.pair.reference in fold for example in examples])
    lied = [other_label(one) if yes else one for one, yes in zip(examples, mine, strict=True)]
    told, misled = fit(examples, present=PRESENT), fit(lied, present=PRESENT)
    assert told.split == split
    assert (told.llr[mine] == misled.llr[mine]).all()
    assert (told.llr[~mine] != misled.llr[~mine]).all()
    rest = [one for one, yes in zip(examples, mine, strict=True) if not yes]
    without = replace(PRESENT, weights=fit(rest, present=PRESENT).weights, bound=told.bound)
    expected = [one.weigh(without) for one, yes in zip(examples, mine, strict=True) if yes]
    assert told.llr[mine].tolist() == expected


@pytest.mark.parametrize("folders", ["ab", "a"])
def test_two_folders_are_too_few_to_leave_one_out(folders):
    fitted = fit(make_examples(folders=folders), present=PRESENT)
    assert (fitted.split, fitted.folds) == ("reference photo", 5)


def test_a_folder_that_holds_all_pairs_of_one_kind_is_not_left_out():
    examples = [
        replace(one, pair=replace(one.pair, reference="z/" + one.pair.reference))
        if not one.same
        else one
        for one in make_examples(folders="abc")
    ]
    assert fit(examples, present=PRESENT).split == "reference photo"


def test_pairs_of_one_reference_photo_cannot_be_cross_validated():
    examples = [
        one if one.same else replace(one, pair=replace(one.pair, reference="a/only.jpg"))
        for one in make_examples(folders="a")
    ]
    with pytest.raises(CalibrationError, match="too few reference photos"):
        fit(examples, present=PRESENT)


def test_so_few_pairs_bound_the_weight():
    fitted = fit(make_examples(60)[:-10], present=PRESENT)
    assert (fitted.same_pairs, fitted.different_pairs) == (55, 55)
    assert fitted.bound == round(math.log10(2 * 56), 3)
    assert (fitted.llr.min(), fitted.llr.max()) == (-fitted.bound, fitted.bound)


def test_pairs_told_apart_without_a_mistake_stay_finite():
    fitted = fit(make_examples(50, distance=20.0), present=PRESENT)
    weights = np.array(list(asdict(fitted.weights).values()))
    assert np.isfinite(weights).all()
    assert np.abs(weights).max() < 5


@pytest.mark.parametrize(
    ("same", "different", "llr"),
    [
        (0, 10, math.log10((0.5 / 41) / (10.5 / 51))),
        (2, 10, math.log10((2.5 / 43) / (10.5 / 51))),
        (9, 1, 0.0),  # never for the same design
    ],
)
def test_what_no_map_weighs_is_the_ratio_of_the_smoothed_shares(same, different, llr):
    examples = make_examples(40)
    more = as_unaligned([one for one in examples if one.same][:1]) * same
    more += as_unaligned([one for one in examples if not one.same][:1]) * different
    weights = fit([*examples, *more], present=PRESENT).weights
    assert weights.unaligned == pytest.approx(llr, abs=5e-5)
    assert math.copysign(1, weights.unaligned) == (1 if llr == 0 else -1)


def test_what_no_map_weighs_stays_within_the_bound():
    examples = make_examples(40)
    same = [one for one in examples if one.same] * 10
    fitted = fit([*examples, *same, *as_unaligned(examples)[1::2] * 10], present=PRESENT)
    assert math.log10((0.5 / 441) / (400.5 / 441)) < -fitted.bound
    assert fitted.weights.unaligned == -fitted.bound


def test_a_better_calibration_helps_and_its_numbers_are_those_of_cross_validation():
    examples = make_examples(100)
    found = judge([as_outcome(example) for example in examples], SILENT)
    fitted = fit(examples, present=SILENT)
    same = np.array([example.same for example in examples])
    assert (found.effect, found.before.cllr) == ("helps", 1.0)
    assert found.after.cllr == cllr(fitted.llr[same], fitted.llr[~same])
    assert found.low <= found.change <= found.high < 0
    assert found.knowing.cllr < found.after.cllr
    assert found.before.left_open == 200
    assert found.proposed.weights == fitted.weights


def test_the_thresholds_stay_and_say_how_often_they_were_wrong():
    present = replace(
        PRESENT,
        same=replace(PRESENT.same, llr=0.2),
        different=replace(PRESENT.different, llr=-0.1),
    )
    examples = make_examples(100, distance=0.15)
    found = judge([as_outcome(example) for example in examples], present)
    llr = fit(examples, present=present).llr
    wrong_same = sum(x >= 0.2 for x, one in zip(llr, examples, strict=True) if not one.same)
    wrong_different = sum(x <= -0.1 for x, one in zip(llr, examples, strict=True) if one.same)
    assert wrong_same > 0
    assert wrong_different > 0
    same, different = found.proposed.same, found.proposed.different
    assert (same.llr, same.wrong, same.total) == (0.2, wrong_same, 100)
    assert (different.llr, different.wrong, different.total) == (-0.1, wrong_different, 100)
    assert same.rate == clopper_pearson(wrong_same, 100).high
    assert different.rate == clopper_pearson(wrong_different, 100).high
    assert (found.after.wrong_same, found.after.wrong_different) == (wrong_same, wrong_different)


def test_a_calibration_that_is_right_already_gains_nothing():
    # of the normal findings that draw() makes, ln LR is 4 times d (x - 0.2 - d / 2) / 0.2^2
    distance = 0.1
    slope = distance / 0.2**2 / math.log(10)
    weights = {**dict.fromkeys(NAMES, slope), "intercept": -4 * slope * (0.2 + distance / 2)}
    right = replace(PRESENT, weights=replace(PRESENT.weights, **weights))
    found = judge([as_outcome(one) for one in make_examples(200, distance=distance)], right)
    assert found.effect == "no_difference"
    assert found.low <= found.change <= found.high
    assert found.low <= 0 <= found.high


def test_folders_that_contradict_each_other_make_it_worse_than_saying_nothing():
    examples = [
        replace(one, measures=Measures(*(-value for value in one.values)))
        if one.pair.folder == "a"
        else one
        for one in make_examples(60, folders="abc")
    ]
    found = judge([as_outcome(example) for example in examples], SILENT)
    assert (found.effect, found.split) == ("worse", "folder")
    assert 0 < found.low <= found.change <= found.high


def test_only_weighed_pairs_teach_and_the_rest_is_accounted_for():
    examples = make_examples(31)
    outcomes = [as_outcome(example) for example in examples]
    outcomes += [as_outcome(one, kind="same-artwork") for one in examples[:3]]
    outcomes += [as_outcome(one, kind="low_texture") for one in examples[:2]]
    outcomes += [as_outcome(one, "design.too_plain", None) for one in examples[:4]]
    lacking = as_unaligned(examples)
    outcomes += [as_outcome(lacking[1], "design.unaligned", -1.0)] * 5
    outcomes += [as_outcome(lacking[1], "design.unaligned", 0.0)] * 6  # a photo too poor to tell
    outcomes += [Outcome(examples[0].pair, REFUSED, None, None, (), 0.0, refusal="broken")]
    found = judge(outcomes)
    assert found.used == {"share_a_design": 31, "different": 36}
    assert (found.proposed.same_pairs, found.proposed.different_pairs) == (31, 31)
    assert found.proposed.same.total == 36
    assert found.left_out == {
        "a photo was refused": 1,
        "left open before weighing": 10,
        "of the kind low_texture": 2,
        "of the kind same_artwork": 3,
    }
    reference = judge(outcomes[:62])
    assert found.proposed.weights.agreement == reference.proposed.weights.agreement


def test_fewer_than_thirty_pairs_of_a_kind_are_refused_with_what_is_there():
    outcomes = [as_outcome(example) for example in make_examples(30)]
    assert judge(outcomes).proposed.same_pairs == 30
    with pytest.raises(CalibrationError, match=r"of these 59 pairs 30 and 29 do"):
        judge(outcomes[:-1])


def test_the_same_pairs_give_the_same_file_and_other_ones_another_id():
    outcomes = [as_outcome(example) for example in make_examples(40)]
    once, again = judge(outcomes), judge(outcomes)
    assert once == again
    assert json.loads(json.dumps(once.to_json()))["change"] == once.change
    written = write_calibration(once.proposed)
    assert load_calibration(written.encode()) == once.proposed
    assert once.proposed.data == "simulated"
    assert judge(outcomes[:-2]).proposed.id != once.proposed.id


def save_card(path, design):
    """Write a photo of a card, rich in details, whose lower half all designs share."""
    upper, lower = (
        np.random.default_rng(seed).integers(0, 255, (24, 32, 3), np.uint8) for seed in (design, 99)
    )
    card = Image.fromarray(np.vstack([upper, lower])).resize((315, 440), Image.Resampling.BICUBIC)
    photo = Image.new("RGB", (440, 560), (210, 210, 210))
    photo.paste(card, (60, 60))
    photo.save(path)


@pytest.fixture(scope="module")
def labelled(tmp_path_factory):
    """Thirty-two pairs of each kind; all the designs share their lower half."""
    directory = tmp_path_factory.mktemp("labelled")
    for design, form in product(range(8), ("jpg", "png")):
        save_card(directory / f"{design}.{form}", design)
    rows = [
        (f"{n}.{a}", f"{n}.{b}") for n in range(8) for a in ("jpg", "png") for b in ("jpg", "png")
    ]
    others = [(f"{n}.jpg", f"{(n + step) % 8}.png") for n in range(8) for step in (1, 2, 3, 4)]
    with (directory / "pairs.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["reference", "query", "label"])
        table.writerows([*row, "same_item"] for row in rows)
        table.writerows([*row, "different"] for row in others)
    return directory


def run(home, *arguments, **variables):
    return subprocess.run(
        [sys.executable, "-m", "evidence", *map(str, arguments)],
        cwd=running.ROOT,
        env=running.environment(home) | {"EVIDENCE_SECONDS": "60", **variables},
        capture_output=True,
        text=True,
    )


@pytest.mark.torture
def test_the_command_writes_a_calibration_that_the_product_then_uses(labelled, tmp_path):
    out, told = tmp_path / "new.toml", tmp_path / "told.json"
    words = "Simulated cards."
    done = run(
        tmp_path, "calibrate", labelled / "pairs.csv", "--out", out, "--json", told, "--data", words
    )
    assert done.returncode == 0, done.stderr
    written = load_calibration(out.read_bytes())
    assert (written.data, written.same_pairs, written.different_pairs) == (words, 32, 32)
    assert f"EVIDENCE_CALIBRATION={out}" in done.stdout
    assert written.id in done.stdout
    assert "Cllr" in done.stdout
    found = json.loads(told.read_text())
    assert found["proposed"] == asdict(written)
    assert found["effect"] in ("helps", "no_difference", "worse")
    assert "Comparing" not in done.stdout  # bars go to standard error

    photos = labelled / "0.jpg", labelled / "0.png"
    done = run(tmp_path, "compare", *photos, "--json", EVIDENCE_CALIBRATION=str(out))
    assert done.returncode == 0, done.stderr
    verdict = json.loads(done.stdout)
    assert verdict["provenance"]["calibration"] == written.id
    values = verdict["reasons"][0]["values"]
    llr = weigh(Measures(*(values[name] for name in NAMES)), written)
    assert verdict["design"]["llr"] == pytest.approx(min(llr, written.bound), abs=0.002)
    assert verdict["design"]["bound"] == written.bound


def test_too_few_pairs_end_with_2_and_write_nothing(labelled, tmp_path):
    table = tmp_path / "few.csv"
    table.write_text("reference,query,label\n0.jpg,0.png,same_item\n0.jpg,1.png,different\n")
    out = tmp_path / "new.toml"
    done = run(
        tmp_path,
        "calibrate",
        table,
        "--root",
        labelled,
        "--out",
        out,
        "--json",
        out.with_suffix(".json"),
    )
    assert done.returncode == 2
    assert done.stderr.strip().splitlines()[-1].startswith(f"{table}: 30 pairs that share")
    assert not any(path.exists() for path in (out, out.with_suffix(".json")))


def test_an_older_file_is_never_written_over(labelled, tmp_path):
    out = tmp_path / "kept.toml"
    out.write_text("mine")
    done = run(tmp_path, "calibrate", labelled / "pairs.csv", "--out", out)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"{out}: this file exists; name another, or move it away first\n"
    assert out.read_text() == "mine"


def test_one_place_for_two_results_is_refused(labelled, tmp_path):
    out = tmp_path / "both"
    done = run(tmp_path, "calibrate", labelled / "pairs.csv", "--out", out, "--json", out)
    assert (done.returncode, out.exists()) == (2, False)
    assert "two files" in done.stderr
