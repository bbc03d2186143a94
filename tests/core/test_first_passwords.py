"""First passwords: words for the small, signs for the others."""

import re

import pytest
from flask import Flask

from libhub.accounts.passwords import MAX_LENGTH, MIN_LENGTH, hash_password, verify_password
from libhub.people.credentials.passwords import WORDS, WORDS_OF_ONE, password_for
from libhub.plugging.settings import change_settings


def test_the_words_are_short_russian_and_different() -> None:
    assert len(WORDS) >= 400
    assert len(set(WORDS)) == len(WORDS)
    assert [word for word in WORDS if not re.fullmatch("[а-я]{3,6}", word)] == []
    assert f"{len(WORDS)} words" in (password_for.__globals__["__doc__"] or "")


@pytest.mark.parametrize("grade", [1, 4])
def test_the_small_get_words(app: Flask, grade: int) -> None:
    with app.app_context():
        given = {password_for(grade) for _each in range(50)}
    assert len(given) == 50
    for password in given:
        assert len(password.split("-")) == WORDS_OF_ONE
        assert set(password.split("-")) <= set(WORDS)
        assert MIN_LENGTH <= len(password) <= MAX_LENGTH
    assert verify_password(hash_password(password), password)


@pytest.mark.parametrize("grade", [5, 11, None])
def test_others_get_signs(app: Flask, grade: int | None) -> None:
    with app.app_context():
        assert re.fullmatch("[a-z2-9]{10}", password_for(grade))


def test_the_librarian_says_up_to_which_grade(app: Flask) -> None:
    with app.app_context():
        change_settings("core", {"word_password_grade": 0})
        assert "-" not in password_for(1)
        change_settings("core", {"word_password_grade": 11})
        assert "-" in password_for(11)
        assert "-" not in password_for(None)
