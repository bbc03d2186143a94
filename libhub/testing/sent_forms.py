"""Forms sent as somebody would who fills them in, button by button: what the hub answers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException

from libhub.testing.walking import CORE, Seen, browser_of, content_of, leads_to

_FILLED: Final = {
    "number": "1",
    "url": "https://example.org/проба",
    "email": "anna@example.org",
    "time": "12:00",
    "date": date.today().isoformat(),
    "datetime-local": f"{date.today().isoformat()}T12:00",
}
_BUTTONS: Final = "button:not([type=button]), input[type=submit]"


@dataclass(frozen=True)
class Sent:
    """A form that was sent, and what came: for a page of its own, or for a fragment of the present one."""

    page: Seen
    endpoint: str
    path: str
    button: str
    as_fragment: bool
    status: int
    is_page: bool

    @property
    def stays(self) -> bool:
        """Whether a whole page came that is no refusal: the browser would send the form again with F5."""
        return self.is_page and self.status == 200

    @property
    def what(self) -> str:
        """Which form this is, and by which button it was sent."""
        return f"{self.endpoint} {self.button}".rstrip()

    def __str__(self) -> str:
        return f"{self.page}: {self.what} ({self.path}) answers {self.status}"


def sent(app: Flask, seen: Sequence[Seen]) -> Iterator[Sent]:
    """Send every form of every page with each of its buttons, and yield what came.

    The application is changed by what it accepts, so give it one of its own. The core's forms are sent last: they
    switch sections off and erase accounts.
    """
    browsers: dict[str, FlaskClient] = {}
    known: set[tuple[str, ...]] = set()
    for page in sorted(seen, key=lambda each: each.address.section == CORE):
        if page.role not in browsers:
            browsers[page.role] = browser_of(app, page.role)
        for form in _forms(page.html):
            for path, as_fragment in _targets(form, page):
                endpoint = _endpoint(app, path)
                for button, value in _buttons(form):
                    key = (endpoint, button, value, page.role, str(as_fragment), *sorted(_names(form)))
                    if not endpoint or key in known:
                        continue
                    known.add(key)
                    data = _filled(form) | ({button: value} if button else {})
                    headers = {"HX-Request": "true"} if as_fragment else {}
                    with browsers[page.role].post(path, data=data, headers=headers) as answer:
                        body = answer.data
                    yield Sent(
                        page,
                        endpoint,
                        path,
                        f"{button}={value}" if button else "",
                        as_fragment,
                        answer.status_code,
                        is_page=body.lstrip().startswith(b"<!doctype"),
                    )


def _forms(html: str) -> list[Tag]:
    main = BeautifulSoup(f"<main{content_of(html)}", "html.parser")
    return list(main.select("form[method=post], form[hx-post]"))


def _targets(form: Tag, page: Seen) -> list[tuple[str, bool]]:
    """Return where a form is sent to, and whether by htmx."""
    targets = [
        (str(each["hx-post"]), True) for each in (form, *form.select("[hx-post]")) if each.get("hx-post")
    ]
    if form.get("method") == "post":
        targets.append((str(form.get("action") or page.address.path), False))
        targets += [(str(each["formaction"]), False) for each in form.select("[formaction]")]
    return targets


def _endpoint(app: Flask, path: str) -> str:
    """Return which route takes a form; none for what no route takes."""
    try:
        return str(leads_to(app, path, "POST").endpoint)
    except HTTPException:
        return ""


def _buttons(form: Tag) -> list[tuple[str, str]]:
    """Return name and value of each button that sends the form; those without a name do it all alike."""
    return list(
        dict.fromkeys(
            (str(each.get("name", "")), str(each.get("value", ""))) for each in form.select(_BUTTONS)
        )
    ) or [("", "")]


def _names(form: Tag) -> set[str]:
    return {str(each["name"]) for each in form.select("input[name], textarea[name], select[name]")}


def _filled(form: Tag) -> dict[str, str | list[str]]:
    """Return what stands in a form; where nothing does, what somebody might type."""
    values: dict[str, str | list[str]] = {}
    for field in form.select("input[name], textarea[name], select[name]"):
        name, kind = (
            str(field["name"]),
            "text" if field.name == "textarea" else str(field.get("type", "text")),
        )
        if field.name == "select":
            options = field.select("option[selected]") or [
                each for each in field.select("option") if each.get("value")
            ]
            values[name] = str(options[0].get("value", "")) if options else ""
        elif kind in {"checkbox", "radio"}:
            if field.has_attr("checked") or (kind == "radio" and name not in values):
                values[name] = str(field.get("value", "on"))
        elif kind not in {"file", "submit", "password"}:
            stands = field.get_text() if field.name == "textarea" else str(field.get("value", ""))
            values[name] = stands or ("" if kind == "hidden" else _FILLED.get(kind, "Проба"))
    return values
