"""Forms that were filled in wrongly say what is wrong, and say it at the field."""

from libhub.testing import wrong_forms
from libhub.testing.walking import Seen

REFUSED = 422


def test_each_error_is_tied_to_its_field(refused: list[Seen]) -> None:
    complaints = [f"{page}: {each}" for page in refused for each in wrong_forms.complaints(page.html)]
    assert not complaints, "\n".join(complaints)


def test_who_is_refused_is_told_why(refused: list[Seen]) -> None:
    silent = [
        f"{page}: {page.status}"
        for page in refused
        if page.status == REFUSED and not wrong_forms.says_why(page.html)
    ]
    assert not silent, "\n".join(silent)
