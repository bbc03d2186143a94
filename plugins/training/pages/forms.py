"""The forms of courses, lessons and learning elsewhere: what was typed becomes clean data."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, Final

from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput

from libhub.api import AGE_MARKS, Form, Label
from libhub.api import lazy_gettext as _l
from plugins.training.courses.audience import AUDIENCES
from plugins.training.courses.lessons import COMPLETIONS, LessonData
from plugins.training.courses.rules import CourseData
from plugins.training.learning.outside_learning import ExternalData

_AGES: Final[dict[str, Label]] = {str(age): f"{age}+" for age in AGE_MARKS}


def choices(labels: Mapping[str, Label]) -> list[SelectChoice]:
    """Return values and labels as a selection takes them."""
    return [SelectChoice(value, label) for value, label in labels.items()]


def _day(label: Label) -> DateField:
    return DateField(label, [Optional()])


def _number(label: Label) -> IntegerField:
    return IntegerField(label, [Optional()], render_kw={"inputmode": "numeric"})


class CourseForm(Form):
    """What is said of a course as a whole."""

    title = StringField(_l("Title"))
    summary = TextAreaField(_l("What it is about, in one or two sentences"), render_kw={"rows": 3})
    audience = SelectField(_l("Meant for"), choices=choices(AUDIENCES))
    people = SelectMultipleField(_l("Named people"), coerce=int, option_widget=CheckboxInput())
    hours = _number(_l("Academic hours"))
    certificate = BooleanField(_l("Who finishes it gets a certificate"))
    in_order = BooleanField(_l("Lessons open one after another"))
    requires = SelectMultipleField(
        _l("Courses that have to be finished before"), coerce=int, option_widget=CheckboxInput()
    )
    age = SelectField(_l("Age mark"), choices=choices(_AGES))
    written_on = _day(_l("Date of the material"))
    checked_on = _day(_l("Checked on"))

    def offer(self, people: Sequence[tuple[int, str]], courses: Sequence[tuple[int, str]]) -> None:
        """Say which people and courses can be chosen."""
        self.people.choices = [SelectChoice(*each) for each in people]
        self.requires.choices = [SelectChoice(*each) for each in courses]

    def data_typed(self) -> CourseData:
        """Return what was typed."""
        return CourseData(
            title=self.title.data or "",
            summary=self.summary.data or "",
            hours=_or_zero(self.hours.data),
            audience=self.audience.data,
            people=frozenset(self.people.data or ()),
            age=int(self.age.data),
            in_order=self.in_order.data,
            certificate=self.certificate.data,
            written_on=self.written_on.data,
            checked_on=self.checked_on.data,
            requires=frozenset(self.requires.data or ()),
        )


class LessonForm(Form):
    """A lesson without its files and questions."""

    title = StringField(_l("Title"))
    text = TextAreaField(_l("Text"), render_kw={"rows": 22})
    link = StringField(_l("Link to open beside it"))
    minutes = _number(_l("How many minutes it takes"))
    completion = SelectField(_l("When it counts as done"), choices=choices(COMPLETIONS))
    task = BooleanField(_l("An answer is needed: text or files"))
    asked = _number(_l("Questions in one attempt"))
    attempts = _number(_l("How many attempts"))
    pass_percent = _number(_l("Pass mark, per cent"))
    shuffled = BooleanField(_l("Shuffle the questions"))
    published = BooleanField(_l("Open to those who take the course"))

    def data_typed(self) -> LessonData:
        """Return what was typed."""
        numbers = {
            name: _or_zero(self[name].data) for name in ("minutes", "asked", "attempts", "pass_percent")
        }
        flags = {name: bool(self[name].data) for name in ("task", "shuffled", "published")}
        texts = {name: self[name].data or "" for name in ("title", "text", "link", "completion")}
        values: dict[str, Any] = {**numbers, **flags, **texts}
        return LessonData(**values)


class ExternalForm(Form):
    """A course taken elsewhere."""

    title = StringField(_l("What the course is called"))
    organisation = StringField(_l("Where it was"))
    hours = _number(_l("Academic hours"))
    started_on = _day(_l("From"))
    completed_on = _day(_l("Until"))
    document = StringField(_l("Document and its number"))
    expires_on = _day(_l("The document is valid until"))

    def data_typed(self) -> ExternalData:
        """Return what was typed."""
        texts = {name: self[name].data or "" for name in ("title", "organisation", "document")}
        days: dict[str, date | None] = {
            name: self[name].data for name in ("started_on", "completed_on", "expires_on")
        }
        values: dict[str, Any] = {**texts, **days, "hours": _or_zero(self.hours.data)}
        return ExternalData(**values)


class AssignForm(Form):
    """A course is given to people."""

    course = SelectField(_l("Course"), coerce=int)
    people = SelectMultipleField(_l("These people"), coerce=int, option_widget=CheckboxInput())
    roles = SelectMultipleField(_l("Everybody with this role now"), option_widget=CheckboxInput())
    due_on = _day(_l("Due on"))

    def offer(
        self,
        courses: Sequence[tuple[int, str]],
        people: Sequence[tuple[int, str]],
        roles: Mapping[str, Label],
    ) -> None:
        """Say what can be chosen."""
        self.course.choices = [SelectChoice(*each) for each in courses]
        self.people.choices = [SelectChoice(*each) for each in people]
        self.roles.choices = choices(roles)


def _or_zero(value: int | None) -> int:
    return value or 0


def course_values(data: CourseData) -> dict[str, Any]:
    """Return a course as its form shows it."""
    return {
        **vars(data),
        "age": str(data.age),
        "people": sorted(data.people),
        "requires": sorted(data.requires),
    }


def numbered(rows: Collection[Any], label: str) -> list[tuple[int, str]]:
    """Return rows as the numbers and labels of a selection."""
    return [(row.id, getattr(row, label)) for row in rows]
