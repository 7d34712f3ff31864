"""List exactly what a case cannot be judged without, and nothing that is there."""

from evidence.policy.case import Case
from evidence.policy.recommendation import Missing
from evidence.text import Text

PRODUCT_PHOTO = Missing(
    "product_photo",
    Text(
        "A photo of the item: the whole front, from straight above, sharp, without glare.",
        "商品の写真（表面全体を真上から、ピントを合わせ、光の反射が入らないように撮影したもの）",
    ),
)
DELIVERY_NOTE_PHOTO = Missing(
    "delivery_note_photo",
    Text("A photo of the delivery note.", "納品書の写真"),
)
PROOF_OF_DELIVERY = Missing(
    "proof_of_delivery",
    Text(
        "Proof of the day the parcel was handed over, such as the carrier's tracking page.",
        "荷物を受け取られた日がわかるもの（配送業者の追跡画面など）",
    ),
)
COUNTRY = Missing(
    "country",
    Text("The country of residence or of delivery.", "お住まいの国またはお届け先の国"),
)


def list_missing(case: Case, *, needs_photo: bool) -> tuple[Missing, ...]:
    """List what is missing, in the order to ask for it.

    The policy lets the shop ask for a photo of the delivery note. It never holds up a case by
    itself, but it is asked for together with anything else, so that one message is enough.

    Args:
        case: what is known.
        needs_photo: the reason is one that photos of the item can speak to. Then a photo that
            is too poor is missing too: once for each shortfall, with the shot to ask for. A
            customer who declined twice is not asked for photos again (reading 29).
    """
    missing: list[Missing] = []
    if needs_photo and "product" not in case.claim_photos:
        if not case.declined_photos:
            missing.append(PRODUCT_PHOTO)
    elif needs_photo and case.verdict and case.verdict.verdict == "inconclusive":
        missing += [Missing(f"photo.{s.code}", s.text) for s in case.verdict.shortfalls]
    if case.received_at is None and case.reason not in ("customer_reason", "cancellation"):
        missing.append(PROOF_OF_DELIVERY)
    if not (case.residence or case.ship_to):
        missing.append(COUNTRY)
    if missing and needs_photo and "delivery_note" not in case.claim_photos:
        missing.append(DELIVERY_NOTE_PHOTO)
    return tuple(missing)
