"""What is told the warehouse about a picture of the catalogue and the photos before shipping."""

from evidence.comparison.verdict import VerdictName
from evidence.text import Text

_SAME = Text(
    "The pre-shipment photos show what the catalogue's picture shows.",
    "発送前の写真は、カタログの画像と同じ商品を示しています。",
)
PACKED: dict[VerdictName, Text] = {
    "same_item": _SAME,
    "same_design": _SAME,
    "different_copy": _SAME,  # the catalogue mostly pictures another copy
    "different_product": Text(
        "The pre-shipment photos do not show what the catalogue's picture shows. Check before "
        "packing that this is what was ordered, and that the catalogue's picture is the right one.",
        "発送前の写真が、カタログの画像と異なる商品を示しています。梱包の前に、ご注文の商品であること、"
        "およびカタログの画像が正しいことを確認してください。",
    ),
    "inconclusive": Text(
        "The pre-shipment photos and the catalogue's picture do not tell whether they show the "
        "same product. Compare them by eye.",
        "発送前の写真とカタログの画像からは、同じ商品かどうか判断できません。目視で確認してください。",
    ),
}
