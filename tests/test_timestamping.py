import shutil
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
import running
from authority import authority
from registry.log_samples import fill

from evidence.errors import NoteError, TimestampError
from evidence.registry.checkpoint_file import CheckpointFile
from evidence.registry.timestamps import open_timestamp
from evidence.service.publishing import Publisher
from evidence.service.timestamping import TimestampAuthority

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="there is no openssl")


@pytest.fixture(scope="module")
def stamps(tmp_path_factory):
    with authority(tmp_path_factory.mktemp("stamps") / "ours") as (url, root):
        yield TimestampAuthority(url, root)


@pytest.fixture(scope="module")
def others(tmp_path_factory):
    with authority(tmp_path_factory.mktemp("stamps") / "others") as (url, root):
        yield TimestampAuthority(url, root)


def test_a_timestamp_holds_for_its_note_and_authority_alone(stamps, others):
    response = stamps.stamp("note")
    when = open_timestamp(response, "note", stamps.root)
    assert abs(when - datetime.now(UTC)) < timedelta(minutes=10)
    for wrong in (
        (response, "another", stamps.root),
        (response, "note", others.root),
        (response[:-30], "note", stamps.root),
        (b"", "note", stamps.root),
        (response, "note", b"no certificate"),
    ):
        with pytest.raises(NoteError, match="no timestamp"):
            open_timestamp(*wrong)
    for at in range(0, len(response), 97):
        changed = response[:at] + bytes([response[at] ^ 1]) + response[at + 1 :]
        try:
            assert open_timestamp(changed, "note", stamps.root) == when
        except NoteError:
            continue


def test_an_authority_that_is_another_or_does_not_answer_is_told(stamps, others):
    for wrong in (
        TimestampAuthority(others.url, stamps.root),
        TimestampAuthority("http://127.0.0.1:9", stamps.root),
        TimestampAuthority("file:///etc/hostname", stamps.root),
    ):
        with pytest.raises(TimestampError):
            wrong.stamp("note")


def test_timestamps_are_kept_beside_checkpoints_and_checked(tmp_path, stamps, others):
    folder = tmp_path / "place"
    with closing(running.open_registry(tmp_path / "home")) as registry:
        fill(registry, 3)
        with closing(Publisher(registry, folder, seconds=3600.0, authority=stamps)):
            fill(registry, 2, start=4)
        ((note, _),) = CheckpointFile(folder).timestamps()
        assert note == CheckpointFile(folder).last() == registry.sign_log()
        report = registry.check_log([folder], authority=stamps.root)
        assert (report.faults, [size for size, _ in report.existed]) == ((), [5])
        assert registry.check_log([folder]).existed == ()  # nobody's word but our own
        report = registry.check_log([folder], authority=others.root)
        assert [fault.kind for fault in report.faults] == ["timestamp"]
        assert report.existed == ()


def test_without_the_authority_checkpoints_are_written_all_the_same(tmp_path, stamps, caplog):
    gone = TimestampAuthority("http://127.0.0.1:9", stamps.root)
    with closing(running.open_registry(tmp_path / "home")) as registry:
        fill(registry, 3)
        with closing(Publisher(registry, tmp_path, seconds=3600.0, authority=gone)) as publisher:
            pass
        assert publisher.fault is None
        assert len(CheckpointFile(tmp_path).notes()) == 1
    assert "a checkpoint has no timestamp" in caplog.text
