"""What happens to a claim, in the words of both languages."""

from evidence.text import Text

ACTIONS: dict[str, Text] = {
    "ask_evidence": Text(
        "The customer was asked for what is missing.", "不足している項目をお客様に依頼しました。"
    ),
    "decline_photos": Text(
        "The customer would rather not send photos. That proves nothing either way.",
        "お客様は写真の送付を希望されませんでした。これはいずれの証明にもなりません。",
    ),
    "recommend": Text("The rules proposed something.", "規則による提案が作成されました。"),
    "decide": Text("A named person decided.", "担当者（記名）が判断しました。"),
    "authorise_return": Text("The return was authorised.", "返送が承認されました。"),
    "ship": Text("The customer sent the item back.", "お客様が商品を返送されました。"),
    "receive": Text("The parcel arrived.", "荷物が到着しました。"),
    "inspect": Text("The returned item was inspected.", "返送された商品を検品しました。"),
    "recommend_final": Text(
        "The rules made their final proposal.", "規則による最終提案が作成されました。"
    ),
    "close": Text("The claim was closed.", "お申し出の手続きを終了しました。"),
    "reopen": Text("The claim was opened again.", "お申し出の手続きを再開しました。"),
}
STATES: dict[str, Text] = {
    "opened": Text("opened", "受付済み"),
    "evidence_asked": Text("waiting for what the customer was asked for", "お客様のご返答待ち"),
    "recommended": Text("waiting for a decision", "判断待ち"),
    "decided": Text("decided", "判断済み"),
    "return_authorised": Text("return authorised", "返送承認済み"),
    "shipped": Text("on its way back", "返送中"),
    "received": Text("received, to be inspected", "受領済み・検品待ち"),
    "quarantine": Text(
        "kept apart: it arrived without an approval, and a person looks at it",
        "別途保管：事前の承認なしに到着したため、担当者が確認します",
    ),
    "inspected": Text("inspected", "検品済み"),
    "final_recommended": Text("waiting for the final decision", "最終判断待ち"),
    "final_decided": Text("finally decided", "最終判断済み"),
    "closed": Text("closed", "終了"),
}
OTHERS: dict[str, Text] = {
    "ordered": Text("The order was placed.", "ご注文がありました。"),
    "delivered": Text("The parcel was handed over.", "荷物が引き渡されました。"),
    "notice_sent": Text("The customer's first message was sent.", "最初のご連絡が送信されました。"),
    "notified": Text("The customer's first message arrived.", "最初のご連絡が届きました。"),
    "photo_added": Text("A photo of the customer's was added.", "お客様の写真が追加されました。"),
    "inspection_photo_added": Text(
        "A photo of the returned item was added.", "返送された商品の写真が追加されました。"
    ),
    "photo_erased": Text(
        "A photo was erased: its time was over, or a person asked for it. Its sha256 stays.",
        "写真が消去されました（保存期間の終了、またはご本人のご依頼）。sha256 は残ります。",
    ),
    "return_overdue": Text(
        "The day that the item was asked back by has passed. Remind the customer; the approval "
        "stands.",
        "ご返送をお願いした期日を過ぎました。お客様にご確認ください。承認は有効なままです。",
    ),
    "recommended": Text("A recommendation was issued.", "提案が発行されました。"),
    "final_recommended": Text("A final recommendation was issued.", "最終提案が発行されました。"),
    "second_reading_asked": Text(
        "A second person was asked to look at the photos.",
        "別の担当者に写真の確認を依頼しました。",
    ),
    "second_reading_answered": Text("The second person answered.", "別の担当者が回答しました。"),
    "second_reading_withdrawn": Text(
        "The second person is no longer asked.", "別の担当者への依頼を取り下げました。"
    ),
}

# What refusals name in English by the contract's own words, in Japanese.
DEEDS = {
    "ask_evidence": "お客様への依頼", "decline_photos": "写真の送付なし", "recommend": "提案",
    "decide": "判断", "authorise_return": "返送の承認", "ship": "返送", "receive": "受領",
    "inspect": "検品", "recommend_final": "最終提案", "close": "手続きの終了",
    "reopen": "手続きの再開",
}  # fmt: skip
DOERS = {
    "warehouse": "倉庫", "support": "サポート", "reviewer": "レビュー担当", "owner": "オーナー",
    "workflow": "連携プログラム",
}  # fmt: skip
DECIDED = {
    "approve": "承認", "request_information": "追加の情報を依頼", "review": "確認を続ける",
    "deny": "お受けしない",
}  # fmt: skip
