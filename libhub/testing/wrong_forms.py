"""Forms sent empty and sent wrong: what the hub answers, and whether each error is tied to its field."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient

from libhub.testing.walking import Seen, browser_of, content_of

TYPED: Final = frozenset(
    {"text", "search", "url", "email", "tel", "number", "password", "date", "time", "datetime-local", "file"}
)
WRONG: Final = {"number": "много", "date": "32.13.2026", "time": "25:61", "url": "не адрес"}
RIGHT: Final = {
    "number": "1",
    "date": "2026-12-01",
    "time": "10:00",
    "datetime-local": "2026-12-01T10:00",
    "url": "https://example.org/",
    "email": "a@example.org",
}
LONG: Final = "Ы" * 12_000


def refused(app: Flask, seen: Sequence[Seen]) -> Iterator[Seen]:
    """Send every form of every page empty, then wrong, and yield the pages that come instead of what was asked for.

    The application is changed by what it accepts, so give it one of its own.
    """
    browsers: dict[str, FlaskClient] = {}
    sent: set[tuple[object, ...]] = set()
    known: set[str] = set()
    for page in seen:
        if page.role not in browsers:
            browsers[page.role] = browser_of(app, page.role)
        browser = browsers[page.role]
        for form in _forms(page.html):
            target = str(form.get("action") or page.address.path)
            fields = _fields(form)
            key = (page.address.rule and page.address.rule.rule, tuple(sorted(fields)), page.role)
            if not fields or key in sent:
                continue
            sent.add(key)
            for wrong in (False, True):
                with browser.post(target, data=_filled(form, fields, wrong=wrong)) as answer:
                    html = answer.get_data(as_text=True)
                assert answer.status_code < 500, f"{page}: {target}"
                if html.startswith("<!doctype") and not 300 <= answer.status_code < 400:
                    content = content_of(html)
                    if content not in known:
                        known.add(content)
                        yield Seen(page.role, page.address, answer.status_code, html)


def sent_with(app: Flask, seen: Sequence[Seen], sprinkle: str) -> Iterator[tuple[str, int]]:
    """Send every form of every page as it stands, and with its empty fields filled in, with these signs in every text.

    Yield where each was sent and how it was answered. The application is changed, so give it one of its own.
    """
    browsers: dict[str, FlaskClient] = {}
    sent: set[tuple[object, ...]] = set()
    for page in seen:
        if page.role not in browsers:
            browsers[page.role] = browser_of(app, page.role)
        browser = browsers[page.role]
        for form in _forms(page.html):
            fields, target = _fields(form), str(form.get("action") or page.address.path)
            key = (page.address.rule and page.address.rule.rule, tuple(sorted(fields)))
            if key in sent or not fields:
                continue
            sent.add(key)
            for empty in ("", "Аб"):
                with browser.post(target, data=_sprinkled(form, fields, sprinkle, empty)) as answer:
                    yield f"{page}: {target}", answer.status_code


def complaints(html: str) -> list[str]:
    """Say which errors of a page nobody is told of who comes to the field."""
    main = _main(html)
    found = []
    told = [part for field in main.select("[aria-describedby]") for part in _about(main, field)]
    for field in main.select("[aria-invalid=true]"):
        if not any(text.get_text(strip=True) for text in _about(main, field)):
            found.append(f"a field is wrong and does not say why: {str(field)[:160]}")
    for error in main.select("small.error, .error-text"):
        if not any(text is error or text in error.parents for text in told):
            found.append(f"an error belongs to no field: {error.get_text(strip=True)}")
    return found


def _about(main: BeautifulSoup, field: Tag) -> list[Tag]:
    """Return what describes a field."""
    return [
        part
        for name in str(field.get("aria-describedby", "")).split()
        for part in main.select(f"[id='{name}']")
    ]


def says_why(html: str) -> bool:
    """Say whether a page that refuses something gives a reason, at a field or above the form."""
    return bool(_main(html).select("[aria-invalid=true], [role=alert], .flash.error"))


def _main(html: str) -> BeautifulSoup:
    """Read the content of a page; forms of the shell are on all of them."""
    return BeautifulSoup(f"<main{content_of(html)}", "html.parser")


def _forms(html: str) -> list[Tag]:
    return list(_main(html).select("form[method=post]")) if 'method="post"' in content_of(html) else []


def _fields(form: Tag) -> dict[str, str]:
    """Return the kinds of the fields into which something is typed, by name; a form of buttons alone has none."""
    kinds = {str(field["name"]): _kind(field) for field in form.select("input[name], textarea[name]")}
    return {name: kind for name, kind in kinds.items() if kind in TYPED}


def _kind(field: Tag) -> str:
    return "text" if field.name == "textarea" else str(field.get("type", "text"))


def _filled(form: Tag, fields: Mapping[str, str], *, wrong: bool) -> dict[str, str]:
    values = {
        str(field["name"]): str(field.get("value", "")) for field in form.select("input[type=hidden][name]")
    }
    if wrong:
        values |= {
            str(field["name"]): "нет такого" for field in form.select("select[name], [type=checkbox][name]")
        }
        values |= {name: WRONG.get(kind, LONG) for name, kind in fields.items() if kind != "file"}
    else:
        values |= {name: "" for name, kind in fields.items() if kind != "file"}
        values |= {str(field["name"]): _chosen(field) for field in form.select("select[name]")}
    return values


def _chosen(select: Tag) -> str:
    option = select.select_one("option[selected]") or select.select_one("option")
    return str(option.get("value", "")) if option else ""


def _sprinkled(form: Tag, fields: Mapping[str, str], sprinkle: str, empty: str) -> dict[str, list[str]]:
    """Return what a form would send as it stands, with these signs in every text; ``empty`` stands for one without any."""
    values: dict[str, list[str]] = {}
    for field in form.select("input[name], select[name], textarea[name]"):
        name, kind = str(field["name"]), _kind(field)
        if field.name == "select":
            values.setdefault(name, []).append(_chosen(field))
        elif kind in ("checkbox", "radio"):
            if field.has_attr("checked"):
                values.setdefault(name, []).append(str(field.get("value", "on")))
        elif kind not in ("file", "submit", "image", "button"):
            stands = field.get_text() if field.name == "textarea" else str(field.get("value", ""))
            text = stands or (RIGHT.get(kind, empty) if empty and name in fields else "")
            free = text and kind in ("text", "search") and name in fields
            values.setdefault(name, []).append(f"{sprinkle}{text}{sprinkle}" if free else text)
    return values
