"""Names on the keys of a telephone."""

from __future__ import annotations

import pytest

from hotline.agents.names import Named, asked_for, keys_of

PEOPLE = [
    Named(name, f"100{place}")
    for place, name in enumerate(("王芳", "王飞", "王芳芳", "单雄信", "吕布", "Tom Li", "欧阳娜娜"))
]


@pytest.mark.parametrize(
    ("letters", "names"),
    [
        ("wangfang", ["王芳"]),
        ("wf", ["王芳", "王飞"]),
        ("wff", ["王芳芳"]),
        ("wangfangf", ["王芳芳"]),
        ("wang", ["王芳", "王芳芳", "王飞"]),
        ("w", ["王芳", "王芳芳", "王飞"]),
        ("sxx", ["单雄信"]),
        ("shanxiongxin", ["单雄信"]),
        ("danxiongxin", ["单雄信"]),
        ("lvbu", ["吕布"]),
        ("lubu", ["吕布"]),
        ("tl", ["Tom Li"]),
        ("tomli", ["Tom Li"]),
        ("oynn", ["欧阳娜娜"]),
        ("ouyangnana", ["欧阳娜娜"]),
        ("zhao", []),
        ("", []),
    ],
)
def test_who_is_asked_for(letters: str, names: list[str]) -> None:
    assert [one.name for one in asked_for(keys_of(letters), PEOPLE)] == names


def test_the_keys() -> None:
    assert keys_of("WangFang") == "92643264"
    assert keys_of("lü 3") == "583"


def test_names_without_a_reading_are_never_meant() -> None:
    odd = [Named("", "1001"), Named("·—", "1002"), Named("𠮷", "1003"), Named("7", "1004")]
    assert asked_for("7", odd) == [Named("7", "1004")]
