"""What pydantic finds wrong with a value, in Japanese; its own words are English."""

from collections.abc import Mapping
from typing import Any

_AWARE = "時差を含む日時（例：2026-01-31T12:00:00+09:00）を入力してください。"
_DATE = "日付（例：2026-01-31）を入力してください。"
_INSTANT = "日時（例：2026-01-31T12:00:00+09:00）を入力してください。"
_NUMBER = "数値を入力してください。"
_TEXT = "文字を入力してください。"
_WHOLE = "整数を入力してください。"
_YES_OR_NO = "true または false を入力してください。"
_TOLD = {  # kind of error, as pydantic names it -> sentence, with the numbers of its context
    "missing": "入力してください。",
    "string_type": _TEXT,
    "string_too_short": "{min_length}文字以上で入力してください。",
    "string_too_long": "{max_length}文字以内で入力してください。",
    "string_pattern_mismatch": "使えない文字があるか、形式が異なります。確認してください。",
    "string_unicode": "使えない文字があります。確認してください。",
    "too_short": "{min_length}件以上を指定してください。",
    "too_long": "{max_length}件以内で指定してください。",
    "list_type": "一覧で指定してください。",
    "literal_error": "次のいずれかを指定してください：{expected}",
    "enum": "次のいずれかを指定してください：{expected}",
    "bool_parsing": _YES_OR_NO,
    "bool_type": _YES_OR_NO,
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_parsing_size": "数値の桁数が多すぎます。確認してください。",
    "int_from_float": _WHOLE,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "finite_number": _NUMBER,
    "decimal_type": _NUMBER,
    "decimal_parsing": _NUMBER,
    "decimal_max_digits": "全体で{max_digits}桁以内の数値を入力してください。",
    "decimal_max_places": "小数点以下は{decimal_places}桁以内で入力してください。",
    "decimal_whole_digits": "小数点より前は{whole_digits}桁以内で入力してください。",
    "greater_than": "{gt}より大きい値を入力してください。",
    "greater_than_equal": "{ge}以上の値を入力してください。",
    "less_than": "{lt}より小さい値を入力してください。",
    "less_than_equal": "{le}以下の値を入力してください。",
    "date_type": _DATE,
    "date_parsing": _DATE,
    "date_from_datetime_parsing": _DATE,
    "date_from_datetime_inexact": _DATE,
    "datetime_type": _INSTANT,
    "datetime_parsing": _INSTANT,
    "datetime_from_date_parsing": _INSTANT,
    "datetime_object_invalid": _INSTANT,
    "timezone_aware": _AWARE,
    "extra_forbidden": "この項目は使えません。除いてください。",
    "json_invalid": "JSON として読み取れません。確認してください。",
    "model_attributes_type": "項目と値の組で送ってください。",
    "dict_type": "項目と値の組で送ってください。",
    "value_error": "この値は使えません。確認してください。",
}


def tell_fault(field: str, kind: str, numbers: Mapping[str, Any]) -> str | None:
    """Return in Japanese what is wrong with a field; None for a kind that no form can cause.

    Args:
        field: where it is, such as ``body.reason``.
        kind: of the error, as pydantic names it, such as ``string_too_short``.
        numbers: its context, such as ``{"min_length": 30}``.
    """
    told = _TOLD.get(kind)
    shown = {name: _shown(value) for name, value in numbers.items()}
    return told and f"{field.removeprefix('body.')}：{told.format(**shown)}"


def _shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    return str(value).replace(" or ", "、")  # pydantic's list of what is expected
