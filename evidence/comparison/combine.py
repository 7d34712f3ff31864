"""Several photos of one claim: one verdict, without counting the same evidence twice."""

from collections.abc import Sequence
from dataclasses import replace

from evidence.comparison import wording
from evidence.comparison.verdict import Verdict


def combine(comparisons: Sequence[Sequence[Verdict]]) -> Verdict:
    """Join the verdicts of a claim's photos.

    A photo speaks through the reference that it agrees with most, since it can show only
    one side. Among the photos the strongest conclusion stands; where one agrees and
    another does not, the claim is open, because a person has to see why.

    Args:
        comparisons: for each photo in question, its verdicts against the references; at
            least one of each.

    Raises:
        ValueError: there is nothing to combine.
    """
    if not comparisons or not all(comparisons):
        raise ValueError("nothing to combine")
    photos = [max(verdicts, key=_weight) for verdicts in comparisons]
    agreeing = [v for v in photos if v.verdict in ("same_item", "same_design", "different_copy")]
    disagreeing = [v for v in photos if v.verdict == "different_product"]
    if agreeing and disagreeing:
        first = disagreeing[0]
        return replace(
            first,
            verdict="inconclusive",
            design=replace(first.design, llr=0.0),
            findings=(wording.disagreement(), *agreeing[0].findings, *first.findings),
            shortfalls=(wording.WHOLE_FRONT,),
        )
    if disagreeing:
        return min(disagreeing, key=_weight)
    return max(agreeing or photos, key=_weight)


def _weight(verdict: Verdict) -> float:
    return verdict.design.llr if verdict.design.llr is not None else 0.0
