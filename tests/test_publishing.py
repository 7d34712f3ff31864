import threading
from contextlib import closing

import pytest
import running
from registry.log_samples import fill, tamper
from stores import ON_SERVERS, copy_home, move_home

from evidence.errors import StorageError, TamperedLogError
from evidence.registry.checkpoint_file import CheckpointFile
from evidence.registry.checkpoints import open_checkpoint
from evidence.registry.signed_notes import read_verifier
from evidence.service.publishing import Publisher

NEVER = 3600.0  # seconds

OTHER = "sha256('other')" if ON_SERVERS else "randomblob(32)"


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "elsewhere" / "checkpoints"


@pytest.fixture
def registry(home):
    with closing(running.open_registry(home)) as registry:
        yield registry


def sizes(registry, folder):
    key = read_verifier(registry.log_key())
    return [open_checkpoint(note, key).size for note in CheckpointFile(folder).notes()]


def publishing(registry, folder, seconds=NEVER):
    return closing(Publisher(registry, folder, seconds=seconds))


def test_checkpoints_are_there_from_the_start_on_demand_and_at_the_end(registry, folder):
    fill(registry, 3)
    with publishing(registry, folder) as publisher:
        assert sizes(registry, folder) == [3]
        fill(registry, 2, start=4)
        publisher.publish()
        publisher.publish()  # nothing is new
        assert sizes(registry, folder) == [3, 5]
        fill(registry, 1, start=6)
        assert sizes(registry, folder) == [3, 5]
    assert sizes(registry, folder) == [3, 5, 6]
    assert publisher.fault is None


def test_they_follow_by_themselves(registry, folder, monkeypatch):
    written, add = threading.Event(), CheckpointFile.add

    def tell(self, notes):
        add(self, notes)
        written.set()

    with publishing(registry, folder, seconds=0.01):
        assert sizes(registry, folder) == []  # nothing was logged yet
        monkeypatch.setattr(CheckpointFile, "add", tell)
        fill(registry, 1)
        assert written.wait(60)
    assert sizes(registry, folder) == [1]


def test_proofs_given_out_meanwhile_are_in_checkpoints_that_arrive_too(registry, folder):
    fill(registry, 2)
    registry.log_proof(1)
    fill(registry, 2, start=3)
    with publishing(registry, folder):
        assert sizes(registry, folder) == [2, 4]


def test_a_second_place_that_fails_is_told_once_and_made_up_for(registry, folder, caplog):
    fill(registry, 1)
    folder.parent.write_bytes(b"no directory")
    with publishing(registry, folder) as publisher:
        assert isinstance(publisher.fault, StorageError)
        publisher._try()
        assert caplog.text.count("checkpoints are not written to") == 1
        assert "Not a directory" in caplog.text
        fill(registry, 1, start=2)  # the service goes on
        folder.parent.unlink()
        publisher._try()
        assert publisher.fault is None
        assert "are written to" in caplog.text
    assert sizes(registry, folder) == [2]


def test_a_second_place_that_is_new_gets_the_whole_history(registry, folder, tmp_path):
    for number in (1, 2):
        fill(registry, 1, start=number)
        registry.sign_log()
    with publishing(registry, folder):
        assert sizes(registry, folder) == [1, 2]


def test_yesterdays_home_is_not_served(home, folder, tmp_path):
    with closing(running.open_registry(home)) as registry:
        fill(registry, 5)
        with publishing(registry, folder):
            pass
    copy_home(home, tmp_path / "yesterday")
    with closing(running.open_registry(home)) as registry:
        fill(registry, 3, start=6)
        with publishing(registry, folder):
            pass
    move_home(tmp_path / "yesterday", home)
    with closing(running.open_registry(home)) as registry:
        with pytest.raises(TamperedLogError, match="ends at entry 5") as no:
            Publisher(registry, folder)
        assert "has a checkpoint of 8" in str(no.value)
        assert "put the newest copy back" in str(no.value)
        assert "\n" not in str(no.value)
        CheckpointFile(folder).path.rename(tmp_path / "what proves the loss")
        with publishing(registry, folder):  # as the line says
            assert sizes(registry, folder) == [5]


def test_a_rewritten_history_is_neither_served_nor_signed(registry, folder):
    fill(registry, 5)
    with publishing(registry, folder) as publisher:
        tamper(
            registry,
            "DELETE FROM log_checkpoints",
            f"UPDATE events SET leaf = {OTHER} WHERE number = 2",
        )
        fill(registry, 1, start=6)
        with pytest.raises(TamperedLogError, match="history was rewritten"):
            publisher.publish()
        assert registry.log_checkpoints() == []
    assert isinstance(publisher.fault, TamperedLogError)
    assert len(CheckpointFile(folder).notes()) == 1
    with pytest.raises(TamperedLogError, match="history was rewritten"):
        Publisher(registry, folder)


def test_a_home_put_in_anothers_place_is_not_served(registry, folder, tmp_path):
    fill(registry, 2)
    with publishing(registry, folder):
        pass
    with closing(running.open_registry(tmp_path / "another")) as another:
        fill(another, 9)
        with pytest.raises(TamperedLogError, match="checkpoints of another log"):
            Publisher(another, folder)
