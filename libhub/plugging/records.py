"""What hooks return: small records that the core knows how to show."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from libhub.search.documents import Label


@dataclass(frozen=True)
class NavItem:
    """An entry of the main menu; lower ``order`` stands further left.

    ``icon`` is the name of one of the hub's icons (``/styleguide`` shows them).
    """

    label: Label
    url: str
    order: int = 100
    icon: str = ""


@dataclass(frozen=True)
class HomeCard:
    """A card of the home page: a template of the plugin and plain data for it."""

    title: Label
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    order: int = 100


@dataclass(frozen=True)
class CalendarEntry:
    """Something with a day in a calendar: days of the school, both in it; moments where the hour is known.

    ``kind`` says in a word what it is: a lesson, a due date.
    """

    title: Label
    url: str
    first_day: date
    last_day: date
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    kind: Label = ""


SettingType = Literal["text", "integer", "boolean", "choice", "picture"]


@dataclass(frozen=True)
class Setting:
    """A value that the librarian edits in the page.

    ``choices`` are value and label for ``choice``; ``least`` and ``most`` bound an ``integer``. The value of a
    ``picture`` is its name, empty for none: ``url_for("pictures.picture", name=…)`` shows it. One that has a page
    of its own is not in the form of settings (``in_form``).
    """

    name: str
    label: Label
    default: str | int | bool
    type: SettingType = "text"
    help: Label = ""
    choices: tuple[tuple[str, Label], ...] = ()
    least: int | None = None
    most: int | None = None
    in_form: bool = True


@dataclass(frozen=True)
class HealthCheck:
    """One thing to look at: ``run`` returns None when it is well, else a sentence about what is wrong."""

    label: Label
    run: Callable[[], str | None]
