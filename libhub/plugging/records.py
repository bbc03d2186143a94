"""What hooks return: small records that the core knows how to show."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BeforeValidator, PlainValidator

from libhub.base.checked_types import BY_NAME, SEVERAL, Label, Message, Text, Url, Whole, several


@dataclass(frozen=True)
class NavItem:
    """An entry of the main menu; lower ``order`` stands further left.

    ``icon`` is the name of one of the hub's icons (``/styleguide`` shows them).
    """

    label: Label
    url: Url
    order: Whole = 100
    icon: Text = ""


@dataclass(frozen=True)
class HomeCard:
    """A card of the home page: a template of the plugin and plain data for it."""

    title: Label
    template: Text
    context: Annotated[Mapping[Text, Any], BY_NAME] = field(default_factory=dict)
    order: Whole = 100


@dataclass(frozen=True)
class PersonalLine:
    """A thing of a person on the person's own page; ``note`` says more: when it is, what became of it."""

    text: Label
    url: Url
    note: Label = ""


@dataclass(frozen=True)
class PersonalLines:
    """Things of a person, the nearest or newest few of them; all are at ``url``. Without any the title is a link alone."""

    title: Label
    url: Url
    lines: Annotated[Sequence[PersonalLine], SEVERAL] = ()
    order: Whole = 100


@dataclass(frozen=True)
class CalendarEntry:
    """Something with a day in a calendar: days of the school, both in it; moments where the hour is known.

    ``kind`` says in a word what it is: a lesson, a due date.
    """

    title: Label
    url: Url
    first_day: date
    last_day: date
    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None
    kind: Label = ""


@dataclass(frozen=True)
class Line:
    """A line of a list: what it says, and the page that it leads to; without an address it leads nowhere."""

    label: Label
    url: Url | None = None


@dataclass(frozen=True)
class PersonLine:
    """A line about one person, by number."""

    user_id: Whole
    label: Label
    url: Url | None = None


@dataclass(frozen=True)
class ChildLine:
    """Something of a child's that the child's parent sees: ``label`` says what it is («Favourites»), ``text`` which one."""

    label: Label
    text: Label
    url: Url


def _pair(value: object) -> tuple[Any, ...]:
    return tuple(several(value))


SettingType = Literal["text", "integer", "boolean", "choice", "picture"]


@dataclass(frozen=True)
class Setting:
    """A value that the librarian edits in the page.

    ``choices`` are value and label for ``choice``; ``least`` and ``most`` bound an ``integer``. The value of a
    ``picture`` is its name, empty for none: ``url_for("pictures.picture", name=…)`` shows it. One that has a page
    of its own is not in the form of settings (``in_form``).
    """

    name: Text
    label: Label
    default: Annotated[str | int | bool, PlainValidator(lambda value: value)]
    type: SettingType = "text"
    help: Label = ""
    choices: Annotated[Sequence[Annotated[tuple[Text, Label], BeforeValidator(_pair)]], SEVERAL] = ()
    least: Whole | None = None
    most: Whole | None = None
    in_form: bool = True


@dataclass(frozen=True)
class JobKind:
    """Something long that a section can do behind the scenes.

    ``name`` is ``<id>.<something>``. ``run`` gets a ``JobWork`` and the arguments that ``start_job`` was given, by name,
    and returns a ``JobResult`` or None. Besides those who started it, everybody with ``permission`` sees it.
    """

    name: Text
    label: Message
    run: Callable[..., Any]
    permission: Text = ""


@dataclass(frozen=True)
class HealthCheck:
    """One thing to look at: ``run`` returns None when it is well, else a sentence about what is wrong."""

    label: Label
    run: Callable[[], str | None]


@dataclass(frozen=True)
class KeptData:
    """One kind of what is kept of a person, with what for and for how long: for the page that tells people so.

    ``values`` is what JSON can hold; ``called`` says what people call the names in it. What is ``private`` only the person
    sees; others are told how much there is.
    """

    label: Label
    values: Any
    purpose: Label = ""
    term: Label = ""
    called: Annotated[Mapping[Text, Label], BY_NAME] = field(default_factory=dict)
    private: bool = False

    def __bool__(self) -> bool:
        """Say whether anything of the kind is kept."""
        return bool(self.values)
