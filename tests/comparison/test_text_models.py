import os
import subprocess
import sys

import cv2
import numpy as np
import pytest
from comparison.printed import page

from evidence.comparison.text_models import FINDER, READER, as_input, characters, run_model

# What keeps the runtime quiet wherever somebody's tests run, and where else it would leave things.
ANSWERED = ("CI", "ORT_DISABLE_TELEMETRY", "ORT_RUNNING_UNIT_TESTS", "XDG_CACHE_HOME")
LOADED = """
import sys
import numpy as np
from evidence.comparison.printed_text import compare_text
from evidence.comparison.text_models import FINDER, run_model
assert not {"onnxruntime", "rapidocr"} & set(sys.modules)
run_model(FINDER, np.zeros((1, 3, 32, 32), np.float32))
assert "onnxruntime" in sys.modules
assert "rapidocr" not in sys.modules
"""


def test_nothing_is_loaded_before_the_first_picture_and_no_other_engine_ever():
    subprocess.run([sys.executable, "-W", "error", "-c", LOADED], check=True)


def test_nobody_is_told_of_it(tmp_path):
    """The runtime leaves an identifier in the home directory as soon as it may send anything."""
    environment = {name: value for name, value in os.environ.items() if name not in ANSWERED}
    environment["HOME"] = str(tmp_path)
    subprocess.run([sys.executable, "-c", LOADED], check=True, env=environment)
    assert list(tmp_path.rglob("*")) == []


def test_the_reader_has_one_class_for_every_character_and_one_for_the_gap():
    said = run_model(READER, np.zeros((1, 3, 48, 320), np.float32))
    assert said.shape[2] == len(characters())
    np.testing.assert_allclose(said.sum(axis=2), 1, atol=1e-4)
    assert characters()[0] == ""
    assert characters()[-1] == " "
    assert {"A", "z", "7", "コ", "é"} <= set(characters())


def test_colours_are_given_blue_first_between_minus_one_and_one():
    made = as_input(np.full((2, 3, 3), (0, 51, 255), np.uint8))
    assert made.shape == (1, 3, 2, 3)
    np.testing.assert_allclose(made[0, :, 0, 0], [1, -0.6, -1], atol=1e-6)


@pytest.mark.parametrize(("model", "height"), [(FINDER, 64), (READER, 48)])
def test_the_same_picture_gives_the_same_numbers_on_any_number_of_threads(model, height):
    picture = as_input(cv2.resize(page("Nine quiet geese"), (320, height)))
    before = cv2.getNumThreads()
    found = []
    for threads in (1, 4):
        cv2.setNumThreads(threads)
        found.append(run_model(model, picture))
    cv2.setNumThreads(before)
    np.testing.assert_array_equal(*found)
