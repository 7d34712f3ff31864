"""What holds for whatever case there is: the whole space of inputs, drawn at random."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import get_args

from hypothesis import given, settings
from hypothesis import strategies as st
from policy.cases import GLARE, TOO_SMALL, another_shop, case, verdict

from evidence.comparison.verdict import Finding, Region, VerdictName
from evidence.policy.case import Case, Kind, Reason, Role
from evidence.policy.document import packaged_documents
from evidence.policy.rules import recommend
from evidence.text import Text

OURS = packaged_documents()[0]
ANOTHER = another_shop()
DOCUMENTS = st.sampled_from([OURS, ANOTHER])
NAMES = get_args(VerdictName)
REFUSED = ("cancellation", "customer_reason")  # by the text, whatever else is true
COUNTRIES = (None, "JP", "KR", "US", "DE", "GB", "AQ")
REGIONS = [
    Region(kind, 1.0, 2.0, 3.0, 1.0, "mm", answer)
    for kind in ("crease", "stain", "differs")
    for answer in ("new", "visible_before", "not_visible_before", None)
]
SIGNAL = Finding("signal.same_bytes", Text("The same file.", "同じファイルです。"))

instants = st.datetimes(datetime(2025, 2, 10), datetime(2027, 12, 31)).map(
    lambda at: at.replace(tzinfo=UTC)
)
verdicts = st.builds(
    verdict,
    st.sampled_from(NAMES),
    shortfalls=st.sampled_from([(), (GLARE,), (GLARE, TOO_SMALL)]),
    regions=st.lists(st.sampled_from(REGIONS), max_size=3).map(tuple),
)
optional_verdicts = st.none() | st.sampled_from(NAMES)


@st.composite
def cases(draw) -> Case:
    ordered = draw(instants)
    delivered = draw(st.none() | st.just(ordered + timedelta(days=draw(st.integers(0, 40)))))
    notified = (delivered or ordered) + timedelta(hours=draw(st.integers(-48, 24 * 60)))
    parcels = draw(st.lists(st.none() | instants, max_size=3))
    return case(
        reason=draw(st.sampled_from(get_args(Reason))),
        residence=draw(st.sampled_from(COUNTRIES)),
        ship_to=draw(st.sampled_from(COUNTRIES)),
        ship_to_zone=draw(st.sampled_from([None, "Asia/Tokyo", "Pacific/Kiritimati"])),
        ordered_at=ordered,
        delivered_at=delivered,
        notified_at=notified,
        notice_sent_at=draw(st.none() | st.just(notified - timedelta(days=3))),
        kind=draw(st.sampled_from(get_args(Kind))),
        declared_value=Decimal(draw(st.integers(1, 9_000_000))),
        currency=draw(st.sampled_from(["JPY", "EUR", "USD"])),
        marked_high_value=draw(st.booleans()),
        sealed=draw(st.booleans()),
        reference_photos=draw(st.integers(0, 6)),
        claim_photos=tuple(draw(st.lists(st.sampled_from(get_args(Role)), max_size=4))),
        verdict=draw(st.none() | verdicts),
        parcels=tuple(parcels),
        photos_declined=draw(st.integers(0, 3)),
        packed_as_ordered=draw(optional_verdicts),
        received_as_ordered=draw(optional_verdicts),
        found_elsewhere=draw(st.sampled_from([None, (), ("item-9",)])),
        signals=draw(st.sampled_from([(), (SIGNAL,)])),
    )


def _speaks_for_our_error(asked):
    """Something that was compared, and not the customer alone, says that we erred."""
    unlike = (asked.packed_as_ordered, asked.received_as_ordered)
    return "different_product" in unlike or asked.found_elsewhere


@given(asked=cases(), document=DOCUMENTS)
@settings(max_examples=600, deadline=None)
def test_a_person_decides_and_what_is_missing_is_asked_for(asked, document):
    found = recommend(asked, document)
    assert found.requires_decision_by == "person"
    if found.outcome == "deny":
        assert not found.missing
        late = asked.reason == "incorrect_item" and found.window.state == "late"
        assert asked.reason in REFUSED or not _speaks_for_our_error(asked)
        assert asked.reason in REFUSED or late
        assert found.findings[0].innocent_explanations
    if found.outcome == "request_information":
        assert found.missing
    if found.outcome == "approve":
        assert found.window.state == "in"
        assert not found.missing


@given(asked=cases(), other=st.none() | verdicts, document=DOCUMENTS)
@settings(max_examples=600, deadline=None)
def test_what_the_photos_show_never_turns_anything_into_a_denial(asked, other, document):
    seen = recommend(asked, document)
    shown = replace(asked, verdict=other, signals=(SIGNAL,), received_as_ordered=None)
    unlike = other is not None and other.verdict in ("different_product", "different_copy")
    changed = recommend(shown, document)
    if unlike and asked.reason not in REFUSED:
        assert changed.outcome != "deny"
    if changed.outcome == "deny" and seen.outcome != "deny":
        # Only what spoke for the customer, or for asking first, was taken away.
        assert seen.missing or asked.verdict is not None or asked.received_as_ordered
        assert asked.reason == "incorrect_item"
        assert changed.window.state == "late"


@given(asked=cases(), document=DOCUMENTS)
@settings(max_examples=300, deadline=None)
def test_everything_that_is_said_speaks_both_languages(asked, document):
    found = recommend(asked, document)
    said = [finding.text for finding in found.findings]
    said += [text for finding in found.findings for text in finding.innocent_explanations]
    said += [one.text for one in (*found.missing, *found.clauses)]
    said += found.next_steps
    for text in said:
        assert text.en.strip()
        assert any("\u3040" <= letter <= "\u9fff" for letter in text.ja), text


def test_another_shop_is_data_alone():
    told = {"delivered_at": datetime(2025, 3, 5, 1, tzinfo=UTC), "currency": "EUR"}
    asked = case(residence="FR", verdict=verdict("same_design"), **told)
    dear = replace(asked, declared_value=Decimal(500))
    late = replace(asked, notified_at=datetime(2025, 3, 25, tzinfo=UTC))
    assert recommend(replace(asked, declared_value=Decimal(499)), ANOTHER).outcome == "approve"
    assert recommend(dear, ANOTHER).outcome == "review"
    found = recommend(late, ANOTHER)
    assert (found.window.state, found.window.rule, found.window.zone) == (
        "late", "eu.time", "Europe/Berlin",
    )  # fmt: skip
    assert recommend(late, OURS).window.state == "in"  # 30 days abroad
    row = recommend(replace(asked, residence="KR", declared_value=Decimal(9)), ANOTHER)
    assert {cost.fee for cost in row.costs} == {"return_shipping", "return_duties"}
    assert "insure the parcel" in " ".join(step.en for step in row.next_steps)
    closed = replace(
        asked,
        delivered_at=datetime(2025, 3, 1, 9, tzinfo=UTC),
        residence="AT",
        notified_at=datetime(2025, 3, 17, 9, tzinfo=UTC),
    )  # due on a Saturday
    assert recommend(closed, ANOTHER).window.state == "borderline"
