"""Many comparisons for one request: what is remembered is read at once, the rest is computed."""

from collections.abc import Callable, Mapping, Sequence

from evidence.comparison.verdict import Verdict
from evidence.service.comparisons import compare_kept, find_remembered
from evidence.service.parts import Service
from evidence.service.trials import run_trials

Pair = tuple[str, str]  # sha256 of the reference and of the query


def compare_in_turn(
    service: Service,
    questions: Sequence[Sequence[Pair]],
    settles: Callable[[Verdict], bool],
    *,
    unsettled: Callable[[int, list[Verdict]], None] | None = None,
) -> list[list[Verdict]]:
    """Compare each question's pairs in their order until a verdict settles it.

    Args:
        service: the parts.
        questions: each one's pairs, the likeliest first; at least one each.
        settles: says whether a verdict settles its question.
        unsettled: told of each question that no verdict settles, if its verdicts were not all
            remembered: its number and the verdicts; called while others are compared.

    Returns:
        For each question the verdicts of its first pairs, up to the one that settles it.

    Raises:
        NotFoundError: a photo is not kept.
        BusyError: no worker came free, or the work did not end in time.
    """
    known = find_remembered(service, {pair for pairs in questions for pair in pairs})
    answers = [_from_known(pairs, known, settles) for pairs in questions]
    left = [number for number, answer in enumerate(answers) if answer is None]
    if left:
        computed = run_trials(
            [questions[number] for number in left],
            lambda pair: known.get(pair) or compare_kept(service, *pair).verdict,
            settles,
            at_once=service.at_once,
            unsettled=unsettled and (lambda one, verdicts: unsettled(left[one], verdicts)),
        )
        for number, answer in zip(left, computed, strict=True):
            answers[number] = answer
    return [answer for answer in answers if answer is not None]


def _from_known(
    pairs: Sequence[Pair], known: Mapping[Pair, Verdict], settles: Callable[[Verdict], bool]
) -> list[Verdict] | None:
    """Answer a question by what is remembered; None if that does not settle it."""
    verdicts: list[Verdict] = []
    for pair in pairs:
        if pair not in known:
            return None
        verdicts.append(known[pair])
        if settles(known[pair]):
            break
    return verdicts
