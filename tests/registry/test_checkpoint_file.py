import pytest

from evidence.errors import StorageError
from evidence.registry.checkpoint_file import TAIL, CheckpointFile

NOTES = [f"log\n{size}\nroot\n\n— log signature\n" for size in range(1, 6)]


@pytest.fixture
def place(tmp_path):
    return CheckpointFile(tmp_path / "second" / "place")


def test_what_was_added_is_read_back_in_order(place):
    assert (place.notes(), place.last()) == ([], None)
    place.add(NOTES[:2])
    place.add(NOTES[2:])
    assert (place.notes(), place.last()) == (NOTES, NOTES[-1])
    assert place.path.parent.stat().st_mode & 0o777 == 0o700


def test_a_longer_file_gives_its_last_line_too(place):
    place.add(NOTES * (TAIL // 200))
    place.add(["the last"])
    assert place.path.stat().st_size > TAIL
    assert place.last() == "the last"


def test_a_line_that_a_power_cut_left_half_is_passed_over_wherever_it_was_cut(place):
    place.add(NOTES[:1])
    whole = place.path.read_bytes()
    place.add(NOTES[1:2])
    longer = place.path.read_bytes()
    for cut in (*range(len(whole), len(longer), 11), len(longer) - 2, len(longer) - 1):
        place.path.write_bytes(longer[:cut])
        assert place.notes() == NOTES[:1]
        place.add(NOTES[1:3])
        assert (list(dict.fromkeys(place.notes())), place.last()) == (NOTES[:3], NOTES[2])


@pytest.mark.parametrize("line", [b"{}", b"[]", b"3", b"\xff", b'{"note": 1}', b"half"])
def test_another_line_is_refused(place, line):
    place.add(NOTES[:1])
    with place.path.open("ab") as file:
        file.write(line + b"\n")
    with pytest.raises(StorageError, match="no checkpoint"):
        place.notes()
    with pytest.raises(StorageError, match="no checkpoint"):
        place.last()


def test_what_cannot_be_written_is_told(place):
    place.path.parent.parent.write_bytes(b"a file")
    with pytest.raises(StorageError):
        place.add(NOTES)
