import json

import pytest
import running

from bench.pictures import main


@pytest.mark.torture
def test_pictures_are_timed_from_cold_and_once_they_are_there(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("bench.pictures.ROUNDS", 1)
    paths = [tmp_path / f"photo.{form}" for form in ("JPEG", "PNG")]
    for path in paths:
        path.write_bytes(running.photo(0, path.suffix[1:]))
    assert main([str(path) for path in paths]) == 0
    told = json.loads(capsys.readouterr().out)
    assert len(told) == 7
    assert min(told.values()) > 0


def test_a_photo_that_is_not_there_ends_with_2(tmp_path, capsys):
    assert main([str(tmp_path / "0.jpg"), str(tmp_path / "1.jpg")]) == 2
    assert "0.jpg" in capsys.readouterr().err
