"""Replay on a real home, through the command line; the home stays as it is, to the byte."""

import hashlib
import json
import shutil
from dataclasses import replace
from importlib.resources import files

import pytest
import running
from stores import ON_SERVERS, copy_home, of_the_disk, stores_of
from test_cli import run
from test_service import CLAIM, ITEM

from evidence.registry.snapshot import open_snapshot
from evidence.registry.stores import DATABASE
from evidence.service.claims import add_claim_photo, open_claim
from evidence.service.items import add_item_photo, register_item
from evidence.service.uploads import Upload

POLICY = next(
    path for path in (files("evidence.policy") / "documents").iterdir() if path.suffix == ".toml"
).read_text()


@pytest.fixture(scope="module")
def stocked(tmp_path_factory, workers):
    home = tmp_path_factory.mktemp("replay") / "home"
    service = running.open_service(home, workers)
    register_item(service, ITEM)
    add_item_photo(service, "item-1", Upload(running.photo(0), "front"))
    open_claim(service, CLAIM)
    add_claim_photo(service, "claim-1", Upload(running.photo(0, "PNG"), "front"))
    open_claim(service, replace(CLAIM, claim_id="claim-2", reason="customer_reason"))
    service.registry.close()
    return home


@pytest.fixture
def home(stocked, tmp_path):
    copy_home(stocked, tmp_path / "home")
    return tmp_path / "home"


def digests(home):
    """Return each file's bytes and time of change."""
    return {
        str(path.relative_to(home)): (
            hashlib.sha256(path.read_bytes()).hexdigest(),
            path.stat().st_mtime_ns,
        )
        for path in sorted(home.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def files_of(tmp_path):
    def write(name, text):
        (tmp_path / name).write_text(text)
        return tmp_path / name

    return write


def test_the_same_policy_flips_nothing_and_nothing_changes(tmp_path, home, files_of):
    before = digests(home)
    done = run(tmp_path, "replay", "--policy", files_of("policy.toml", POLICY))
    assert done.returncode == 0, done.stderr
    assert "2 claims recomputed, 0 would flip, 0 left out" in done.stdout
    assert digests(home) == before


def test_another_policy_lists_what_would_flip_with_both_rules(tmp_path, home, files_of):
    before = digests(home)
    other = POLICY.replace('JPY = "50000"', 'JPY = "500000"')
    later = other.replace("in_force_from = 2025-02-10", "in_force_from = 2099-02-10")
    assert POLICY not in (other, later)
    told = tmp_path / "told.json"
    done = run(
        tmp_path, "replay", *(() if ON_SERVERS else ("--home", home)),
        "--policy", files_of("policy.toml", later), "--json", told,
    )  # fmt: skip
    found = json.loads(told.read_text())
    assert done.returncode == 1, done.stdout + done.stderr
    assert [flip["claim_id"] for flip in found["flips"]] == ["claim-1"]
    flip = found["flips"][0]
    assert (flip["before"]["outcome"], flip["after"]["outcome"]) == ("review", "approve")
    assert f"review by {flip['before']['rule']}" in done.stdout
    assert f"approve by {flip['after']['rule']}" in done.stdout
    assert found["outcomes"] == [
        {"before": "deny", "after": "deny", "claims": 1},
        {"before": "review", "after": "approve", "claims": 1},
    ]
    assert digests(home) == before


@pytest.mark.torture
def test_other_thresholds_compare_anew_and_list_the_claim(tmp_path, home, files_of):
    before = digests(home)
    told = tmp_path / "told.json"
    never = files_of("never.toml", "fusion.least_visible = 1.1\n")
    done = run(tmp_path, "replay", "--settings", never, "--json", told)
    assert done.returncode == 1, done.stdout + done.stderr
    (flip,) = json.loads(told.read_text())["flips"]
    assert flip["claim_id"] == "claim-1"
    assert flip["before"]["verdict"] != flip["after"]["verdict"] == "inconclusive"
    assert {"outcome", "verdict", "rule"} == set(flip["after"])
    for proposal in (flip["before"], flip["after"]):
        assert proposal["rule"] in done.stdout
    assert digests(home) == before


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("--settings", "copies.othr = 1", "copies.othr: there is no such setting"),
        ("--policy", "id = ", "policy document"),
        ("--policy", "", "policy document"),
    ],
)
def test_what_cannot_be_used_ends_with_2_and_one_line(tmp_path, home, files_of, name, text, why):
    done = run(tmp_path, "replay", name, files_of("it.toml", text))
    assert (done.returncode, done.stdout) == (2, "")
    assert why in done.stderr
    assert len(done.stderr.splitlines()) == 1


@of_the_disk
def test_a_home_where_nothing_is_kept_is_not_made(tmp_path, files_of):
    place = files_of("it.toml", "copies.other = -1.6")
    for arguments in (("--settings", place), ()):
        done = run(tmp_path, "replay", *arguments)
        assert done.returncode == 2
        assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "home").exists()


def test_a_home_in_use_is_copied_as_it_stands(home):
    registry = running.open_registry(home)
    try:
        register = replace(ITEM, item_id="item-2")
        registry.put_item(register)  # may still lie in the write-ahead log alone
        with open_snapshot(home, stores_of(home)) as snapshot:
            assert snapshot.item("item-2").item_id == "item-2"
            snapshot.put_item(replace(ITEM, item_id="item-3"))
        assert [item.item_id for item in registry.items()] == ["item-1", "item-2"]
    finally:
        registry.close()


@of_the_disk
def test_rows_that_a_killed_service_left_in_its_log_are_seen(home, tmp_path):
    registry = running.open_registry(home)
    registry.put_item(replace(ITEM, item_id="item-2"))
    killed = tmp_path / "killed"
    shutil.copytree(home, killed)  # as a kill leaves it: the log is not folded in
    registry.close()
    assert (killed / f"{DATABASE}-wal").stat().st_size
    before = digests(killed)
    with open_snapshot(killed) as snapshot:
        assert snapshot.item("item-2").item_id == "item-2"
    assert digests(killed) == before
