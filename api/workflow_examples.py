"""Examples of lists, events and imports for the OpenAPI; a test checks each."""

from api.examples import Example

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
