"""Examples that the OpenAPI shows; a test checks each against its model."""

from typing import Any

Example = dict[str, Any]

PHOTO_ID = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

DZI = """<?xml version="1.0" encoding="UTF-8"?>
<Image xmlns="http://schemas.microsoft.com/deepzoom/2008" Format="jpg" Overlap="1" TileSize="512">\
<Size Width="3024" Height="4032"/></Image>
"""
PHOTO: Example = {
    "photo_id": PHOTO_ID,
    "view": "front",
    "role": "product",
    "media_type": "image/jpeg",
    "captured_at": "2025-02-28T06:04:05Z",
    "station": "packing-3",
    "added_at": "2025-02-28T06:04:09Z",
    "damaged_at": None,
}
SHORTFALL: Example = {
    "code": "glare",
    "en": "Glare hides the upper right of the item. Tilt it or move the lamp, and take it again.",
    "ja": "反射で商品の右上が見えません。角度か照明の位置を変えて撮り直してください。",
}
TAKEN_PHOTO: Example = {
    **PHOTO,
    "quality": {
        "px_per_mm": 18.4,
        "sharpness": 0.61,
        "exposure": 0.47,
        "clipped": 0.01,
        "glare": 0.09,
        "keypoints": 1840,
    },
    "shortfalls": [SHORTFALL],
}
PHOTO_FORM: Example = {
    "file": "(the bytes of the file)",
    "view": "front",
    "captured_at": "2025-02-28T15:04:05+09:00",
    "station": "packing-3",
}
CLAIM_PHOTO_FORM: Example = {
    "file": "(the bytes of the file)",
    "view": "front",
    "role": "product",
}
COMPARISON_FORM: Example = {
    "reference": "(the bytes of a file)",
    "query": "(the bytes of another)",
}
HEALTH: Example = {"status": "ok"}
READINESS: Example = {"status": "ok", "checkpoints": "written"}
ITEM_REQUEST: Example = {
    "order_id": "order-1",
    "sku": "LIL-1",
    "title": "Liliana of the Veil",
    "kind": "card",
    "declared_value": {"amount": "120000", "currency": "JPY"},
    "high_value": False,
    "size_mm": [63, 88],
    "catalogue_photo": None,
}
ITEM: Example = {
    "item_id": "item-1",
    **ITEM_REQUEST,
    "sealed_at": "2025-02-28T06:10:00Z",
    "photos": [PHOTO],
}
CLAIM_REQUEST: Example = {
    "item_id": "item-1",
    "reason": "damage",
    "residence": "JP",
    "ordered_at": "2025-03-01T12:00:00+09:00",
    "delivered_at": "2025-03-05T10:00:00+09:00",
    "notified_at": "2025-03-07T09:00:00+09:00",
}
FINDING: Example = {
    "code": "design.appearance",
    "llr": 3.1,
    "false_alarm_rate": None,
    "innocent_explanations": [],
    "values": {"agreement": 0.91, "worst_third": 0.74},
    "en": "The artwork agrees where both photos show it.",
    "ja": "両方の写真に写っている範囲で絵柄が一致しています。",
}
VERDICT: Example = {
    "verdict": "same_design",
    "design": {"llr": 3.1, "bound": 3.1},
    "copy": {
        "llr": None,
        "bound": 2.2,
        "marks": [
            {
                "kind": "cut",
                "answer": "not_seen",
                "llr": None,
                "values": {},
                "places": [],
                "en": "The card's own edge and its round corners are not seen clearly all around.",
                "ja": "カード自体の縁と丸い角が全周にわたって明瞭に写っていません。",
            }
        ],
    },
    "condition": {
        "regions": [
            {
                "kind": "crease",
                "x": 51.0,
                "y": 2.5,
                "width": 9.5,
                "height": 6.0,
                "unit": "mm",
                "answer": "new",
                "en": "Crease: on the photo in question only.",
                "ja": "折れ：お送りいただいた写真にのみ見られます。",
            }
        ]
    },
    "hidden": [],
    "shortfalls": [SHORTFALL],
    "reasons": [FINDING],
    "provenance": {
        "settings": PHOTO_ID,
        "calibration": "2026-11-22",
        "versions": {"opencv-python-headless": "5.0.0.93"},
    },
}
COMPARISON: Example = {
    "id": PHOTO_ID,
    **VERDICT,
    "placement": {
        "width": 458,
        "height": 640,
        "px_per_mm": 7.27,
        "reference_size": [3024, 4032],
        "query_size": [3024, 4032],
        "reference_from_frame": [[4.1, 0.02, 310.5], [0.01, 4.1, 402.0], [0.0, 0.0, 1.0]],
        "query_from_frame": [[3.9, -0.31, 512.2], [0.3, 3.9, 288.7], [0.0, 0.0, 1.0]],
    },
}
CLAIM_VERDICT: Example = {
    **VERDICT,
    "comparison_id": "7f" * 32,
    "reference": PHOTO_ID,
    "query": "5e" * 32,
}
_LOCAL: Example = {
    "zone": "Asia/Tokyo",
    "deadline": "2025-03-08T23:59:59.999999+09:00",
    "en": "Saturday, 8 March 2025, 23:59 (Japan Standard Time)",
    "ja": "2025年3月8日（土）23時59分（日本標準時）",
}
RECOMMENDATION: Example = {
    "outcome": "review",
    "remedy": "return_for_refund_or_exchange",
    "costs": [{"fee": "inbound_shipping", "paid_by": "shop", "clause": "jp.2"}],
    "clauses": [
        {
            "id": "jp.3",
            "en": "Contact us within 3 days of receiving the product.",
            "ja": "商品の受領後3日以内にご連絡ください。",
        }
    ],
    "window": {
        "state": "in",
        "deadline": "2025-03-08T23:59:59.999999+09:00",
        "zone": "Asia/Tokyo",
        "rule": "jp.3",
        "zone_rule": "policy",
        "customer": _LOCAL,
        "shop": _LOCAL,
        "unknown_because": None,
    },
    "verdict": CLAIM_VERDICT,
    "comparisons": [
        {
            "comparison_id": "7f" * 32,
            "reference": PHOTO_ID,
            "query": "5e" * 32,
            "verdict": "same_design",
        }
    ],
    "findings": [FINDING],
    "missing": [],
    "next_steps": [
        {
            "en": "A member of staff confirms who is at fault.",
            "ja": "担当者が責任の所在を確認します。",
        }
    ],
    "requires_decision_by": "person",
    "policy": {"id": "returns", "version": "2025-02-10", "sha256": PHOTO_ID},
    "draft_mail": {
        "en": {
            "subject": "Your message about order order-1: we are looking into it",
            "body": "Dear customer,\n\nThank you for telling us.\n",
        },
        "ja": {
            "subject": "【ご注文 order-1】お知らせいただいた件を確認しております",
            "body": "お客様\n\nご連絡ありがとうございます。\n",
        },
    },
}
DECISION_REQUEST: Example = {
    "decision": "approve",
    "decided_by": "support-1",
    "reason": "same card, dented in transit",
}
DECISION: Example = {
    "decision_id": 1,
    **DECISION_REQUEST,
    "decided_at": "2025-03-08T01:00:00Z",
    "recommendation": RECOMMENDATION,
}
CLAIM: Example = {
    "claim_id": "claim-1",
    "item_id": "item-1",
    "order_id": None,
    "reason": "damage",
    "residence": "JP",
    "ship_to": None,
    "ordered_at": "2025-03-01T03:00:00Z",
    "delivered_at": "2025-03-05T01:00:00Z",
    "notified_at": "2025-03-07T00:00:00Z",
    "notice_sent_at": None,
    "parcels": [],
    "ship_to_zone": None,
    "photos_declined": 0,
    "deadline": "2025-03-08T14:59:59.999999Z",
    "window_state": "in",
    "return_by": None,
    "state": "decided",
    "allowed_steps": ["ask_evidence", "authorise_return", "receive", "close"],
    "photos": [PHOTO],
    "decisions": [DECISION],
}
STEP_REQUEST: Example = {
    "step": "ship",
    "by": "support-1",
    "role": "support",
    "note": "the customer sent the slip",
    "tracking_number": "EJ123456789US",
    "carrier": "EMS",
    "insured_value": {"amount": "120000", "currency": "JPY"},
    "box_marked": False,
}
STEP: Example = {
    "step_id": 4,
    "step": "ship",
    "by": "support-1",
    "role": "support",
    "note": "the customer sent the slip",
    "at": "2025-03-09T02:00:00Z",
    "from_state": "return_authorised",
    "state": "shipped",
    "allowed_steps": ["receive", "close"],
    "facts": {
        "tracking_number": "EJ123456789US",
        "carrier": "EMS",
        "insured_value": "120000",
        "insured_currency": "JPY",
        "box_marked": False,
    },
    "warnings": [
        {
            "code": "parcel.not_marked",
            "en": 'Box or label lacks "Return" in large red letters. This is noted; duties that '
            "follow from it are for a person to settle.",
            "ja": "箱またはラベルに所定の記載（赤い大きな文字で「Return」）がありません。記録に"
            "留め、関税が生じた場合は担当者が判断します。",
        }
    ],
}
INSPECTION_REQUEST: Example = {
    "claim_id": "claim-1",
    "inspected_by": "dock-2",
    "note": "dent at the lower left corner",
    "findings": {
        "item": "same",
        "condition": "as_claimed",
        "fault": "shop",
        "replacement_in_stock": False,
    },
}
INSPECTION: Example = {
    "inspection_id": 1,
    "item_id": "item-1",
    **INSPECTION_REQUEST,
    "inspected_at": "2025-03-12T02:00:00Z",
    "photos": [PHOTO],
}
FINAL: Example = {
    "outcome": "approve",
    "remedy": "refund",
    "costs": [{"fee": "return_shipping", "paid_by": "shop", "clause": "jp.3"}],
    "alternatives": [],
    "clauses": RECOMMENDATION["clauses"],
    "reasons": [FINDING],
    "against_pre_shipment": CLAIM_VERDICT,
    "against_customer": None,
    "requires_decision_by": "person",
    "policy": RECOMMENDATION["policy"],
}
HISTORY: Example = {
    "claim_id": "claim-1",
    "history": [
        {
            "at": "2025-03-08T01:00:00Z",
            "code": "decide",
            "by": "support-1",
            "note": "same card, dented in transit",
            "from_state": "recommended",
            "to_state": "decided",
            "facts": {"decision": "approve"},
            "en": "A named person decided.",
            "ja": "担当者（記名）が判断しました。",
        }
    ],
}


_SHOWN: list[Example] = []


def shown(example: Example) -> Example:
    """Return the ``json_schema_extra`` that shows an example."""
    _SHOWN.append(example)
    return {"examples": [example]}


def restore_nulls(schema: Example) -> Example:
    """Put back the nulls of examples, which FastAPI leaves out of its OpenAPI."""
    for model in schema["components"]["schemas"].values():
        if "examples" in model and "properties" in model:
            model["examples"] = [_whole(example) for example in model["examples"]]
    return schema


def _whole(example: Any) -> Any:
    return next((one for one in _SHOWN if _without_nulls(one) == example), example)


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_nulls(one) for name, one in value.items() if one is not None}
    if isinstance(value, list):
        return [_without_nulls(one) for one in value]
    return value
