"""Several photos of one claim: one verdict, without counting the same evidence twice."""

from collections.abc import Sequence
from dataclasses import replace

from evidence.comparison import claim_wording, wording
from evidence.comparison.verdict import Finding, Verdict

AGREEING = ("same_item", "same_design", "different_copy")  # of one design
WHOLE_VIEWS = ("front", "back")


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
    agreeing = [v for v in photos if v.verdict in AGREEING]
    disagreeing = [v for v in photos if v.verdict == "different_product"]
    if agreeing and disagreeing:
        first = disagreeing[0]
        return replace(
            first,
            verdict="inconclusive",
            design=replace(first.design, llr=0.0),
            findings=(claim_wording.disagreement(), *agreeing[0].findings, *first.findings),
            shortfalls=(wording.WHOLE_FRONT,),
        )
    if disagreeing:
        return min(disagreeing, key=_weight)
    return max(agreeing or photos, key=_weight)


def discount_view(verdict: Verdict, *, reference_view: str, query_view: str) -> Verdict:
    """Take from a verdict what the views do not support.

    All cards of a game share their back, so agreeing backs say nothing about the product;
    and a close-up that cannot be found on a photo of the whole says nothing against it.

    Args:
        verdict: of two photos.
        reference_view: what the reference shows: ``front``, ``back``, ``corner`` ...
        query_view: what the query shows, as its sender said.
    """
    if reference_view == "back" and verdict.verdict in AGREEING:
        return _opened(verdict, claim_wording.shared_side())
    if query_view not in WHOLE_VIEWS and verdict.verdict == "different_product":
        return _opened(verdict, claim_wording.close_up())
    return verdict


def _opened(verdict: Verdict, finding: Finding) -> Verdict:
    return replace(
        verdict,
        verdict="inconclusive",
        design=replace(verdict.design, llr=0.0),
        findings=(finding,),
        shortfalls=(*verdict.shortfalls, wording.WHOLE_FRONT),
    )


def _weight(verdict: Verdict) -> float:
    return verdict.design.llr if verdict.design.llr is not None else 0.0
