"""Forms of pages, filled in and sent as a browser does, with what their page put into them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

_LINES: Final = frozenset({"text", "search"})
_NOT_SENT: Final = frozenset({"submit", "button", "reset", "image", "file"})


@dataclass
class PageForm:
    """A form of a page.

    :param action: the address to which it is sent.
    :param fields: what a browser would send, by name.
    :param lines: names of fields into which any text may be typed.
    :param editor: whether what is typed is kept meanwhile, and joined with what others change.
    """

    action: str
    fields: dict[str, list[str]]
    lines: Sequence[str] = ()
    editor: bool = False
    tag: Tag = field(default_factory=lambda: Tag(name="form"), repr=False)

    def send(self, browser: FlaskClient, **typed: str | Sequence[str]) -> TestResponse:
        """Send it with some fields changed."""
        return browser.post(self.action, data=self.filled(**typed))

    def filled(self, **typed: str | Sequence[str]) -> dict[str, list[str]]:
        """Return what is sent with some fields changed."""
        changed = {name: [text] if isinstance(text, str) else list(text) for name, text in typed.items()}
        return {**self.fields, **changed}

    def alone(self) -> Mapping[str, list[str]]:
        """Return what it holds, without what the hub adds to every form."""
        return {
            name: texts for name, texts in self.fields.items() if name not in {"csrf_token", "form_state"}
        }


def forms_of(html: str, path: str) -> Iterator[PageForm]:
    """Yield the forms of a page that are posted.

    :param path: the address of the page.
    """
    for tag in BeautifulSoup(html, "html.parser").select("form[method=post]"):
        fields: dict[str, list[str]] = {}
        lines = []
        for each in tag.select("input[name], textarea[name], select[name]"):
            name, kind = str(each["name"]), str(each.get("type", "text"))
            sent = _sent(each, kind)
            if kind in _NOT_SENT and each.name == "input":
                continue
            fields.setdefault(name, []).extend(sent)
            if each.name == "textarea" or (each.name == "input" and kind in _LINES):
                lines.append(name)
        once = [name for name in lines if lines.count(name) == 1]
        editor = tag.select_one("script[data-keep]") is not None
        yield PageForm(str(tag.get("action") or path), fields, once, editor, tag)


def editor_of(browser: FlaskClient, path: str) -> PageForm:
    """Open a page and return its editor."""
    html = browser.get(path).text
    return next(form for form in forms_of(html, path) if form.editor)


def _sent(each: Tag, kind: str) -> list[str]:
    if each.name == "textarea":
        text = each.get_text()
        return [text.replace("\r\n", "\n").removeprefix("\n").replace("\n", "\r\n")]
    if each.name == "select":
        chosen = each.select("option[selected]") or each.select("option")[:1]
        return [str(option.get("value", option.get_text())) for option in chosen]
    if kind in {"checkbox", "radio"}:
        return [str(each.get("value", "on"))] if each.has_attr("checked") else []
    return [str(each.get("value", ""))]
