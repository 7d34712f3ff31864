from datetime import UTC, datetime
from typing import get_args

import pytest
from comparison.test_wording import ACCUSING
from policy.cases import TOO_SMALL, another_shop, case, verdict

from evidence.errors import PolicyDocumentError
from evidence.policy.case import Reason
from evidence.policy.document import packaged_documents
from evidence.policy.instant_wording import in_words
from evidence.policy.mailing import draft_mail, load_templates, packaged_texts
from evidence.policy.rules import recommend

(DOCUMENT,) = packaged_documents()
PACKAGED = load_templates({})
FACTS = {"order": "order-7", "title": "Seer Ascendant", "value": "9,000 JPY"}
LATE = datetime(2025, 5, 20, tzinfo=UTC)
DEADLINE = datetime(2025, 3, 8, 14, 59, 59, 999999, tzinfo=UTC)


def drafts(seen="same_item", templates=PACKAGED, **facts):
    shown = seen if seen is None or not isinstance(seen, str) else verdict(seen)
    asked = case(verdict=shown, **facts)
    region = DOCUMENT.region_of(asked.residence)
    return draft_mail(
        recommend(asked, DOCUMENT),
        templates,
        facts={**FACTS, "reason": asked.reason},
        region=region,
    )


def every_draft():
    for reason in get_args(Reason):
        for residence in ("JP", "KR", "DE"):
            for seen in (None, "same_item", "different_product", "inconclusive"):
                for told in ({}, {"notified_at": LATE}, {"delivered_at": None}):
                    yield drafts(seen, reason=reason, residence=residence, **told)


def test_every_mail_speaks_its_language_and_accuses_nobody():
    subjects = set()
    for draft in every_draft():
        for language, mail in draft.items():
            said = mail.subject + mail.body
            assert "order-7" in mail.subject
            assert "Seer Ascendant" in mail.body
            assert "{" not in said
            assert [word for word in ACCUSING if word in said.lower()] == []
            japanese = any("ぁ" <= letter <= "ん" for letter in mail.body)
            assert japanese == (language == "ja")
            subjects.add(mail.subject)
    assert len(subjects) == 4 * 2  # outcomes and languages


def test_what_is_missing_is_asked_for_with_its_shot():
    shot = verdict("inconclusive", shortfalls=(TOO_SMALL,))
    mail = drafts(shot)
    assert TOO_SMALL.text.en in mail["en"].body
    assert TOO_SMALL.text.ja in mail["ja"].body
    assert "do not send anything back yet" in mail["en"].body


def test_only_the_customers_own_steps_are_told():
    mail = drafts("different_product")["en"].body
    assert "Please send further photos of the item" in mail
    assert "Shop:" not in mail
    assert "Customer:" not in mail
    assert "店舗：" not in drafts("different_product")["ja"].body


def test_only_who_told_in_time_is_told_so():
    asked = {"reason": "incorrect_item", "claim_photos": ()}
    assert "in time" in drafts(None, **asked)["en"].body
    assert "in time" not in drafts(None, **asked, notified_at=LATE)["en"].body


def test_abroad_the_parcel_has_a_checklist_and_at_home_none():
    abroad, home = drafts(residence="KR"), drafts()
    for words in ("9,000 JPY", "tracking number", "The box bears", "label or invoice, too"):
        assert words in abroad["en"].body
    assert abroad["ja"].body.count("□") == 4
    assert "[ ]" not in home["en"].body
    assert "□" not in home["ja"].body


def approval(document=DOCUMENT, return_by=None, **facts):
    asked = case(verdict=verdict("same_item"), **facts)
    region = document.region_of(asked.residence)
    told = {**FACTS, "reason": asked.reason}
    found = recommend(asked, document)
    assert found.outcome == "approve"
    mails = draft_mail(found, PACKAGED, facts=told, region=region, return_by=return_by)
    return mails["en"].body, mails["ja"].body


def test_reading_25_the_approval_says_until_when_it_is_asked_back_and_that_later_is_well():
    en, ja = approval()
    assert "within 14 days of this mail. If you need longer, just tell us" in en
    assert "このメールから14日以内にお送りください" in ja
    assert "within 30 days" in approval(residence="KR")[0]
    en, ja = approval(return_by=DEADLINE, residence="FR")
    assert "by Saturday, 8 March 2025, 15:59 (Central European Standard Time). If you need" in en
    assert "2025年3月8日（土）15時59分（中央ヨーロッパ標準時）までにお送りください" in ja
    for text in approval(another_shop(), residence="KR"):
        assert "send it within" not in text
        assert "日以内" not in text


def test_the_mark_in_the_checklist_is_the_policy_s_own():
    en, ja = approval(another_shop(), residence="FR", currency="EUR")
    assert en.count('the number of the return, "RET", in black') == 2
    assert ja.count("黒い文字で返品番号「RET」") == 2
    assert "Return" not in en.replace("Returns", "")


def test_no_other_mail_asks_for_the_item():
    for draft in (drafts(None), drafts("different_product"), drafts(reason="cancellation")):
        assert "days of this mail" not in draft["en"].body
        assert "日以内にお送り" not in draft["ja"].body


def test_a_deadline_is_told_in_words():
    assert in_words(DEADLINE, "Asia/Tokyo", "en") == (
        "Saturday, 8 March 2025, 23:59 (Japan Standard Time)"
    )
    assert in_words(DEADLINE, "Asia/Tokyo", "ja") == "2025年3月8日（土）23時59分（日本標準時）"
    assert in_words(None, "Asia/Tokyo", "en") == ""
    late = drafts(reason="incorrect_item", notified_at=LATE)
    assert "Saturday, 8 March 2025, 23:59" in late["en"].body
    assert "2025年3月8日" in late["ja"].body


def test_a_deadline_is_told_by_the_customers_clocks_and_where_they_differ_by_the_shops():
    late = {"reason": "incorrect_item", "notified_at": LATE}
    mail = drafts(**late, residence="FR")
    assert "Friday, 4 April 2025, 23:59 (Central European Summer Time)" in mail["en"].body
    assert "by our clocks, on Saturday, 5 April 2025, 06:59 (Japan Standard" in mail["en"].body
    assert "当店の時刻では2025年4月5日（土）06時59分（日本標準時）" in mail["ja"].body
    far = drafts(**late, ship_to_zone="Europe/London")["en"].body
    assert "Saturday, 8 March 2025, 14:59 (Greenwich Mean Time); by our clocks" in far
    assert "our clocks" not in drafts(**late)["en"].body


def test_a_shops_own_mail_takes_the_place_of_ours():
    own = load_templates({"approve.en.txt": "Return of {{ order }}\nSend it, please.\n"})
    mail = drafts(templates=own)
    assert (mail["en"].subject, mail["en"].body) == ("Return of order-7", "Send it, please.\n")
    assert mail["ja"] == drafts()["ja"]


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("approve.en.txt", "Subject\n\n{% if %}", "mail approve.en.txt, line 3: "),
        ("approve.en.txt", "Subject\n{{ score }}", "'score' is undefined"),
        ("approve.en.txt", "Subject alone", "the first line is the subject"),
        ("aprove.en.txt", "Subject\nBody", "no such mail; there are approve.en.txt"),
        ("deny.ja.txt", "題\n{{ order.__class__.__mro__ }}", "unsafe"),
    ],
)
def test_a_broken_mail_stops_the_start_and_says_where(name, text, why):
    with pytest.raises(PolicyDocumentError, match=why):
        load_templates({name: text})


def test_every_outcome_has_a_mail_in_both_languages():
    assert len(packaged_texts()) == 4 * 2
