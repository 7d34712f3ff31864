"""What is kept moves to servers and back without a change, or not at all."""

from contextlib import closing

import pytest
import running
import stores
from registry.log_samples import fill
from registry.samples import NOW, claim, decision, item, photo
from registry.test_scrub import keep, quiet
from sqlalchemy import select, text
from typer.testing import CliRunner

from evidence.cli import app
from evidence.errors import StorageError
from evidence.policy.retention import packaged_retention
from evidence.registry.backup import back_up, restore
from evidence.registry.log_key import LogIdentity
from evidence.registry.registry import Registry
from evidence.registry.row_copy import TABLES
from evidence.registry.scrub import check_database, scrub
from evidence.registry.store_copy import Store, copy_store
from evidence.registry.stores import HERE
from evidence.registry.tables import claims


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


@pytest.fixture
def servers():
    return stores.new_stores()


@pytest.fixture
def ids(home):
    """A home with a bit of everything, of which a photo and an entry were erased."""
    with closing(Registry.open(home)) as registry:
        kept = keep(registry, 5)
        registry.put_claim(claim())
        registry.add_decision(decision())
        loose = photo(b"loose", added_at=NOW.replace(year=2020))
        registry.keep_loose_photo(loose, b"loose", b"r")
        told = {"ground": "retention", "of_claim": None, "reason": "due", "by": "Ada", "at": NOW}
        assert registry.erase(loose.photo_id, packaged_retention(), **told) is None
        fill(registry, 300)
        with registry.database.writing() as connection:
            gone = "subject_id = NULL, actor = NULL, body = NULL, salt = NULL"
            connection.execute(text(f"UPDATE events SET {gone} WHERE number = 3"))
        registry.sign_log()
    return kept


@pytest.fixture
def opened(home, servers):
    with closing(HERE.open_database(home)) as rows, closing(servers.open_database(home)) as others:
        yield (
            Store(rows, HERE.open_files(home)),
            Store(others, servers.open_files(home)),
        )


def rows(database):
    with database.reading() as connection:
        return {
            table.name: connection.execute(select(table).order_by(*table.primary_key)).all()
            for table in TABLES
        }


def test_everything_is_the_same_there_and_back(home, servers, ids, opened, tmp_path):
    done = copy_store(*opened, progress=quiet)
    assert (done.photos, done.copied, done.missing) == (5, 5, ())
    assert rows(opened[1].database) == rows(opened[0].database)
    key = LogIdentity((home / "log.key").read_text().strip())
    with closing(Registry.open(tmp_path / "replica", stores=servers, log=key)) as replica:
        assert replica.check_log([]).faults == ()
        assert replica.original(ids[0])
        replica.put_claim(claim("later"))
        assert replica.add_decision(decision("later")).decision_id == 2  # it counts on
        expected = rows(replica.database)
    back = tmp_path / "back"
    back.mkdir()
    with closing(HERE.open_database(back)) as database:
        again = copy_store(opened[1], Store(database, HERE.open_files(back)), progress=quiet)
        assert rows(database) == expected
    assert again.root != done.root
    with closing(Registry.open(back, log=key)) as registry:
        assert registry.check_log([]).faults == ()
        assert all(registry.original(one) for one in ids)


def test_a_target_that_is_not_empty_is_refused(ids, opened):
    source, target = opened
    target.files.keep(photo(b"other").photo_id, b"other")
    with pytest.raises(StorageError, match="which the source does not know"):
        copy_store(source, target, progress=quiet)
    target.files.remove(photo(b"other").photo_id)
    copy_store(source, target, progress=quiet)
    with pytest.raises(StorageError, match="rows of its own"):
        copy_store(source, target, progress=quiet)


def test_a_run_that_was_stopped_goes_on_and_hashes_what_is_there(ids, opened):
    source, target = opened

    def stopped(doing, count, total):
        if (doing, count) == ("Copying originals", 3):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        copy_store(source, target, progress=stopped)
    first = min(ids)
    there = stores.ObjectPath(target.files._store, f"originals/{first[:2]}/{first}")
    there.write_bytes(bytes(len(there.read_bytes())))  # of the same size
    done = copy_store(source, target, progress=quiet)
    assert (done.photos, done.copied) == (5, 3)  # two that were not there, and one that was hurt
    assert all(target.files.find_fault(one) is None for one in ids)


