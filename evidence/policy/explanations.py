"""What an honest customer's case could owe an adverse finding to, set beside each of them."""

from evidence.text import Text

OTHER_PRODUCT = (
    Text(
        "We packed another item by mistake.",
        "当店が誤って別の商品を梱包した可能性があります。",
    ),
    Text(
        "The customer photographed another item by mistake.",
        "お客様が別の商品を誤って撮影された可能性があります。",
    ),
    Text(
        "A pre-shipment photo was filed under the wrong item.",
        "発送前の写真が別の商品に誤って登録された可能性があります。",
    ),
)
OTHER_COPY = (
    Text(
        "We mixed up two copies of the same product when packing.",
        "当店が梱包時に同じ商品の別の個体と取り違えた可能性があります。",
    ),
    Text(
        "The customer owns another copy and photographed that one.",
        "お客様がお持ちの別の個体を撮影された可能性があります。",
    ),
    Text(
        "Light, a sleeve, the lens or new wear hides or imitates a mark of the copy.",
        "光、スリーブ、レンズ、または新しい傷みにより、個体の特徴が見えなかったり、"
        "似た特徴が写ったりした可能性があります。",
    ),
)
LATE = (
    Text(
        "The carrier's event was an absence notice, or someone else took the parcel in.",
        "配送記録が不在通知であった、または別の方が荷物を受け取られた可能性があります。",
    ),
    Text(
        "An earlier message reached us on another channel and was not recorded.",
        "別の窓口に先にご連絡をいただいており、記録されていない可能性があります。",
    ),
    Text(
        "It could only be noticed once the item was opened or looked at closely.",
        "開封または詳しい確認をするまで気付けなかった可能性があります。",
    ),
)
NOT_SHOWN = (
    Text(
        "We photographed and packed an item that was already not the one ordered.",
        "当店が撮影・梱包した時点で、既にご注文と異なる商品であった可能性があります。",
    ),
    Text(
        "The customer means another line of the order.",
        "お客様がご注文内の別の商品についてお問い合わせの可能性があります。",
    ),
    Text(
        "What differs cannot be seen in these photos.",
        "相違点がこれらの写真には写らないものである可能性があります。",
    ),
)
OTHER_REASON = (
    Text(
        "The customer chose this reason although the item is faulty or not the one ordered.",
        "商品の不良や誤送であるにもかかわらず、この理由を選択された可能性があります。",
    ),
    Text(
        "Our page or message made the customer choose or order it by mistake.",
        "当店のページやご案内が原因で、誤って選択またはご注文された可能性があります。",
    ),
)
