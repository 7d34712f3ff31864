import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from importlib.resources import files

import pytest

from evidence.errors import PolicyDocumentError
from evidence.policy.document import choose_document, load_document, packaged_documents

FOLDER = files("evidence.policy") / "documents"
DATA = (FOLDER / "cardsecret-2025-02-10.toml").read_bytes()
DOCUMENT = load_document(DATA)
WINDOWS = {"jp.3.window", "intl.3.window"}  # excerpts of clause 3


def spaced(text):
    return " ".join(text.split())


def test_every_english_clause_is_in_the_shop_s_text_word_for_word():
    source = spaced((FOLDER / DOCUMENT.source).read_text("utf-8"))
    for clause in DOCUMENT.clauses:
        assert clause.en in source, clause.id


def test_nothing_but_headings_of_the_shop_s_text_is_left_out():
    left = spaced((FOLDER / DOCUMENT.source).read_text("utf-8"))
    for clause in DOCUMENT.clauses:
        if clause.id not in WINDOWS:
            assert clause.en in left, clause.id
            left = left.replace(clause.en, "", 1)
    assert spaced(left) == (
        "Returns & refund policy Last modified: 2月 10 2025"
        " For Customers Residing in Japan • • • (Return/Exchange Procedure) 1. 2. 3."
        " For Customers Residing Outside Japan • • • (Return/Exchange Procedure) 1. 2. 3."
    )


def test_every_clause_speaks_japanese_and_the_document_says_whose_words_they_are():
    assert all(any("ぁ" <= letter <= "ん" for letter in c.ja) for c in DOCUMENT.clauses)
    assert "own translation" in DOCUMENT.translation_note
    for clause in DOCUMENT.clauses:  # a number that is in one wording is in the other
        days = {"3": "3日", "30": "30日"}
        assert [d for d in days if f"within {d} days" in clause.en] == [
            d for d in days if f"から{days[d]}以内" in clause.ja
        ], clause.id


def test_the_regions_say_what_the_shop_s_text_says():
    japan, abroad = DOCUMENT.region_of("JP"), DOCUMENT.region_of("US")
    assert (japan.id, japan.window_days, japan.zone) == ("jp", 3, "Asia/Tokyo")
    assert (abroad.id, abroad.window_days, abroad.zone) == ("intl", 30, "delivery")
    assert DOCUMENT.high_value_from == {"JPY": Decimal(50000)}


def test_reading_25_the_days_to_send_back_are_the_shop_s_to_name_or_to_leave_out():
    text = DATA.decode()
    without = "".join(line for line in text.splitlines(True) if not line.startswith("return_days"))
    assert [region.return_days for region in DOCUMENT.regions] == [14, 30]
    assert [region.return_days for region in load_document(without.encode()).regions] == [None] * 2


def test_every_clause_is_cited_by_its_own_region():
    for region in DOCUMENT.regions:
        cited = {getattr(region.cites, name) for name in region.cites.__dataclass_fields__
                 if name != "send_back"} | set(region.cites.send_back)  # fmt: skip
        assert cited == {c.id for c in DOCUMENT.clauses if c.id.startswith(f"{region.id}.")}
        assert {fee.clause for fee in region.fees} <= cited


def test_reading_20_never_bills_the_original_outbound_fee():
    for region in DOCUMENT.regions:
        billed = [fee.fee for fee in region.fees if fee.on == "customer_reason"]
        assert billed == ["return_shipping", "reshipping", "refund_processing"]


def test_the_content_hash_is_that_of_the_bytes():
    assert DOCUMENT.sha256 == hashlib.sha256(DATA).hexdigest()
    assert load_document(DATA + b"\n").sha256 != DOCUMENT.sha256


