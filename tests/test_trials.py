import threading

import pytest

from evidence.service.trials import run_trials


def is_even(number):
    return number % 2 == 0


@pytest.mark.parametrize("at_once", [1, 2, 8])
def test_results_end_with_the_first_that_settles_however_many_run_at_once(at_once):
    questions = [[1, 3, 4, 6, 5], [2, 1], [7, 9]]
    found = run_trials(questions, lambda number: number, is_even, at_once=at_once)
    assert found == [[1, 3, 4], [2], [7, 9]]


def test_the_first_candidate_is_attempted_alone():
    begun = []

    def attempt(number):
        begun.append(number)
        return number

    run_trials([[2, 1, 3, 5]], attempt, is_even, at_once=4)
    assert begun == [2]


def test_the_others_run_side_by_side():
    meeting = threading.Barrier(2, timeout=5)  # breaks unless two attempts run at once

    def attempt(number):
        if number > 1:
            meeting.wait()
        return number

    assert run_trials([[1, 3, 5]], attempt, is_even, at_once=2) == [[1, 3, 5]]


def test_a_result_that_overtakes_an_earlier_one_is_left_out():
    overtaken = threading.Event()

    def attempt(number):
        if number == 4:
            assert overtaken.wait(5)
        if number == 6:
            overtaken.set()
        return number

    assert run_trials([[1, 4, 6]], attempt, is_even, at_once=2) == [[1, 4]]


def test_what_an_attempt_raises_is_raised_and_nothing_more_is_begun():
    begun = []

    def attempt(number):
        begun.append(number)
        raise KeyError(number)

    with pytest.raises(KeyError):
        run_trials([[1, 3, 5, 7]], attempt, is_even, at_once=2)
    assert begun == [1]


def test_a_question_that_nothing_settles_is_told_while_others_are_tried():
    told, known = [], threading.Event()

    def attempt(number):
        if number == 2:
            assert known.wait(5)  # the other question is through before this one
        return number

    def unsettled(question, results):
        told.append((question, results))
        known.set()

    assert run_trials([[2], [1, 3, 5]], attempt, is_even, at_once=2, unsettled=unsettled) == [
        [2],
        [1, 3, 5],
    ]
    assert told == [(1, [1, 3, 5])]


def test_what_is_done_about_an_unsettled_question_may_fail():
    def unsettled(question, results):
        raise KeyError(question)

    with pytest.raises(KeyError):
        run_trials([[1], [3, 5]], lambda number: number, is_even, at_once=2, unsettled=unsettled)
