"""Several photos of one claim: one verdict, without counting the same evidence twice."""

from collections.abc import Sequence
from dataclasses import replace

from evidence.comparison import claim_wording, wording
from evidence.comparison.conclusion import Conclusion, conclusion_of
from evidence.comparison.verdict import Finding, Verdict

AGREEING = ("same_item", "same_design", "different_copy")  # of one design
WHOLE_VIEWS = ("front", "back")


def combine(comparisons: Sequence[Sequence[Verdict]]) -> Verdict:
    """Join the verdicts of a claim's photos.

    A photo speaks through the reference that it agrees with most, since it can show only
    one side. Among the photos the strongest conclusion stands; where one agrees and
    another does not, the claim is open, because a person has to see why. Of the copy the
    strongest photo speaks, and weights are not added: two photos of one side show one cut.

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
    settled = [v for v in agreeing if _weight(v) > 0]  # a shared back settles no design
    if settled and disagreeing:
        first = disagreeing[0]
        return replace(
            first,
            verdict="inconclusive",
            design=replace(first.design, llr=0.0),
            findings=(claim_wording.disagreement(), *settled[0].findings, *first.findings),
            shortfalls=(wording.WHOLE_FRONT,),
        )
    if disagreeing:
        return min(disagreeing, key=_weight)
    return _of_one_design(agreeing) if agreeing else max(photos, key=_weight)


def _of_one_design(agreeing: Sequence[Verdict]) -> Verdict:
    """Return the verdict whose copy is told most clearly; open where two photos disagree on it."""
    told = [verdict for verdict in agreeing if verdict.verdict in ("same_item", "different_copy")]
    if not told:
        return max(agreeing, key=_weight)
    first = max(told, key=lambda verdict: abs(verdict.copy.llr or 0.0))
    if len({verdict.verdict for verdict in told}) == 1:
        return first
    return replace(
        first,
        verdict="same_design",
        copy=replace(first.copy, llr=0.0),
        findings=(claim_wording.copies_disagree(), *first.findings),
    )


def discount_view(verdict: Verdict, *, reference_view: str, query_view: str) -> Verdict:
    """Take from a verdict what the views do not support.

    All cards of a game share their back, so agreeing backs say nothing about the product, but
    one that is cut elsewhere is another card's; and a close-up that cannot be found on a photo
    of the whole says nothing against it.

    Args:
        verdict: of two photos.
        reference_view: what the reference shows: ``front``, ``back``, ``corner`` ...
        query_view: what the query shows, as its sender said.
    """
    concluded = conclusion_of(verdict)
    seen = discount_conclusion(concluded, reference_view=reference_view, query_view=query_view)
    if seen == concluded:
        return verdict
    if seen.verdict == verdict.verdict:
        findings = (claim_wording.shared_side(), *verdict.findings[1:])
        return replace(verdict, design=seen.design, findings=findings)
    shared = verdict.verdict in AGREEING
    return _opened(verdict, claim_wording.shared_side() if shared else claim_wording.close_up())


def discount_conclusion(
    concluded: Conclusion, *, reference_view: str, query_view: str
) -> Conclusion:
    """Do the same to what was concluded only; arguments as of ``discount_view``."""
    nothing = replace(concluded.design, llr=0.0)
    if reference_view == "back" and concluded.verdict == "different_copy":
        return Conclusion(concluded.verdict, nothing)
    shared = reference_view == "back" and concluded.verdict in AGREEING
    close = query_view not in WHOLE_VIEWS and concluded.verdict == "different_product"
    return Conclusion("inconclusive", nothing) if shared or close else concluded


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
