import json
import subprocess
import sys

import pytest
import running

from evidence import terminal
from evidence.comparison.verdict import VerdictName


def run(tmp_path, *arguments, **variables):
    return subprocess.run(
        [sys.executable, "-m", "evidence", *arguments],
        cwd=running.ROOT,
        env=running.environment(tmp_path / "home") | variables,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def photos(tmp_path):
    paths = []
    for seed, form in ((0, "JPEG"), (0, "PNG"), (5, "JPEG")):
        paths.append(tmp_path / f"{seed}.{form}")
        paths[-1].write_bytes(running.photo(seed, form))
    return paths


def test_compare_prints_one_json_document_and_nothing_else(tmp_path, photos):
    done = run(tmp_path, "compare", photos[0], photos[1], "--json")
    assert (done.returncode, done.stderr) == (0, "")
    verdict = json.loads(done.stdout)
    assert verdict["verdict"] in ("same_item", "same_design", "inconclusive")
    assert {
        "design", "copy", "condition", "hidden", "shortfalls", "reasons", "provenance",
    } <= set(verdict)  # fmt: skip


def test_compare_says_it_in_both_languages(tmp_path, photos):
    done = run(tmp_path, "compare", photos[0], photos[2])
    assert (done.returncode, done.stderr) == (0, "")
    said = done.stdout
    sentence = next(text for text in terminal.SENTENCES.values() if text.en in said)
    assert sentence.ja in said


def test_there_is_a_sentence_for_every_verdict():
    assert set(terminal.SENTENCES) == set(VerdictName.__args__)


@pytest.mark.parametrize(
    "data",
    [
        None,
        *(pytest.param(one, marks=pytest.mark.torture) for one in (b"", b"%PDF-1.7")),
        running.photo()[:3000],
    ],
    ids=range(4),
)
def test_an_unusable_photo_ends_with_2_and_one_line(tmp_path, photos, data):
    bad = tmp_path / "bad.jpg"
    if data is not None:
        bad.write_bytes(data)
    for pair in ((photos[0], bad), (bad, photos[0])):
        done = run(tmp_path, "compare", *pair, "--json")
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith(str(bad))
        assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("compare", "a.jpg", "b.jpg"),
        ("evaluate", "pairs.csv"),
        ("calibrate", "pairs.csv"),
        ("serve", "--port", "0"),
        ("demo", "--once"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_broken_calibration_stops_every_start_with_2_and_one_line(tmp_path, arguments):
    broken = tmp_path / "broken.toml"
    broken.write_text("bound = 2.5")
    done = run(tmp_path, *arguments, EVIDENCE_CALIBRATION=str(broken))
    assert (done.returncode, done.stdout) == (2, "")
    why = "calibration: id: Field required"
    assert done.stderr == f"EVIDENCE_CALIBRATION: {broken}: {why}\n"


def test_help_imports_nothing_heavy():
    heavy = ["numpy", "cv2", "PIL", "fastapi", "sqlalchemy", "imagehash"]
    code = f"import sys, evidence.cli; sys.exit(bool(set({heavy}) & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], cwd=running.ROOT).returncode == 0
