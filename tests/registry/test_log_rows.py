import json
from contextlib import closing

import pytest
import running
from registry.log_samples import fill, root_of, tamper
from registry.samples import NOW, item
from sqlalchemy import text
from stores import ON_SERVERS, of_the_disk, stores_of

from evidence.errors import NotFoundError, StorageError, TamperedLogError
from evidence.registry import log_tree
from evidence.registry.checkpoints import Checkpoint, open_checkpoint, open_proof
from evidence.registry.event_rows import add_event
from evidence.registry.log_key import LogIdentity
from evidence.registry.log_leaves import digest_details
from evidence.registry.merkle import extends
from evidence.registry.signed_notes import make_signer, open_note, read_verifier
from evidence.registry.snapshot import open_snapshot


def signed(registry):
    return open_checkpoint(registry.sign_log(), read_verifier(registry.log_key()))


def test_every_entry_is_proved_with_nothing_but_the_key(registry):
    key, size = read_verifier(registry.log_key()), 0
    for count in (1, 2, 255, 256, 257, 600):
        fill(registry, count - size, start=size + 1)
        size = count
        numbers = sorted({1, 2, count // 2 + 1, 256, count} & set(range(1, count + 1)))
        root = root_of(registry, count)
        registry.sign_log()
        for entry, proof in zip(
            registry.log_entries(numbers), registry.log_proofs(numbers), strict=True
        ):
            index, checkpoint = open_proof(proof, entry.leaf, key)
            assert (index + 1, checkpoint) == (entry.number, Checkpoint(key.name, count, root))
            leaf = json.loads(entry.leaf)
            digest = digest_details(entry.salt, entry.details).hex()
            assert (leaf["number"], leaf["details"]) == (entry.number, f"sha256:{digest}")
            assert json.loads(entry.details)["subject_id"] == f"i{entry.number}"


def test_the_tree_of_tiles_upon_tiles_is_the_tree(registry, monkeypatch):
    monkeypatch.setattr(log_tree, "BITS", 2)
    monkeypatch.setattr(log_tree, "WIDTH", 4)
    size, key = 0, read_verifier(registry.log_key())
    for count in (1, 2, 1, 12, 1, 46, 1, 1, 66, 125):  # up to 256: four levels of tiles
        fill(registry, count, start=size + 1)
        size += count
        checkpoint = signed(registry)
        assert (checkpoint.size, checkpoint.root) == (size, root_of(registry, size))
    numbers = range(1, size + 1)
    for entry, proof in zip(
        registry.log_entries(numbers), registry.log_proofs(numbers), strict=True
    ):
        assert open_proof(proof, entry.leaf, key)[0] == entry.number - 1
    with registry._database.reading() as connection:
        query = "SELECT level, count(*) FROM log_nodes GROUP BY level ORDER BY level"
        levels = connection.execute(text(query)).all()
    assert levels == [(1, 64), (2, 16), (3, 4), (4, 1)]


def test_each_change_is_one_entry_and_each_checkpoint_extends_the_last(registry):
    before = None
    for number in range(1, 12):
        registry.put_item(item(f"i{number}"))
        after = signed(registry)
        assert after.size == registry.log_size() == number
        if before is not None:
            proof = registry.log_consistency(before.size, after.size)
            assert extends(before.size, before.root, after.size, after.root, proof)
        before = after
    assert len(registry.log_checkpoints()) == 11
    assert len(registry.log_checkpoints(after=9)) == 2


def test_a_change_that_is_undone_leaves_no_gap(registry):
    def fail():
        with registry._database.writing() as connection:
            add_event(connection, "k", subject="s", subject_id="i", actor="a", at=NOW)
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    fill(registry, 3)
    assert [event.number for event in registry.events(after=0, limit=9)] == [1, 2, 3]


def test_the_database_refuses_a_number_out_of_turn(registry):
    fill(registry, 3)
    insert = (
        f"{'INSERT' if ON_SERVERS else 'REPLACE'} INTO events VALUES "
        "(:n, '2026-01-01 00:00:00', 'k', 's', 'i', 'a', '{}', :byte, :byte, :byte)"
    )
    for number in (1, 3, 5, 9):
        with pytest.raises(StorageError), registry._database.writing() as connection:
            connection.execute(text(insert), {"n": number, "byte": b"0"})
    assert registry.log_size() == 3
    with registry._database.writing() as connection:
        connection.execute(text(insert), {"n": 4, "byte": b"0"})  # nothing but its number was wrong


def test_the_database_refuses_to_change_the_log(registry):
    fill(registry, 300)
    before = registry.sign_log()
    for change in (
        "UPDATE events SET salt = NULL",
        "UPDATE events SET subject_id = NULL, actor = NULL, body = NULL",
        "UPDATE events SET subject_id = NULL, actor = NULL, body = NULL, salt = NULL, kind = 'x'",
        "UPDATE events SET subject_id = NULL, actor = NULL, body = '{}', salt = NULL",
        "UPDATE events SET actor = 'eve'",
        "DELETE FROM events",
        "UPDATE log_nodes SET hash = x'00'",
        "DELETE FROM log_nodes",
        "INSERT OR REPLACE INTO log_nodes VALUES (1, 0, x'00')",
        "UPDATE log_checkpoints SET note = ''",
        "DELETE FROM log_checkpoints",
        "INSERT OR REPLACE INTO log_checkpoints VALUES (300, '')",
    ):
        with pytest.raises(StorageError), registry._database.writing() as connection:
            connection.exec_driver_sql(change)
    assert registry.sign_log() == before


def test_what_is_personal_can_be_erased_and_every_proof_stays_whole(registry):
    fill(registry, 5)
    proof, entry = registry.log_proof(3), registry.log_entries([3])[0]
    with registry._database.writing() as connection:
        connection.execute(
            text(
                "UPDATE events SET subject_id = NULL, actor = NULL, body = NULL, salt = NULL "
                "WHERE number = 3"
            )
        )
    erased = registry.log_entries([3])[0]
    assert (erased.leaf, erased.salt, erased.details) == (entry.leaf, None, None)
    assert registry.log_proof(3) == proof
    event = registry.events(after=2, limit=1)[0]
    assert (event.kind, event.subject_id, event.actor) == ("item.changed", "", "")
    assert event.body == {"erased": True}
    fill(registry, 1, start=6)
    assert signed(registry).root == root_of(registry, 6)


def test_what_is_not_there_is_not_proved(registry):
    with pytest.raises(NotFoundError):
        registry.sign_log()
    fill(registry, 2)
    for number in (0, 3):
        with pytest.raises(NotFoundError):
            registry.log_proof(number)
        with pytest.raises(NotFoundError):
            registry.log_entries([1, number])
    with pytest.raises(NotFoundError):
        registry.log_consistency(1, 3)
    assert registry.log_proofs([]) == registry.log_entries([]) == []


def test_a_log_that_does_not_extend_what_was_signed_is_not_signed(registry):
    fill(registry, 300)
    note = registry.sign_log()
    tamper(registry, "DELETE FROM events WHERE number = 300")
    with pytest.raises(TamperedLogError, match="ends at entry 299"):
        registry.sign_log()
    fill(registry, 5, start=300)
    with pytest.raises(TamperedLogError, match="first 300 entries"):
        registry.sign_log()
    assert registry.log_checkpoints() == [note]
    with pytest.raises(TamperedLogError, match="first 300"):
        registry.require_log(open_checkpoint(note, read_verifier(registry.log_key())))
    with pytest.raises(TamperedLogError, match="first 1 entries"):
        registry.require_log(Checkpoint("x", 1, bytes(32)))


@of_the_disk
def test_the_key_is_made_once_for_our_eyes_and_stays(home):
    with closing(running.open_registry(home)) as registry:
        key = registry.log_key()
        assert (home / "log.key").stat().st_mode & 0o777 == 0o600
        assert key.startswith("photo-evidence/")
    with closing(running.open_registry(home)) as registry:
        assert registry.log_key() == key


def test_a_key_and_a_name_can_be_set(home):
    given = make_signer("shop.example/log")
    settings = LogIdentity(given.text, "shop.example/log")
    with closing(running.open_registry(home, log=settings)) as registry:
        assert registry.log_key() == given.verifier.text
    assert ON_SERVERS or not (home / "log.key").exists()
    with pytest.raises(StorageError, match="EVIDENCE_LOG_ORIGIN"):
        running.open_registry(home, log=LogIdentity(given.text, "other.example"))
    with pytest.raises(StorageError, match="EVIDENCE_LOG_KEY") as caught:
        running.open_registry(home, log=LogIdentity(given.text[:-4]))
    assert given.text[-20:-4] not in str(caught.value)


@of_the_disk
def test_a_log_that_was_signed_goes_on_with_its_own_key_alone(home):
    with closing(
        running.open_registry(home, log=LogIdentity(origin="shop.example/log"))
    ) as registry:
        fill(registry, 1)
        registry.sign_log()
    kept = (home / "log.key").read_text()
    other = make_signer("shop.example/log").text
    with pytest.raises(StorageError, match="not that of this home"):
        running.open_registry(home, log=LogIdentity(other))
    (home / "log.key").unlink()
    with pytest.raises(StorageError, match=r"log\.key is gone"):
        running.open_registry(home)
    (home / "log.key").write_bytes(b"\xff\x00")
    with pytest.raises(StorageError, match=r"log\.key: "):
        running.open_registry(home)
    with closing(running.open_registry(home, log=LogIdentity(kept))) as registry:
        assert signed(registry).origin == "shop.example/log"


def test_a_copy_signs_nothing(registry, home):
    fill(registry, 3)
    registry.sign_log()
    with open_snapshot(home, stores_of(home)) as copy:
        assert copy.log_size() == 3
        with pytest.raises(StorageError, match="signs nothing"):
            copy.sign_log()


def test_other_texts_are_signed_too_but_none_that_could_be_a_checkpoint(registry):
    key = read_verifier(registry.log_key())
    assert open_note(registry.sign_text("a list\n1\n"), key) == "a list\n1\n"
    with pytest.raises(ValueError, match="log's name"):
        registry.sign_text(f"{key.name}\n1\nAAAA\n")
