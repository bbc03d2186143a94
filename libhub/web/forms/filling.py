"""A form of a page that was made without knowing what was typed before is filled in with it, in the page's own text."""

from collections.abc import Sequence
from typing import Final

from bs4 import BeautifulSoup, Tag

from libhub.base.i18n import gettext as _
from libhub.submissions import drafts
from libhub.submissions.drafts import Typed
from libhub.web.forms import form_state
from libhub.web.forms.form_state import FormState
from libhub.web.forms.kept_files import KeptFile

_NOT_FILLED: Final = frozenset({"file", "password", "submit", "hidden"})


def filled(html: str, path: str, typed: Typed, *, fields: bool, files: Sequence[KeptFile]) -> str | None:
    """Return a page with the form filled in into which something was typed; None where the page has no such form.

    :param path: of the page.
    :param fields: whether its fields are filled in; else only the files are told.
    :param files: those that were chosen in it, and are still there.
    """
    page = BeautifulSoup(html, "html.parser")
    wanted = typed.action.partition("?")[0]
    for form in page.select("form[method=post]"):
        if str(form.get("action") or path).partition("?")[0] == wanted:
            if fields:
                _fill_form(form, typed)
            for file in files:
                _tell_of_file(page, form, file)
            for around in form.find_parents("details"):
                around["open"] = ""
            return str(page)
    return None


def _tell_of_file(page: BeautifulSoup, form: Tag, file: KeptFile) -> None:
    for field in form.select("input[type=file]"):
        if field.get("name") != file.field:
            continue
        _mark(field, "required", on=False)
        told = page.new_tag("small")
        told.string = _(
            "“%(name)s” is here already: choose a file only if it shall be another one.", name=file.name
        )
        field.insert_after(told)


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
