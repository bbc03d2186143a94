"""What a visitor chose for this browser alone, such as language and look: a cookie for a year, not read by scripts."""

from typing import Final

from werkzeug.wrappers import Response

_YEAR_SECONDS: Final = 365 * 24 * 3600


def keep_choice(response: Response, name: str, value: str) -> None:
    """Remember a choice under the name of its cookie."""
    response.set_cookie(name, value, max_age=_YEAR_SECONDS, httponly=True, samesite="Lax")
