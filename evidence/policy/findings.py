"""List what the rules found in a case, in both languages."""

from collections.abc import Iterator

from evidence.comparison.verdict import Finding
from evidence.policy import explanations
from evidence.policy.facts import Facts
from evidence.policy.observations import list_observations
from evidence.policy.reasons import REASONS
from evidence.policy.window_findings import list_window_findings
from evidence.text import Text


def list_findings(facts: Facts, rule: str) -> tuple[Finding, ...]:
    """List the rule's own reason first, then the rules' findings, then those of the photos.

    Findings depend on the facts alone, so a late case that also shows another product says both,
    whichever rule came first. The photos' findings stay out where photos cannot speak to the
    reason (a shortage); they are kept in the verdict.
    """
    grounds = REASONS[rule]
    found = [
        Finding(f"rule.{rule}", grounds.text, innocent_explanations=grounds.innocent_explanations)
    ]
    if facts.about_the_item or facts.case.reason == "shortage":
        found += [*list_window_findings(facts), *_about_the_claim(facts)]
    elif facts.withdrawal_right:
        found.append(_LEGAL_REVIEW)
    if facts.about_the_item:
        found += [*_about_the_clause(facts), *_about_the_copy(facts)]
        found += list_observations(facts.case)
        said = {finding.code for finding in found}  # the copy may be spoken of already
        photos = facts.case.verdict.findings if facts.case.verdict else ()
        found += [finding for finding in photos if finding.code not in said]
    return tuple(found)


def _about_the_claim(facts: Facts) -> Iterator[Finding]:
    if facts.case.reason == "shortage":
        yield _NOT_APPLICABLE
    yield _FAULT_UNCONFIRMED


def _about_the_clause(facts: Facts) -> Iterator[Finding]:
    if facts.high_value and not facts.clause_available:
        yield _CLAUSE_UNAVAILABLE
    if facts.seen in ("different_product", "different_copy"):
        if facts.clause_available:
            yield _FIRST_CONDITION
        elif not facts.high_value:
            yield _CLAUSE_OUT_OF_SCOPE
    if facts.clause_available and not facts.case.sealed:
        yield _UNSEALED


def _about_the_copy(facts: Facts) -> Iterator[Finding]:
    if facts.seen == "same_design":
        yield _COPY_UNDETERMINED


_NOT_APPLICABLE = Finding(
    "photos.not_applicable",
    Text(
        "Photos of the item say nothing about a shortage. The pre-shipment photos, the parcel's "
        "weight, the delivery note and photos of the unpacking do.",
        "商品の写真からは不足の有無を判断できません。発送前の写真、荷物の重量、納品書、開封時の写真を"
        "確認します。",
    ),
)
_FAULT_UNCONFIRMED = Finding(
    "fault.unconfirmed",
    Text(
        "That it is the shop's fault is still to be confirmed by a named member of staff.",
        "当店の責任によるものかどうかは、担当者（記名）による確認が必要です。",
    ),
)
_LEGAL_REVIEW = Finding(
    "legal_review",
    Text(
        "Delivery or residence may lie where a 14-day right to withdraw applies (EU, UK).",
        "お届け先またはお住まいの国では、14日間の撤回権が適用される場合があります（EU・英国）。",
    ),
)
_CLAUSE_UNAVAILABLE = Finding(
    "high_value.unavailable",
    Text(
        "The item is high-value but has no pre-shipment photos, so the high-value clause cannot "
        "be applied.",
        "高額商品ですが発送前の写真がないため、高額商品に関する条項は適用できません。",
    ),
)
_CLAUSE_OUT_OF_SCOPE = Finding(
    "high_value.out_of_scope",
    Text(
        "The item is not high-value, so the high-value clause does not apply.",
        "高額商品ではないため、高額商品に関する条項は適用されません。",
    ),
)
_FIRST_CONDITION = Finding(
    "high_value.first_condition",
    Text(
        "The photos speak to the first condition of the high-value clause only, that they differ. "
        "The second, that it is a different product, only a person can determine; then follows a "
        "discretion, and by default further photos or an inspection.",
        "写真は、高額商品に関する条項の第一の条件（写真の相違）にのみ関わります。第二の条件（別の商品で"
        "あること）は担当者のみが判断でき、その後も裁量によります。原則として、追加の写真または現物の確認を"
        "行います。",
    ),
    innocent_explanations=(*explanations.OTHER_PRODUCT, explanations.OTHER_COPY[2]),
)
_UNSEALED = Finding(
    "high_value.unsealed",
    Text(
        "The pre-shipment photos were not sealed as complete; check when they were taken before "
        "using them as evidence.",
        "発送前の写真は完了として確定されていません。依拠する前に撮影時期を確認してください。",
    ),
)
_COPY_UNDETERMINED = Finding(
    "copy.undetermined",
    Text(
        "The photos show the same product; which copy of it was not determined and is checked at "
        "inspection.",
        "写真の商品は同じ商品ですが、どの個体かは判断されていません。検品時に確認します。",
    ),
)
