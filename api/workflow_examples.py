"""Examples of lists, events and imports for the OpenAPI; a test checks each."""

from api.examples import PHOTO_ID, Example

CLAIM_ROW: Example = {
    "claim_id": "claim-1",
    "item_id": "item-1",
    "order_id": None,
    "reason": "damage",
    "state": "opened",
    "deadline": "2025-03-08T14:59:59.999999Z",
    "return_by": None,
    "value": "120000",
    "ordered_at": "2025-03-01T03:00:00Z",
    "delivered_at": "2025-03-05T01:00:00Z",
    "notified_at": "2025-03-07T00:00:00Z",
    "etag": '"3"',
}
CLAIM_LIST: Example = {
    "claims": [CLAIM_ROW],
    "next": "WyI5YzA1IiwiMjAyNS0wMy0wOFQxNDo1OTo1OSswMDowMCIsImNsYWltLTEiXQ",
}
ITEM_ROW: Example = {
    "item_id": "item-1",
    "order_id": "order-1",
    "sku": "LIL-1",
    "title": "Liliana of the Veil",
    "kind": "card",
    "declared_value": {"amount": "120000", "currency": "JPY"},
    "high_value": False,
    "sealed_at": "2025-02-28T06:10:00Z",
    "etag": '"4"',
}
ITEM_LIST: Example = {"items": [ITEM_ROW], "next": None}
EVENT: Example = {
    "number": 43,
    "at": "2025-03-08T01:00:00Z",
    "kind": "claim.decided",
    "subject": "claim",
    "subject_id": "claim-1",
    "actor": "support-1",
    "body": {"decision": "approve", "decision_id": 1},
}
EVENTS: Example = {"events": [EVENT], "next": 43, "more": False}
TABLE = """\
item_id,order_id,sku,title,kind,amount,currency,width_mm,height_mm,high_value
item-1,order-1,LIL-1,Liliana of the Veil,card,120000,JPY,63,88,no
item-2,order-1,KOZ-3,"Kozilek, Butcher of Truth",card,9800,JPY,,,
"""
_LINE_PROBLEM: Example = {
    "column": "amount",
    "en": "a number such as 120000 or 1250.10 is expected, without separators or a sign; found "
    "“9,800”",
    "ja": "120000 や 1250.10 のような数値を、桁区切りや記号なしで入力してください"
    "（入力値：「9,800」）",
}
IMPORT: Example = {
    "dry_run": True,
    "applied": False,
    "new": 1,
    "changed": 0,
    "unchanged": 0,
    "refused": 1,
    "ignored_columns": ["note"],
    "lines": [
        {"line": 2, "item_id": "item-1", "status": "new", "problem": None, "problems": []},
        {
            "line": 3,
            "item_id": "item-2",
            "status": "refused",
            "problem": _LINE_PROBLEM,
            "problems": [_LINE_PROBLEM],
        },
    ],
}

SECOND_READING_REQUEST: Example = {
    "asked_by": "support-1",
    "reader": "reviewer-2",
    "reason": "the corner looks unlike",
}
ANSWER_REQUEST: Example = {
    "answered_by": "reviewer-2",
    "answer": "same_item",
    "confidence": "certain",
    "reason": "the same speck beside the lower edge in both",
}
WITHDRAWAL_REQUEST: Example = {"withdrawn_by": "support-1"}
_SHOWN_PHOTO: Example = {
    "photo_id": PHOTO_ID,
    "view": "front",
    "media_type": "image/jpeg",
    "href": f"/v1/claims/claim-1/second-readings/1/photos/{PHOTO_ID}",
}
SECOND_READING: Example = {
    "reading_id": 1,
    "claim_id": "claim-1",
    "asked_by": "support-1",
    "reader": "reviewer-2",
    "asked_at": "2025-03-08T02:00:00Z",
    "question": {
        "en": "Do the customer's photos show the very item that the photos before shipping show?",
        "ja": "お客様の写真に写っているのは、発送前の写真に写っている商品そのものですか。",
    },
    "answers": [
        {"name": "same_item", "en": "The very same item.", "ja": "同一の品物です。"},
        {
            "name": "inconclusive",
            "en": "The photos do not tell.",
            "ja": "写真からは判断できません。",
        },
    ],
    "confidences": [
        {"name": "certain", "en": "I have no doubt.", "ja": "疑いの余地はありません。"}
    ],
    "pre_shipment": [_SHOWN_PHOTO],
    "from_customer": [_SHOWN_PHOTO],
    "withdrawn": None,
    "answered": None,
}
ANSWERED_READING: Example = SECOND_READING | {
    "answered": {
        "answer": "same_item",
        "confidence": "certain",
        "reason": "the same speck beside the lower edge in both",
        "answered_at": "2025-03-08T03:00:00Z",
        "asked_because": "the corner looks unlike",
        "verdict": "same_design",
        "with_verdict": {
            "agreement": "open",
            "en": "One of the two leaves open what the other says.",
            "ja": "一方が判断を保留しているため、一致・不一致は言えません。",
        },
        "decision": None,
        "with_decision": None,
    }
}
