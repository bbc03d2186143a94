"""A form of a page that was made without knowing what was typed before is filled in with it, in the page's own text."""

from typing import Final

from bs4 import BeautifulSoup, Tag

from libhub.submissions import drafts
from libhub.submissions.drafts import Typed
from libhub.web.forms import form_state
from libhub.web.forms.form_state import FormState

_NOT_FILLED: Final = frozenset({"file", "password", "submit", "hidden"})


def filled(html: str, path: str, typed: Typed) -> str | None:
    """Return a page with the form filled in into which something was typed; None where the page has no such form.

    :param path: of the page.
    """
    page = BeautifulSoup(html, "html.parser")
    wanted = typed.action.partition("?")[0]
    for form in page.select("form[method=post]"):
        if str(form.get("action") or path).partition("?")[0] == wanted:
            _fill_form(form, typed)
            for around in form.find_parents("details"):
                around["open"] = ""
            return str(page)
    return None


def _fill_form(form: Tag, typed: Typed) -> None:
    left = {name: list(values) for name, values in typed.fields.items()}
    for field in form.select("input[name], textarea[name], select[name]"):
        name = str(field["name"])
        if name == form_state.FIELD:
            field["value"] = FormState.here(draft=typed.id).signed()
        elif name not in drafts.NOT_TYPED:
            _fill_field(field, left.get(name, []))


def _fill_field(field: Tag, values: list[str]) -> None:
    kind = str(field.get("type", ""))
    if field.name == "select":
        for option in field.select("option"):
            chosen = str(option.get("value", option.get_text())) in values
            _mark(option, "selected", on=chosen)
    elif kind in {"checkbox", "radio"}:
        _mark(field, "checked", on=str(field.get("value", "on")) in values)
    elif field.name == "textarea":
        field.string = values.pop(0) if values else ""
    elif kind not in _NOT_FILLED and values:
        field["value"] = values.pop(0)


def _mark(tag: Tag, attribute: str, *, on: bool) -> None:
    if on:
        tag[attribute] = ""
    else:
        tag.attrs.pop(attribute, None)
