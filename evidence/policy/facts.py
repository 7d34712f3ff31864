"""Establish what the rules ask about: the case, read in the light of one document."""

from dataclasses import dataclass

from evidence.comparison.verdict import VerdictName
from evidence.policy.case import Case
from evidence.policy.missing import list_missing
from evidence.policy.recommendation import Missing
from evidence.policy.terms import Document
from evidence.policy.windows import Reckoning, reckon_window

ABOUT_THE_ITEM = {"incorrect_item", "damage", "defect"}  # reasons that photos can speak to


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a rule, a finding, a cost or a step may depend on.

    Attributes:
        missing: what the case cannot be judged without.
        seen: what the photos show; None where there is nothing to compare, or where the
            reason is none that photos can speak to (a shortage: reading 13).
        high_value: by the configured threshold or by the manual flag (reading 17).
        clause_available: the high-value clause can be applied at all: the item is high-value
            and the shop photographed it before packing (reading 17).
        before_policy: the order is older than the document (reading 30).
        withdrawal_right: a law may give a right to withdraw that the text does not (reading
            21); where no country is known, it may too.
    """

    case: Case
    document: Document
    reckoning: Reckoning
    missing: tuple[Missing, ...]
    seen: VerdictName | None
    high_value: bool
    clause_available: bool
    before_policy: bool
    withdrawal_right: bool

    @property
    def about_the_item(self) -> bool:
        """Is the reason one that photos of the item can speak to?"""
        return self.case.reason in ABOUT_THE_ITEM


def establish_facts(case: Case, document: Document) -> Facts:
    """Read a case by a document.

    Raises:
        UnacceptableError: see ``reckon_window``.
        ValueError: an instant has no offset from UTC.
    """
    reckoning = reckon_window(case, document)
    threshold = document.high_value_from.get(case.currency)
    over = threshold is not None and case.declared_value >= threshold
    high_value = case.marked_high_value or over
    about_the_item = case.reason in ABOUT_THE_ITEM
    countries = {country for country in (case.residence, case.ship_to) if country}
    return Facts(
        case=case,
        document=document,
        reckoning=reckoning,
        missing=list_missing(case, needs_photo=about_the_item),
        seen=case.verdict.verdict if case.verdict and about_the_item else None,
        high_value=high_value,
        clause_available=high_value and case.reference_photos > 0,
        before_policy=case.ordered_at < document.in_force_from,
        withdrawal_right=not countries or bool(countries & document.legal_review_countries),
    )
