"""Try several things for each of several questions at once, until one settles the question."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Generic, TypeVar

Candidate = TypeVar("Candidate")
Result = TypeVar("Result")


def run_trials(
    questions: Sequence[Sequence[Candidate]],
    attempt: Callable[[Candidate], Result],
    settles: Callable[[Result], bool],
    *,
    at_once: int,
    unsettled: Callable[[int, list[Result]], None] | None = None,
) -> list[list[Result]]:
    """Attempt each question's candidates in their order until one settles it.

    The first candidate of a question, the likeliest, is attempted alone: it mostly settles it.
    If it does not, the others are attempted side by side, as far as there is room.

    Args:
        questions: each one's candidates, the likeliest first; at least one each.
        attempt: does the work; called from several threads.
        settles: says whether a result settles its question.
        at_once: how many attempts may run side by side, at least 1.
        unsettled: told, as soon as that is known, the number of each question that nothing settles,
            and all its results; called from several threads, while other questions are tried.

    Returns:
        For each question its results up to the first that settles it: the same ones, in the same
        order, however many run at once.

    Raises:
        Exception: what an attempt raised; no further one is begun then.
    """
    trials = _Trials(questions, attempt, settles, unsettled)
    with ThreadPoolExecutor(at_once) as threads:
        # Each in a copy of the context: the request's id and its trace go along.
        for done in [threads.submit(copy_context().run, trials.work) for _ in range(at_once)]:
            done.result()
    return [_until_settled(results, settles) for results in trials.results]


class _Trials(Generic[Candidate, Result]):
    """What the threads share."""

    def __init__(
        self,
        questions: Sequence[Sequence[Candidate]],
        attempt: Callable[[Candidate], Result],
        settles: Callable[[Result], bool],
        unsettled: Callable[[int, list[Result]], None] | None,
    ) -> None:
        self._questions, self._attempt, self._settles = questions, attempt, settles
        self._unsettled = unsettled
        self._changed = threading.Condition()
        self._begun = [0 for _ in questions]
        self._settled = [False for _ in questions]
        self._failed = False
        self.results: list[dict[int, Result]] = [{} for _ in questions]

    def work(self) -> None:
        """Attempt one candidate after another, until no question needs any more."""
        while (chosen := self._choose()) is not None:
            question, number = chosen
            try:
                result = self._attempt(self._questions[question][number])
                if self._settles_nothing(question, number, result) and self._unsettled is not None:
                    results = self.results[question]
                    self._unsettled(question, [results[k] for k in sorted(results)])
            except BaseException:
                with self._changed:
                    self._failed = True
                    self._changed.notify_all()
                raise

    def _settles_nothing(self, question: int, number: int, result: Result) -> bool:
        """Note a result; say whether it is the last of a question that is not settled by any."""
        settled = self._settles(result)
        with self._changed:
            results = self.results[question]
            results[number] = result
            self._settled[question] |= settled
            self._changed.notify_all()
            return not self._settled[question] and len(results) == len(self._questions[question])

    def _choose(self) -> tuple[int, int] | None:
        """Wait for a candidate that should be attempted and take it; None if there are no more."""
        with self._changed:
            while True:
                open_ones = [k for k in range(len(self._questions)) if self._is_open(k)]
                if self._failed or not open_ones:
                    return None
                ready = [k for k in open_ones if self._begun[k] == 0 or self.results[k]]
                if ready:
                    chosen = min(ready, key=lambda k: (self._begun[k], k))
                    self._begun[chosen] += 1
                    return chosen, self._begun[chosen] - 1
                self._changed.wait()

    def _is_open(self, question: int) -> bool:
        return not self._settled[question] and (
            self._begun[question] < len(self._questions[question])
        )


def _until_settled(results: dict[int, Result], settles: Callable[[Result], bool]) -> list[Result]:
    """Return the results in order, without those that only happened to run beside them."""
    kept: list[Result] = []
    for number in sorted(results):
        kept.append(results[number])
        if settles(results[number]):
            break
    return kept
