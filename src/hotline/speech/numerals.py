"""Numbers as Mandarin says them."""

from __future__ import annotations

_DIGITS = "零一二三四五六七八九"
_TELEPHONE_DIGITS = "零幺二三四五六七八九"
_PLACES = ("", "十", "百", "千")
_GROUPS = ("", "万", "亿", "万亿")
_LARGEST_DIGITS = 16


def digits(number: str) -> str:
    """Digit by digit, as in years: 2016 → 二零一六."""
    return "".join(_DIGITS[int(sign)] for sign in number)


def telephone_digits(number: str) -> str:
    """Digit by digit with 幺 for 1, as in telephone numbers and codes."""
    return "".join(_TELEPHONE_DIGITS[int(sign)] for sign in number)


def integer(number: str) -> str:
    """A count: 105 → 一百零五, 12 → 十二; digit by digit where it is beyond 万亿."""
    number = number.lstrip("0") or "0"
    if number == "0":
        return "零"
    if len(number) > _LARGEST_DIGITS:
        return digits(number)
    spoken = ""
    groups = _groups_of_four(number)
    for index, group in enumerate(groups):
        value = int(group)
        if not value:
            continue
        if spoken and (value < 1000 or int(groups[index - 1]) == 0):
            spoken += "零"
        spoken += _up_to_9999(value) + _GROUPS[len(groups) - 1 - index]
    return spoken.removeprefix("一") if spoken.startswith("一十") else spoken


def decimal(number: str) -> str:
    """With or without a fraction and thousands separators: 1,234.50 → 一千二百三十四点五零."""
    whole, _, fraction = number.replace(",", "").partition(".")
    return integer(whole) + (f"点{digits(fraction)}" if fraction else "")


def count(number: str) -> str:
    """Before a measure word: 2 → 两."""
    return "两" if number == "2" else decimal(number)


def money(number: str, unit: str = "元") -> str:
    """An amount of yuan with jiao and fen: 12.50 → 十二元五角; other fractions by 点."""
    whole, _, fraction = number.replace(",", "").partition(".")
    if not fraction or not int(fraction):
        return count(whole) + unit
    if len(fraction) > 2 or unit != "元":
        return decimal(number) + unit
    jiao, fen = fraction[0], fraction[1:] or "0"
    spoken = "" if not int(whole) else count(whole) + "元"
    if jiao != "0":
        spoken += digits(jiao) + "角"
    elif spoken:
        spoken += "零"
    return spoken + (digits(fen) + "分" if fen != "0" else "")


def _groups_of_four(number: str) -> list[str]:
    padded = number.zfill(-(-len(number) // 4) * 4)
    return [padded[at : at + 4] for at in range(0, len(padded), 4)]


def _up_to_9999(value: int) -> str:
    spoken = ""
    signs = str(value)
    for index, sign in enumerate(signs):
        if sign != "0":
            spoken += _DIGITS[int(sign)] + _PLACES[len(signs) - 1 - index]
        elif spoken and not spoken.endswith("零"):
            spoken += "零"
    return spoken.rstrip("零")
