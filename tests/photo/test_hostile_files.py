"""Files made to harm, in the workers and under the limits that uploads are read with."""

import itertools

import pytest
from photo.hostile_files import SOUND, TAKEN, hostile_files
from photo.shots import SETTINGS

from evidence.errors import DamagedPhotoError, PhotoError, PhotoTooLargeError, UnsupportedPhotoError
from evidence.photo.decode import decode_photo
from evidence.photo.file_facts import read_file_facts
from evidence.workers import Workers

STATUS = {UnsupportedPhotoError: 415, PhotoTooLargeError: 413, DamagedPhotoError: 422}


def look(data):
    """Decode and read the facts, as an upload and a claim do; return the status; in a worker."""
    read_file_facts(data)
    try:
        decode_photo(data, side=1600, limits=SETTINGS.limits)
    except PhotoError as error:
        return STATUS[type(error)]
    return 201


@pytest.fixture(scope="module")
def workers():
    modules = ["evidence.photo.decode", "evidence.photo.file_facts"]
    memory = SETTINGS.limits.worker_memory
    workers = Workers(count=1, waiting=0, memory=memory, modules=modules)
    yield workers
    workers.close()


def wrong_answers(workers, files):
    """Return what is answered and not allowed; also where a worker died, swelled or hung."""
    answers = (
        (name, workers.run(look, data, seconds=60), allowed) for name, data, allowed in files
    )
    return {name: answer for name, answer, allowed in answers if answer not in allowed}


def test_the_files_that_they_are_made_from_are_taken(workers):
    assert wrong_answers(workers, ((name, data, TAKEN) for name, data in SOUND.items())) == {}


def test_some_of_each_family_get_a_status_that_it_allows(workers):
    assert (
        wrong_answers(workers, itertools.islice(hostile_files(bombs_too=False), 0, None, 9)) == {}
    )


@pytest.mark.torture
def test_each_hostile_file_gets_a_status_that_its_family_allows(workers):
    files = list(hostile_files())
    assert len(files) > 500
    assert wrong_answers(workers, files) == {}
