"""What the validator found wrong, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from hotline.kit.errors import Words
from hotline.kit.validation import REFUSED

_WORDS: Final[dict[str, Words]] = {
    "missing": Words("is required", "必填"),
    "extra_forbidden": Words("is not known here", "不支持的字段"),
    "string_too_short": Words(
        "must have at least {min_length} characters", "至少 {min_length} 个字符"
    ),
    "string_too_long": Words(
        "must have at most {max_length} characters", "最多 {max_length} 个字符"
    ),
    "string_pattern_mismatch": Words("has the wrong form", "格式不正确"),
    "string_type": Words("must be text", "应为文本"),
    "too_short": Words("needs at least {min_length} items", "至少 {min_length} 项"),
    "too_long": Words("takes at most {max_length} items", "最多 {max_length} 项"),
    "int_type": Words("must be a whole number", "应为整数"),
    "int_parsing": Words("must be a whole number", "应为整数"),
    "int_from_float": Words("must be a whole number", "应为整数"),
    "bool_type": Words("must be true or false", "应为真或假"),
    "bool_parsing": Words("must be true or false", "应为真或假"),
    "decimal_type": Words("must be a decimal number, as text", "应为文本形式的小数"),
    "decimal_parsing": Words("must be a decimal number, as text", "应为文本形式的小数"),
    "decimal_max_places": Words(
        "takes at most {decimal_places} decimal places", "最多 {decimal_places} 位小数"
    ),
    "decimal_max_digits": Words("has too many digits", "位数过多"),
    "decimal_whole_digits": Words("has too many digits", "位数过多"),
    "greater_than_equal": Words("must be at least {ge}", "不能小于 {ge}"),
    "greater_than": Words("must be greater than {gt}", "必须大于 {gt}"),
    "less_than_equal": Words("must be at most {le}", "不能大于 {le}"),
    "less_than": Words("must be less than {lt}", "必须小于 {lt}"),
    "uuid_type": Words("must be an id", "应为标识"),
    "uuid_parsing": Words("must be an id", "应为标识"),
    "enum": Words("must be one of {expected}", "应为以下之一：{expected}"),
    "literal_error": Words("must be one of {expected}", "应为以下之一：{expected}"),
    "datetime_from_date_parsing": Words("must be a time (ISO 8601)", "应为时间（ISO 8601）"),
    "datetime_parsing": Words("must be a time (ISO 8601)", "应为时间（ISO 8601）"),
    "timezone_aware": Words("needs a time zone", "需要带时区"),
    "date_from_datetime_parsing": Words("must be a date", "应为日期"),
    "list_type": Words("must be a list", "应为列表"),
    "dict_type": Words("must be an object", "应为对象"),
    "model_attributes_type": Words("must be an object", "应为对象"),
}


def message_for(error: Mapping[str, Any]) -> Words:
    """The words for one of pydantic's errors; its own English where we have none."""
    context = error.get("ctx", {})
    if error["type"] == REFUSED:
        return Words(context["en"], context["zh"])
    known = _WORDS.get(error["type"])
    if known is None:
        english = str(error["msg"]).removeprefix("Value error, ")
        return Words(english, f"无效的值（{english}）")
    try:
        return Words(known.en.format(**context), known.zh.format(**context))
    except KeyError:
        return known
