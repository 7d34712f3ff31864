"""The eight attacks on the log, by somebody who may write all of the home: each is found offline.

The second place and the key that the verifier was given are out of the attacker's reach.
"""

import json
from contextlib import closing

import pytest
import running
from registry.log_samples import fill, log_anew, tamper
from stores import ON_SERVERS, copy_home, stores_of

from evidence.errors import NoteError, StorageError
from evidence.registry import log_check
from evidence.registry.checkpoint_file import CheckpointFile
from evidence.registry.snapshot import open_snapshot

COLUMNS = "at, kind, subject, subject_id, actor, body, salt, details, leaf"
OTHER = "sha256('other')" if ON_SERVERS else "randomblob(32)"
EDITS = [
    "actor = 'eve'",
    "subject = 'claim'",
    "subject_id = 'i99'",
    "body = '{}'",
    "salt = '0'" if ON_SERVERS else "salt = x'00'",
    "salt = 'text'",
    "salt = NULL",
    f"details = {OTHER}",
    "kind = 'x'",
    "at = '2020-01-01 00:00:00.000000'",
    "at = 'infinity'" if ON_SERVERS else "at = 7",
    "kind = NULL",
    "details = 'text'",
    f"leaf = {OTHER}",
    "leaf = 'text'",
]
ERASE = "UPDATE events SET subject_id = NULL, actor = NULL, body = NULL, salt = NULL"


@pytest.fixture
def place(tmp_path):
    return tmp_path / "second"


@pytest.fixture
def log(registry, place):
    """A log of 700 entries with checkpoints of 100, 300, 512 and 700 in a second place."""
    for start, end in ((1, 100), (101, 300), (301, 512), (513, 700)):
        fill(registry, end - start + 1, start=start)
        CheckpointFile(place).add([registry.sign_log()])
    return registry


def found(log, place, **options):
    report = log.check_log([place], **options)
    return [(fault.kind, fault.first, fault.last) for fault in report.faults]


def texts(log, place, **options):
    return "\n".join(fault.text for fault in log.check_log([place], **options).faults)


def test_a_whole_log_has_no_faults(log, place):
    report = log.check_log([place])
    assert (report.entries, report.erased, report.checkpoints, report.faults) == (700, 0, 8, ())
    proofs = [log.log_proof(3).partition("\n\n")[2]]
    assert log.check_log([place], proofs, key=log.log_key()).checkpoints == 9


def test_an_empty_log_is_whole(registry, place):
    assert registry.check_log([place]).faults == ()


def test_a_log_is_checked_from_a_copy_with_the_key_from_elsewhere(log, place, home):
    key = log.log_key()
    with open_snapshot(home, stores_of(home)) as copy:
        assert copy.check_log([place], key=key).faults == ()
        with pytest.raises(StorageError, match="signs nothing"):
            copy.check_log([place])
        with pytest.raises(NoteError):
            copy.check_log([place], key="no key")


# 1: edit
def test_edited_rows_are_found_whatever_was_edited(log, place):
    tamper(
        log,
        "CREATE TABLE other AS SELECT * FROM events",  # without what columns must not be
        "DROP TABLE events",
        "ALTER TABLE other RENAME TO events",
    )
    for count, change in enumerate(EDITS, 1):
        tamper(log, f"UPDATE events SET {change} WHERE number = {10 * count}")
        assert ("edited", 10 * count, 10 * count) in found(log, place), change
    assert "entry 10 was edited after being logged" in texts(log, place)
    tamper(log, "UPDATE events SET kind = 'x' WHERE number IN (201, 202)")
    assert "entries 201 to 202 were edited after being logged" in texts(log, place)


# 2: delete
def test_a_deleted_row_is_found(log, place):
    tamper(log, "DELETE FROM events WHERE number BETWEEN 300 AND 301")
    assert found(log, place) == [("missing", 300, 301)]
    assert "entries 300 to 301 are missing: deleted after being logged" in texts(log, place)


def test_a_deleted_row_is_found_where_the_gap_was_closed(log, place):
    tamper(log, "DELETE FROM events WHERE number = 650")
    tamper(log, "UPDATE events SET number = number - 1 WHERE number > 650")
    assert ("moved", 650, 699) in found(log, place)
    assert "something before was deleted, and the gap closed" in texts(log, place)


# 3: cut the tail
def test_a_tail_that_was_cut_off_is_found(log, place):
    for left in (699, 512, 511, 1, 0):
        tamper(log, f"DELETE FROM events WHERE number > {left}")
        assert ("cut", left + 1, 700) in found(log, place)
        assert f"the log ends at entry {left}, but the home has signed for 700" in texts(log, place)


def test_a_tail_that_was_cut_off_with_its_checkpoints_is_found_by_the_trees_hashes(log, place):
    tamper(log, "DELETE FROM events WHERE number > 300", "DELETE FROM log_checkpoints")
    CheckpointFile(place).path.unlink()
    assert found(log, place) == [("cut", 301, 512)]


# 4: reorder
def test_entries_that_changed_places_are_found(log, place):
    for one, other in ((5, 6), (10, 255), (20, 600)):
        tamper(
            log,
            f"UPDATE events SET number = -1 WHERE number = {one}",
            f"UPDATE events SET number = {one} WHERE number = {other}",
            f"UPDATE events SET number = {other} WHERE number = -1",
        )
        assert {("moved", one, one), ("moved", other, other)} <= set(found(log, place))
        assert f"entry {one} was logged as {other}: the order was changed" in texts(log, place)
        assert f"entry {other} was logged as {one}: the order was changed" in texts(log, place)


