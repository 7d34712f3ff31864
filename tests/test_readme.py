"""What README.md tells to type works as written."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import running

README = (running.ROOT / "README.md").read_text(encoding="utf-8")


def blocks():
    return re.findall(r"```sh\n(.*?)```", README, re.DOTALL)


def test_the_two_commands_are_given():
    assert "make demo" in blocks()[0]
    assert "make test" in blocks()[0]
    assert "make test" in (running.ROOT / ".ci" / "run").read_text()


def test_every_setting_is_listed():
    source = (running.ROOT / "api" / "config.py").read_text()
    names = re.findall(r"^    (\w+): .+ = Field\(", source, re.MULTILINE)
    assert len(names) >= 10
    missing = [name for name in names if f"EVIDENCE_{name.upper()}" not in README]
    assert missing == []


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_curl_sequence_works_as_written(tmp_path):
    typed = next(block for block in blocks() if "API=" in block)
    assert ".venv/bin/evidence serve" in README
    with running.served(tmp_path / "home", EVIDENCE_API_KEY="my-key") as service:
        typed = typed.replace("http://127.0.0.1:8000", service.url)  # a free port
        typed = typed.replace("/tmp/photos", str(tmp_path / "photos"))  # noqa: S108
        typed = typed.replace(".venv/bin/python", sys.executable)
        typed = typed.replace("curl -sS", "curl -sS --fail-with-body -w '\\n====\\n'")
        typed = typed.replace("=$(curl -sS --fail-with-body -w '\\n====\\n'", "=$(curl -sS")
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", typed],
            cwd=running.ROOT,
            capture_output=True,
            text=True,
        )
    assert done.returncode == 0, done.stdout + done.stderr
    answers = [
        json.loads(part) for part in done.stdout.split("====") if part.strip().startswith("{")
    ]
    looked, kept, *answers = answers
    assert (looked["dry_run"], looked["new"], kept["applied"], kept["new"]) == (True, 1, True, 1)
    item, front, back, sealed, claim, photo, recommendation, waiting, decision, feed = answers
    assert item["item_id"] == "item-1"
    assert len(front["photo_id"]) == len(back["photo_id"]) == len(photo["photo_id"]) == 64
    assert sealed["sealed_at"]
    assert claim["claim_id"] == "claim-1"
    assert recommendation["outcome"] == "approve"
    assert recommendation["verdict"]["verdict"] == "same_item"
    assert [one["claim_id"] for one in waiting["claims"]] == ["claim-1"]
    assert decision["decided_by"] == "support-1"
    assert [one["kind"] for one in feed["events"]] == [
        "item.registered", "item.registered", "item.photo_added", "item.photo_added",
        "item.sealed", "claim.opened", "claim.photo_added", "claim.recommended", "claim.moved",
        "claim.viewed", "claim.moved", "claim.decided",
    ]  # fmt: skip
    picture = Path(tmp_path / "photos" / "difference.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
