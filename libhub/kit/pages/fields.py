"""Fields of forms that sections share. What may stand in them is the business of the data that they become."""

from collections.abc import Mapping
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from wtforms import DateField, IntegerField, SelectChoice, SelectField, SelectMultipleField
from wtforms.validators import Optional, ValidationError
from wtforms.widgets import CheckboxInput

from libhub.base.checked_types import Label
from libhub.base.i18n import lazy_gettext as _l
from libhub.kit.validation import Data
from libhub.kit.vocabulary import AGES, GRADE_LABELS, VISIBILITY
from libhub.web.forms.form import Form

_Data = TypeVar("_Data", bound=Data)
_AGE_MARK: Label = _l("Age mark")
_WHO_SEES_IT: Label = _l("Who sees it")


def choices(labels: Mapping[Any, Label]) -> list[SelectChoice]:
    """Return values and labels as a field to choose from takes them."""
    return [SelectChoice(value, label) for value, label in labels.items()]


def select(label: Label, labels: Mapping[Any, Label], **options: Any) -> SelectField:
    """Return a field to choose one of these values; ``options`` go to the field."""
    return SelectField(label, choices=choices(labels), **options)


def tick_boxes(label: Label, labels: Mapping[Any, Label], **options: Any) -> SelectMultipleField:
    """Return a field to tick several of these values."""
    return SelectMultipleField(label, choices=choices(labels), option_widget=CheckboxInput(), **options)


def optional_day(label: Label, **options: Any) -> DateField:
    """Return a field for a day, or none; ``options`` go to the field."""
    return DateField(label, [Optional()], **options)


def optional_number(label: Label, **options: Any) -> IntegerField:
    """Return a field for a whole number, or none."""
    return IntegerField(label, [Optional()], render_kw={"inputmode": "numeric"}, **options)


def age_mark(label: Label = _AGE_MARK, *, or_none: bool = False) -> SelectField:
    """Return a field for an age mark; its value is a number of years.

    :param or_none: it may be chosen later; the value is None until then. Else the form asks for it.
    """
    return select(
        label,
        {"": _l("— choose —"), **AGES},
        coerce=number_or_none,
        validators=[] if or_none else [_is_chosen],
    )


def grade(label: Label) -> SelectField:
    """Return a field for a grade of a school, or any; its value is a number or None."""
    return select(label, {"": _l("any"), **GRADE_LABELS}, coerce=number_or_none)


def visibility(label: Label = _WHO_SEES_IT) -> SelectField:
    """Return a field for who sees a thing; its value is a code of :data:`VISIBILITY`."""
    return select(label, VISIBILITY)


def number_or_none(value: Any) -> int | None:
    """Return the number that a choice stands for, or None for the empty one; ``coerce`` of a field.

    :raises ValueError: it is neither.
    """
    return int(value) if value not in (None, "") else None


def _is_chosen(_form: object, field: SelectField) -> None:
    if field.data is None:
        raise ValidationError(str(_l("Choose an age mark.")))


def typed_data(form: Form, of: type[_Data], **given: Any) -> _Data:
    """Return what was typed as data, whatever it is: each field of the form goes where its name stands.

    What was left empty is an empty text, no number, an empty list, as the data has it.

    :param given: what is not taken from the form.
    """
    hints = get_type_hints(of)
    typed = {
        name: _as_hinted(form[name].data, hints[name]) for name in hints if name in form and name not in given
    }
    return of(**typed, **given)


def _as_hinted(value: Any, hint: Any) -> Any:
    kind = get_origin(hint) or hint
    if kind in (tuple, frozenset, set):
        return kind(value or ())
    if value is None and kind in (str, int, bool) and type(None) not in get_args(hint):
        return kind()
    return value