def test_what_comes_with_the_product_loads():
    assert packaged_documents() == (DOCUMENT,)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        (DATA.decode(), "", "id: Field required"),
        ('version = "2025-02-10"', "version = ", "line 11"),
        ('version = "2025-02-10"', "version = 2025", "version: "),
        ('version = "2025-02-10"', 'version = " "', "version: "),
        ('version = "2025-02-10"', 'version = "1"\nsurprise = 1', "surprise: "),
        ('version = "2025-02-10"', f'version = "1"\nsha256 = "{"0" * 64}"', "sha256: "),
        ("00:00:00+09:00", "00:00:00", "in_force_from: "),
        ("window_days = 3\n", 'window_days = "3"\n', "regions.0.window_days: "),
        ("window_days = 3\n", "window_days = 0\n", "regions.0.window_days: "),
        ('countries = ["JP"]', 'countries = ["Japan"]', "regions.0.countries.0: "),
        ('countries = ["JP"]', "countries = []", "exactly one"),
        ("countries = []", 'countries = ["US"]', "exactly one"),
        ("countries = []", 'countries = ["JP"]', "JP is in two"),
        ('home_zone = "Asia/Tokyo"', "", "home_zone: Field required"),
        ('home_zone = "Asia/Tokyo"', 'home_zone = "Asia/Edo"', "home_zone: Asia/Edo is no IANA"),
        ('home_zone = "Asia/Tokyo"', 'home_zone = "delivery"', "home_zone: delivery is no IANA"),
        ('\nzone = "Asia/Tokyo"', '\nzone = "Asia/Edo"', "regions.jp.zone: Asia/Edo is no IANA"),
        ('paid_by = "shop"', 'paid_by = "nobody"', "regions.0.fees.0.paid_by: "),
        ('clause = "jp.3"', 'clause = "jp.9"', "fee shop_fault return_shipping cites jp.9"),
        ('window = "jp.3.window"', 'window = "jp.4"', "window cites jp.4"),
        ('"intl.procedure.2.mark"]', '"intl.mark"]', "send_back cites intl.mark"),
        ('id = "jp.2"', 'id = "jp.1"', "jp.1 is there twice"),
        ("return_days = 14 ", "return_days = 0 ", "regions.0.return_days: "),
        ("return_days = 14 ", 'return_days = "14" ', "regions.0.return_days: "),
        ("return_days = 14  ", "return_days = 14.5  ", "regions.0.return_days: "),
        ("return_mark = {", "return_marks = {", "regions.1.return_marks: "),
        ('"insurance", "return_mark"]', '"insurance"]', "regions.intl.return_mark: goes with"),
        (
            "parcel_needs = []",
            'parcel_needs = ["return_mark"]',
            "regions.jp.return_mark: goes with",
        ),
        ('JPY = "50000"', 'JPY = "0"', "high_value_from.JPY: "),
    ],
)
def test_a_broken_document_is_refused_with_its_place_and_reason(old, new, complaint):
    text = DATA.decode()
    assert old in text
    with pytest.raises(PolicyDocumentError) as refusal:
        load_document(text.replace(old, new, 1).encode())
    assert complaint in str(refusal.value)


def test_bytes_that_are_no_text_are_refused():
    with pytest.raises(PolicyDocumentError, match="no UTF-8 at byte 1"):
        load_document(b"#\xff")


def test_a_document_without_clauses_is_refused():
    text = DATA.decode()
    with pytest.raises(PolicyDocumentError, match="clauses: "):
        load_document(text[: text.index("[[clauses]]")].encode())


def test_reading_30_the_version_in_force_when_ordered_is_chosen():
    newer = replace(DOCUMENT, version="2", in_force_from=DOCUMENT.in_force_from + timedelta(days=9))
    for documents in ((DOCUMENT, newer), (newer, DOCUMENT)):
        start = newer.in_force_from
        assert choose_document(documents, start) is newer
        assert choose_document(documents, start.astimezone(UTC)) is newer
        assert choose_document(documents, start - timedelta(microseconds=1)) is DOCUMENT
        assert choose_document(documents, datetime(2020, 1, 1, tzinfo=UTC)) is DOCUMENT


def test_no_document_two_that_start_together_or_a_naive_instant_are_refused():
    with pytest.raises(PolicyDocumentError, match="no policy document"):
        choose_document((), DOCUMENT.in_force_from)
    with pytest.raises(PolicyDocumentError, match="same instant"):
        choose_document((DOCUMENT, replace(DOCUMENT, version="2")), DOCUMENT.in_force_from)
    with pytest.raises(ValueError, match="aware"):
        choose_document((DOCUMENT,), datetime(2025, 3, 1))