def test_entries_whose_contents_changed_places_are_found(log, place):
    columns = COLUMNS.removesuffix(", leaf")
    tamper(
        log,
        f"CREATE TABLE aside AS SELECT number, {columns} FROM events WHERE number IN (5, 90)",
        f"UPDATE events SET ({columns}) = "
        f"(SELECT {columns} FROM aside WHERE aside.number = 95 - events.number) "
        "WHERE number IN (5, 90)",
    )
    assert "entry 5 was logged as 90: the order was changed" in texts(log, place)


# 5: insert
def test_an_inserted_row_is_found(log, place):
    tamper(log, "UPDATE events SET number = -number - 1 WHERE number >= 40")
    tamper(log, "UPDATE events SET number = -number WHERE number < 0")
    tamper(
        log,
        f"INSERT INTO events (number, {COLUMNS}) SELECT 40, {COLUMNS} FROM events WHERE number=39",
    )
    assert ("moved", 40, 701) in found(log, place)
    assert "entries 40 to 701 were logged as 39 to 700: something was inserted" in texts(log, place)
    assert ("rewritten", 1, 100) in found(log, place)


# 6: hash everything again after an edit, and sign it with the home's own key
def test_a_rewritten_history_is_found(log, place):
    tamper(log, "UPDATE events SET body = '{\"n\":8}' WHERE number = 305")
    log_anew(log)
    log.sign_log()
    assert found(log, place=place.parent / "nowhere") == []  # the home alone is whole
    assert found(log, place) == [("forked", 1, 700), ("rewritten", 301, 512)]
    assert f"the first 512 entries are not those signed for in {place}" in texts(log, place)
    assert "history was rewritten after entry 300" in texts(log, place)


# 7: yesterday's home
def test_yesterdays_home_is_found(home, place, tmp_path):
    with closing(running.open_registry(home)) as log:
        fill(log, 300)
        CheckpointFile(place).add([log.sign_log()])
    copy_home(home, tmp_path / "yesterday")
    with closing(running.open_registry(home)) as log:
        fill(log, 50, start=301)
        CheckpointFile(place).add([log.sign_log()])
    with closing(running.open_registry(tmp_path / "yesterday")) as log:
        assert found(log, place) == [("restored", 301, 350)]
        told = texts(log, place)
        assert told.startswith(f"the log ends at entry 300, but {place} has a checkpoint of 350")
        assert "an older copy of the home was put back" in told


# 8: two histories, signed with the same key
def test_two_histories_are_found(home, place, tmp_path):
    with closing(running.open_registry(home)) as log:
        fill(log, 20)
        CheckpointFile(place).add([log.sign_log()])
    copy_home(home, tmp_path / "other")
    with closing(running.open_registry(tmp_path / "other")) as other:
        fill(other, 10, start=21)
        shown = other.log_proof(25).partition("\n\n")[2]  # to a customer, say
    with closing(running.open_registry(home)) as log:
        fill(log, 10, start=21)  # the same changes in another history: other random bytes
        CheckpointFile(place).add([log.sign_log()])
        for more in (0, 10):
            fill(log, more, start=31)
            assert found(log, place) == []
            assert found(log, place, notes=[shown]) == [("forked", 1, 30)]
            told = texts(log, place, notes=[shown])
            assert told.startswith("two histories: ")
            assert "different roots signed for the first 30 entries" in told


def test_two_histories_of_other_lengths_are_found(home, place, tmp_path):
    with closing(running.open_registry(home)) as log:
        fill(log, 20)
    copy_home(home, tmp_path / "other")
    with closing(running.open_registry(tmp_path / "other")) as other:
        fill(other, 5, start=21)
        shown = other.sign_log()
    with closing(running.open_registry(home)) as log:
        fill(log, 10, start=21)
        CheckpointFile(place).add([log.sign_log()])
        assert found(log, place, notes=[shown]) == [("forked", 1, 25)]
        assert "but later ones are: two histories" in texts(log, place, notes=[shown])


# and what else may be done to it
def test_hashes_of_the_tree_that_were_changed_are_found(log, place):
    tamper(log, f"UPDATE log_nodes SET hash = {OTHER} WHERE number = 1")
    assert found(log, place) == [("tree", 257, 512)]
    tamper(log, "DELETE FROM log_nodes WHERE number = 0")
    assert found(log, place) == [("tree", 1, 256), ("tree", 257, 512)]


def test_a_checkpoint_that_the_key_has_not_signed_is_found(log, place):
    forged = log.sign_log().replace("\n700\n", "\n701\n")
    CheckpointFile(place).add([forged])
    assert found(log, place) == [("checkpoint", 0, 0)]
    assert f"checkpoint 5 of {place} is not to be believed" in texts(log, place)


def test_what_was_erased_is_counted_and_the_rest_stays_proved(log, place):
    tamper(log, f"{ERASE} WHERE number IN (3, 400)")
    report = log.check_log([place])
    assert (report.erased, report.faults) == (2, ())


def test_many_shuffled_rows_end_in_a_report_all_the_same(log, place, monkeypatch):
    monkeypatch.setattr(log_check, "MOST_SUSPECTS", 3)
    tamper(log, "UPDATE events SET kind = 'x' WHERE number & 1 = 0")
    faults = found(log, place)
    assert len([one for one in faults if one[0] == "edited"]) == 350


def test_the_checks_own_words_are_one_line_each(log, place):
    tamper(log, "UPDATE events SET kind = 'x' WHERE number > 690")
    for fault in log.check_log([place]).faults:
        assert fault.text.isprintable()
        assert json.dumps(fault.text)