def test_a_photo_that_comes_meanwhile_stops_it_and_no_row_is_kept(home, ids, opened):
    def meanwhile(doing, count, total):
        if (doing, count) == ("Copying originals", 5):
            with closing(Registry.open(home)) as registry:
                registry.keep_loose_photo(photo(b"new"), b"new", b"r")

    with pytest.raises(StorageError, match="came or went meanwhile"):
        copy_store(*opened, progress=meanwhile)
    assert not any(rows(opened[1].database).values())
    assert copy_store(*opened, progress=quiet).photos == 6


def test_a_row_that_came_out_different_undoes_it_all(ids, opened):
    with opened[1].database.writing() as connection:
        connection.execute(
            text(
                "CREATE FUNCTION alter_it() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN NEW.reason = 'x'; RETURN NEW; END $$"
            )
        )
        connection.execute(
            text(
                "CREATE TRIGGER alter_it BEFORE INSERT ON claims "
                "FOR EACH ROW EXECUTE FUNCTION alter_it()"
            )
        )
    with pytest.raises(StorageError, match=f"a row of {claims.name} is another one"):
        copy_store(*opened, progress=quiet)
    assert not any(rows(opened[1].database).values())


def test_a_backup_of_servers_is_one_of_a_home(home, servers, ids, opened, tmp_path):
    copy_store(*opened, progress=quiet)
    with closing(Registry.open(home, stores=servers)) as registry:
        done = back_up(registry, home, tmp_path / "backup", progress=quiet)
        assert (done.photos, done.missing) == (5, ())
        expected = rows(registry.database)
    assert restore(tmp_path / "backup", tmp_path / "new", progress=quiet).missing == ()
    with closing(Registry.open(tmp_path / "new")) as registry:
        assert rows(registry.database) == expected


def test_the_scrub_finds_on_servers_what_is_wrong_there(home, servers, ids, opened):
    copy_store(*opened, progress=quiet)
    first = min(ids)
    stores.ObjectPath(opened[1].files._store, f"originals/{first[:2]}/{first}").unlink()
    assert check_database(home, servers) == []
    with closing(Registry.open(home, stores=servers)) as registry:
        found = scrub(registry, home, from_start=True, threads=2, progress=quiet)
    assert [(one.fault, one.subject_id) for one in found.faults] == [("missing", first)]


def test_on_the_command_line(home, servers, ids, tmp_path, monkeypatch):
    def typed(*words):
        return CliRunner().invoke(app, [str(word) for word in words])

    monkeypatch.setenv("EVIDENCE_HOME", str(home))
    assert typed("migrate-store", "--to", "servers").exit_code == 2  # which servers?
    for name, value in stores.settings_of(servers).items():
        monkeypatch.setenv(name, value)
    with closing(Registry.open(home)):
        assert "stop it first" in typed("migrate-store", "--to", "servers").output
    moved = typed("migrate-store", "--to", "servers")
    assert (moved.exit_code, "5 of 5 originals" in moved.output) == (0, True), moved.output
    assert "EVIDENCE_LOG_KEY" in moved.output
    again = typed("migrate-store", "--to", "servers")
    assert (again.exit_code, "not empty" in again.output) == (2, True)
    monkeypatch.setenv("EVIDENCE_LOG_KEY", (home / "log.key").read_text().strip())
    monkeypatch.setenv("EVIDENCE_CHECKPOINTS", str(tmp_path / "second"))
    assert typed("verify").exit_code == 0
    back = typed("migrate-store", "--to", "home", "--home", tmp_path / "back")
    assert back.exit_code == 0, back.output
    assert typed("verify", "--home", tmp_path / "back").exit_code == 0
    assert typed("log-key").output.startswith("PRIVATE+KEY+")


def test_a_service_runs_on_servers(home, servers):
    settings = stores.settings_of(servers) | {"EVIDENCE_LOG_KEY": stores.write_key(None)}
    with running.served(home, EVIDENCE_API_KEY="k", **settings) as service:
        shown = {
            "order_id": "o", "sku": "s", "title": "t", "kind": "card",
            "declared_value": {"amount": "1", "currency": "JPY"},
        }  # fmt: skip
        assert service.call("PUT", "/v1/items/item-1", shown)[0] == 201
        assert service.call("GET", "/readyz")[0] == 200
    assert not (home / "evidence.sqlite3").exists()
    with closing(servers.open_database(home)) as database:
        assert [row.item_id for row in rows(database)["items"]] == [item("item-1").item_id]
