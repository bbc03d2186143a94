"""What the lines of a table say of people. Nothing is known here of who is in the hub."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from libhub.accounts.names import folded_name
from libhub.accounts.permissions import STUDENT
from libhub.accounts.school_class import ClassName, find_class
from libhub.base.i18n import gettext as _
from libhub.base.lookalikes import unmixed
from libhub.base.text import one_line
from libhub.kit.tables import Row, Table, UnreadableFile, read_table
from libhub.people.exchange.columns import LAYOUT

NameKey = tuple[str, ...]


@dataclass(frozen=True)
class Entry:
    """A person of whom a line speaks. What it does not say is empty or None.

    :param school_class: of a pupil; others are in none.
    :param odd_class: what stands where the class should, and is none.
    :param problem: why nothing can be done with the line.
    """

    line: int
    name: str
    role: str = ""
    school_class: ClassName | None = None
    odd_class: str = ""
    class_group: str = ""
    birth_date: date | None = None
    school_number: str = ""
    username: str = ""
    active: bool | None = None
    problem: str = ""

    @property
    def key(self) -> NameKey:
        """The name as people are told apart by it."""
        return name_key(self.name)

    @property
    def meant_role(self) -> str:
        """The role; a pupil where the line says nothing."""
        return self.role or STUDENT


@dataclass(frozen=True)
class People:
    """A table of people, and the headers that mean nothing."""

    entries: Sequence[Entry]
    unused: tuple[str, ...]


def name_key(name: str) -> NameKey:
    """Return a name as it is compared: its words in whatever order, small letters, ё as е, look-alikes as one."""
    return tuple(sorted(folded_name(name).replace(",", " ").split()))


def number_key(number: str) -> str:
    """Return a number of the school as it is compared: spreadsheets drop the noughts before it."""
    plain = one_line(number).casefold()
    return plain.lstrip("0") or plain


def read_people(path: Path, columns: Sequence[str] | None = None) -> People:
    """Read a table of people.

    :param columns: which column of the layout each column of the table is, where somebody chose.
    :raises UnreadableFile: it is no table, or has no names.
    """
    table = read_table(path, LAYOUT, columns=columns)
    entries = [_entry(row) for row in table.rows]
    if entries and not any(entry.name for entry in entries):
        raise UnreadableFile(_("No column has the names of people. Choose which one it is."))
    return People(entries, _told_unused(table))


def _told_unused(table: Table) -> tuple[str, ...]:
    """Return the headers that mean nothing, but for the number of the row, which nobody expects to be used."""
    return tuple(
        header for header in table.unused if header.strip(" .№").lower() not in {"", "п/п", "n", "пп"}
    )


def _entry(row: Row) -> Entry:
    said = {name: value for name, value in row.values.items() if value != ""}
    parts = (said.get(part, "") for part in ("surname", "first_name", "patronymic"))
    name = _name(" ".join(part for part in parts if part) or said.get("name", ""))
    role = said.get("role", "")
    school_class, odd_class = _class_of(said) if role in {"", STUDENT} else (None, "")
    problem = " ".join(row.problems.values())
    if not name and not problem:
        problem = _("There is no name.")
    return Entry(
        row.line,
        name,
        role,
        school_class,
        odd_class,
        one_line(said.get("class_group", ""))[:40],
        said.get("birth_date"),
        one_line(said.get("school_number", ""))[:40],
        said.get("username", "").strip(),
        said.get("active"),
        problem,
    )


def _class_of(said: Mapping[str, str]) -> tuple[ClassName | None, str]:
    """Return the class, and what stands there instead of one; the letter may have a column of its own."""
    text, letter = said.get("school_class") or said.get("grade", ""), said.get("letter", "")
    found = find_class(text) if text else None
    if found is not None and letter and not found.letter:
        text, found = f"{text} {letter}", find_class(f"{found.grade}{letter}")
    return found, "" if found else text


def _name(text: str) -> str:
    """Return a name as it is written; one in capital letters alone in ordinary ones."""
    name = unmixed(one_line(text.replace(",", " ")))
    return name.title() if name.isupper() else name
