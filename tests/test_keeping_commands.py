"""Check, backup, restore and retention as they are typed."""

import json
from contextlib import closing

import pytest
import running
from registry.planting import chance_of, overwrite, path_of, plant_flipped_bit, plant_gone
from registry.samples import item, photo
from registry.test_scrub import keep
from stores import of_the_disk, settings_of, stores_of
from typer.testing import CliRunner

from evidence.cli import app
from evidence.registry.stores import DATABASE


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


@pytest.fixture
def ids(home):
    with closing(running.open_registry(home)) as registry:
        return keep(registry, 3)


@pytest.fixture
def typed(home, monkeypatch):
    settings = {"EVIDENCE_HOME": str(home)} | settings_of(stores_of(home))
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


def test_verify_says_what_is_wrong_and_what_to_do(typed, home, ids, tmp_path):
    whole = typed("verify")
    assert (whole.exit_code, "Everything that is kept is whole" in whole.output) == (0, True)
    plant_gone(home, ids, None)
    report = tmp_path / "found.json"
    found = typed("verify", "--from-start", "--threads", 1, "--json", report)
    assert found.exit_code == 1
    assert f"{ids[0]}: the original is gone" in found.output
    assert "Upload the same file again" in found.output
    assert "Nothing was repaired" in found.output
    told = json.loads(report.read_text())
    assert (told["whole"], told["photos"]) == (False, 3)
    assert [one["subject_id"] for one in told["findings"]] == [ids[0]]
    assert "told in the log before" in typed("verify").output


@of_the_disk
def test_verify_of_a_broken_database_says_to_restore(typed, home, ids):
    (home / DATABASE).write_bytes(b"no database at all")
    found = typed("verify")
    assert (found.exit_code, "evidence restore" in found.output) == (1, True)


@of_the_disk
@pytest.mark.parametrize(
    "command", [("verify",), ("backup", "TO"), ("retention",), ("restore", "FROM"),
                ("restore", "FROM", "--only", "x")],
)  # fmt: skip
def test_what_cannot_be_used_ends_with_2_and_makes_nothing(typed, home, tmp_path, command):
    words = [tmp_path / word if word.isupper() else word for word in command]
    done = typed(*words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert not home.exists()


def test_a_backup_heals_one_photo_or_makes_a_new_home(typed, home, ids, tmp_path):
    place, other = tmp_path / "backup", tmp_path / "other"
    assert "3 of 3 photos" in typed("backup", place).output
    plant_flipped_bit(home, ids, chance_of(3))
    assert typed("verify").exit_code == 1
    again = typed("backup", place)
    assert again.exit_code == 1
    assert f"damaged in the home, whole in the backup: {ids[0]}" in again.output
    healed = typed("restore", place, "--only", ids[0])
    assert (healed.exit_code, "is whole" in healed.output) == (0, True)
    assert typed("verify").exit_code == 0
    assert typed("backup", place, "--without-key").exit_code == 0
    assert typed("restore", place).exit_code == 2  # the home is in use
    assert typed("restore", place, "--home", other).exit_code == 0
    assert typed("verify", "--home", other).exit_code == 0


def test_a_damaged_original_that_was_never_copied_is_told(typed, home, ids, tmp_path):
    overwrite(path_of(home, ids[0]), b"not this")
    done = typed("backup", tmp_path / "backup")
    assert done.exit_code == 1
    assert f"not in the backup: {ids[0]}" in done.output
    assert "2 of 3 photos" in done.output
    restored = typed("restore", tmp_path / "backup", "--home", tmp_path / "other")
    assert (restored.exit_code, ids[0] in restored.output) == (1, True)


def test_what_is_due_is_shown_and_erased_only_by_somebody_for_a_reason(
    typed, home, tmp_path, monkeypatch
):
    long_ago = photo(b"loose").added_at.replace(year=2020)
    with closing(running.open_registry(home)) as registry:
        registry.keep_loose_photo(photo(b"loose", added_at=long_ago), b"loose", b"r")
        registry.put_item(item())
        registry.add_item_photo("item", photo(b"new"), b"new", b"r")
    loose, report = photo(b"loose").photo_id, tmp_path / "due.json"
    shown = typed("retention", "--json", report)
    assert shown.exit_code == 0
    assert "1 photos are due by retention 2025-02-10. Nothing was erased." in shown.output
    assert "1 stay: its time has not come." in shown.output
    assert [one["photo_id"] for one in json.loads(report.read_text())["due"]] == [loose]
    for lacking in ((), ("--by", "Ada"), ("--reason", "due"), ("--by", " ", "--reason", "due")):
        assert typed("retention", "--erase", *lacking).exit_code == 2
    assert path_of(home, loose).exists()
    rules = tmp_path / "rules.toml"
    rules.write_text("id = 3")
    monkeypatch.setenv("EVIDENCE_RETENTION", str(rules))
    refused = typed("retention", "--erase", "--by", "Ada", "--reason", "due")
    assert (refused.exit_code, "EVIDENCE_RETENTION" in refused.output) == (2, True)
    monkeypatch.delenv("EVIDENCE_RETENTION")
    done = typed("retention", "--erase", "--by", "Ada", "--reason", "due")
    assert (done.exit_code, "1 photos were erased" in done.output) == (0, True)
    assert not path_of(home, loose).exists()
    with closing(running.open_registry(home)) as registry:
        [stone] = registry.tombstones()
        assert (stone.erased_by, stone.reason) == ("Ada", "due")
