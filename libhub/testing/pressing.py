"""What a browser sends when somebody presses a button: the fields of the form that stand in the page."""

from collections.abc import Sequence
from typing import Any

from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from werkzeug.test import TestResponse


def form_of(html: str, action: str, **having: str) -> dict[str, list[str]]:
    """Return the hidden fields of the form of a page that is sent to an address; empty for the page's own.

    :param having: values of some of them, by which it is told from others.

    :raises AssertionError: there is no such form.
    """
    forms = BeautifulSoup(html, "html.parser").select("form[method=post]")
    for form in (each for each in forms if each.get("action", "") == action):
        fields: dict[str, list[str]] = {}
        for field in form.select("input[type=hidden][name]"):
            fields.setdefault(str(field["name"]), []).append(str(field.get("value", "")))
        if all([value] == fields.get(name) for name, value in having.items()):
            return fields
    raise AssertionError(f"no form is sent to {action}")


def press(browser: FlaskClient, page: str, action: str, **typed: Any) -> TestResponse:
    """Open a page, fill in the form that is sent to an address, and send it; whither it leads is not followed."""
    return browser.post(action, data={**form_of(browser.get(page).text, action), **typed})


def change_many(
    browser: FlaskClient, table: str, numbers: Sequence[int], change: str, **more: str
) -> tuple[TestResponse, TestResponse]:
    """Tick rows of a librarian's table, see what would change, and press yes; return the preview and the table after it.

    :param table: its address, such as ``/news/manage``.
    """
    asked: dict[str, Any] = {"id": list(numbers), "change": change, **more}
    preview = browser.get(f"{table}/preview", query_string=asked)
    assert preview.status_code == 200, "nothing is offered"
    sent = form_of(preview.text, f"{table}/apply")
    return preview, browser.post(f"{table}/apply", data=sent, follow_redirects=True)
