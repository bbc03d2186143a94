"""Moments as pages tell them."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from flask_babel import force_locale

from libhub.base.moments import today
from libhub.web.rendering.moments import moment_text


@pytest.mark.parametrize(("locale", "month"), [("ru", "марта"), ("en", "March")])
def test_a_moment_is_told_to_the_minute(app: Flask, locale: str, month: str) -> None:
    with app.test_request_context(), force_locale(locale):
        this_year = datetime(today().year, 3, 5, 11, 7, 42, tzinfo=UTC)
        assert moment_text(this_year) == f"5 {month}, 18:07"
        assert moment_text(this_year.replace(year=2019)) == f"5 {month} 2019, 18:07"
        assert moment_text(this_year, "HH:mm") == "18:07"
        assert moment_text(this_year.replace(tzinfo=None), rebase=False) == f"5 {month}, 11:07"
        assert moment_text(None) == ""
