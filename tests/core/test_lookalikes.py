"""Latin letters that nobody can tell from Russian ones."""

import pytest

from libhub.base.lookalikes import russian_letters, unmixed


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Cидорова Aнна", "Сидорова Анна"),
        ("Попов Tom", "Попов Том"),
        ("Иванов Fedor", "Иванов Fedor"),
        ("Tom Sawyer", "Tom Sawyer"),
        ("COP", "COP"),
    ],
)
def test_a_russian_word_has_russian_letters(typed: str, meant: str) -> None:
    assert unmixed(typed) == meant


def test_every_look_alike_is_a_russian_letter() -> None:
    assert russian_letters("ABCEHKMOPTXYaceopxyktmhb").isascii() is False
    assert all("А" <= letter <= "я" for letter in russian_letters("ABCEHKMOPTXYaceopxyktmhb"))
