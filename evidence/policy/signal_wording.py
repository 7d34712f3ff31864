"""The words of the signals, and what an honest customer's photo could owe them to."""

from datetime import datetime

from evidence.text import Text

_SAMENESS = {
    "bytes": Text("the same file as", "同一のファイルです"),
    "pixels": Text("the same picture in another file as", "別ファイルですが、同一の画像です"),
    "exposure": Text(
        "a copy, saved again or cropped, of the same exposure as",
        "再保存または切り抜きされた、同一の撮影による写真です",
    ),
}
SHOP_PHOTO = (
    Text(
        "The customer sent our own photo along to show what was ordered.",
        "ご注文の商品を示すために、当店の写真を添えられた可能性があります。",
    ),
    Text(
        "A photo of ours was added to the claim by a member of staff.",
        "担当者が当店の写真を申請に登録した可能性があります。",
    ),
    Text(
        "The customer's photo was filed among the pre-shipment photos by mistake.",
        "お客様の写真が誤って発送前の写真として登録された可能性があります。",
    ),
)
OTHER_CLAIM = (
    Text(
        "One customer told us of two orders with one photo.",
        "お客様が二つのご注文について同じ写真を送られた可能性があります。",
    ),
    Text(
        "The same case was entered twice, or the photo under the wrong claim.",
        "同じ件が二重に登録された、または写真が別の申請に登録された可能性があります。",
    ),
    Text(
        "Someone helped the customer and attached another photo by mistake.",
        "代理の方が誤って別の写真を添付された可能性があります。",
    ),
)
CAPTURED_EARLY = (
    Text(
        "The camera's clock is set wrongly, or to another zone.",
        "カメラの時計が正しくない、または別の時間帯に設定されている可能性があります。",
    ),
    Text(
        "The carrier recorded the delivery later than it was.",
        "配送業者の配達記録が実際より遅い時刻になっている可能性があります。",
    ),
    Text(
        "The photo shows the item before it was ours, such as the seller's own picture.",
        "出品時の写真など、以前に撮影された写真を送られた可能性があります。",
    ),
)
MADE = (
    Text(
        "Phones and apps name such programs when a photo is only turned, cropped or brightened.",
        "回転・切り抜き・明るさの調整だけでも、この種のプログラム名が記録されます。",
    ),
    Text(
        "The program only converted or shrank the photo for sending.",
        "送信のために変換または縮小しただけの可能性があります。",
    ),
)
GENERATED = Text(
    "The file names a generator of pictures as its source. Ask for the camera's own file.",
    "ファイルに画像生成プログラムの名前が記録されています。カメラの元のファイルをお願いしてください。",
)
CREDENTIALS = Text(
    "The file carries content credentials (C2PA). A tool for them can show who signed what; they "
    "are not verified here.",
    "ファイルにコンテンツ認証情報（C2PA）が含まれています。専用のツールで署名の内容を確認できます。"
    "ここでは検証していません。",
)


def shop_photo(name: str, sameness: str) -> Text:
    """Say that a photo is one of the shop's own."""
    how = _SAMENESS[sameness]
    return Text(
        f"A photo that the customer sent is {how.en} the shop's own photo of {name}.",
        f"お送りいただいた写真は、当店の写真（{name}）と{how.ja}。",
    )


def other_claim(name: str, sameness: str) -> Text:
    """Say that a photo is also in another claim."""
    how = _SAMENESS[sameness]
    return Text(
        f"A photo that the customer sent is {how.en} a photo in claim {name}.",
        f"お送りいただいた写真は、申請 {name} の写真と{how.ja}。",
    )


def captured_early(captured_at: datetime, received_at: datetime) -> Text:
    """Say that a file's clock is before the delivery."""
    captured, received = captured_at.strftime("%Y-%m-%d %H:%M"), f"{received_at:%Y-%m-%d %H:%M %Z}"
    return Text(
        f"The file says that the photo was taken on {captured}, before the delivery on {received}.",
        f"ファイルの撮影日時は{captured}で、配達日時（{received}）より前です。",
    )


def edited(program: str) -> Text:
    """Say which program the file names."""
    return Text(
        f"The file names {program}, so the photo was opened in it. Ask for the camera's own file "
        "where details matter.",
        f"ファイルに{program}の名前が記録されています。細部を確認する場合は、カメラの元のファイルを"
        "お願いしてください。",
    )
