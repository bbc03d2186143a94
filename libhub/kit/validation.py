"""What may stand in a field, declared beside its type: one way for forms, imports, files and commands.

A section describes what it keeps as a frozen dataclass that inherits :class:`Data`. An object of it may hold
anything that somebody typed; :meth:`Data.checked` gives it back in order, or says what will not do::

    @dataclass(frozen=True)
    class NoteData(Data):
        title: Annotated[str, OneLine(200, least=1)]
        kind: Annotated[str, OneOf(KINDS)] = "other"

Pydantic holds the types, the rules beside them hold everything else.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Annotated, Any, ClassVar, Final, Self, TypeAlias, get_type_hints

from pydantic import ConfigDict, TypeAdapter, ValidationError

from libhub.accounts.permissions import AGE_MARKS
from libhub.accounts.school_class import GRADES
from libhub.base.checked_types import Label
from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.base.i18n import lazy_gettext as _l
from libhub.base.text import one_line, tidy

_MOST: Final = 2**31
"""Every database holds a smaller whole number, and every date is made of smaller ones."""
_WRONG_TYPES: Final[Mapping[str, Label]] = {
    "string": _l("A text is needed."),
    "int": _l("A whole number is needed."),
    "float": _l("A number is needed."),
    "date": _l("A date is needed."),
    "is": _l("Such a value will not do."),
}
"""What is said of a value of another type, by the first word of what pydantic calls the error."""


class Invalid(LibHubError):
    """Something that was given will not do: ``problems`` are sentences by field name, "" is the whole.

    :param called: what people call the fields, where the sentences stand apart from them.
    """

    def __init__(self, problems: Mapping[str, str], called: Mapping[str, Label] | None = None) -> None:
        known = called or {}
        sentences = (f"{known[name]}: {text}" if name in known else text for name, text in problems.items())
        super().__init__(" ".join(dict.fromkeys(sentences)))
        self.problems = dict(problems)


class Rule:
    """What a field must be besides its type. A field may have several; None is the type's business alone."""

    def tidied(self, value: Any) -> Any:
        """Return what was given made fit to be stored: it may be of any type, which is judged afterwards."""
        return value

    def judged(self, value: Any) -> Any:
        """Return a value of the right type as it is kept.

        :raises LibHubError: it will not do; the sentence says why.
        """
        return value


@dataclass(frozen=True)
class Must(Rule):
    """A test that the value must pass, and what is said where it does not."""

    test: Callable[[Any], bool]
    says: Label

    def judged(self, value: Any) -> Any:
        """Refuse what does not pass."""
        if not self.test(value):
            raise LibHubError(str(self.says))
        return value


@dataclass(frozen=True)
class Text(Rule):
    """A text of so many characters, maybe of several lines."""

    most: int
    least: int = 0
    says: Label = ""

    def tidied(self, value: Any) -> Any:
        """Drop what cannot be shown, and the space around it."""
        return tidy(value).strip() if isinstance(value, str) else value

    def judged(self, value: Any) -> Any:
        """Refuse what is too short or too long."""
        if not self.least <= len(value) <= self.most:
            raise LibHubError(str(self.says) or _("At most %(most)d characters.", most=self.most))
        return value


@dataclass(frozen=True)
class OneLine(Text):
    """A text of one line, with one space between the words."""

    def tidied(self, value: Any) -> Any:
        """Drop what cannot be shown, and every space that says nothing."""
        return one_line(value) if isinstance(value, str) else value


class Listed(Rule):
    """Several names, each once and in one line; empty ones are left out."""

    def tidied(self, value: Any) -> Any:
        """Tidy each of them."""
        if not (isinstance(value, tuple) and all(isinstance(each, str) for each in value)):
            return value
        return tuple(dict.fromkeys(name for each in value if (name := one_line(each))))


@dataclass(frozen=True)
class OneOf(Rule):
    """One of these codes; ``or_empty``: or none of them."""

    known: Collection[Any]
    or_empty: bool = False

    def judged(self, value: Any) -> Any:
        """Refuse any other."""
        if value not in self.known and (value or not self.or_empty):
            known = ", ".join(map(str, self.known))
            raise LibHubError(_("“%(value)s” is not one of: %(known)s.", value=value, known=known))
        return value


class SomeOf(OneOf):
    """Several of these codes."""

    def judged(self, value: Any) -> Any:
        """Refuse all if one is another."""
        for each in reversed(value):
            super().judged(each)
        return value


@dataclass(frozen=True)
class Within(Rule):
    """A number between two bounds, both in it; ``says`` may name them by ``%(least)d`` and ``%(most)d``."""

    least: int
    most: int
    says: Label = ""

    def judged(self, value: Any) -> Any:
        """Refuse a number outside."""
        if not self.least <= value <= self.most:
            says = str(self.says) or _("A number from %(least)d to %(most)d is needed.")
            raise LibHubError(says % {"least": self.least, "most": self.most})
        return value


Grade: TypeAlias = Annotated[
    int | None, Within(GRADES[0], GRADES[-1], _l("A grade is a number from 1 to 11."))
]
AgeMark: TypeAlias = Annotated[int, OneOf(AGE_MARKS)]
AgeMarkOrNone: TypeAlias = Annotated[int | None, OneOf(AGE_MARKS)]


def grades_in_order(grade_from: int | None, grade_to: int | None) -> dict[str, str]:
    """Return the problem of two grades of which the last is before the first."""
    if grade_from and grade_to and grade_from > grade_to:
        return {"grade_to": _("The last grade is before the first one.")}
    return {}


@dataclass(frozen=True)
class Data:
    """The base of what sections describe; ``called`` is what people call the fields."""

    called: ClassVar[Mapping[str, Label]] = {}
    __pydantic_config__: ClassVar = ConfigDict(revalidate_instances="always")

    @classmethod
    def of(cls, row: object, **given: Any) -> Self:
        """Return what a row holds in its columns of the same names, but for what is given."""
        plain = (each.name for each in fields(cls) if each.name not in given)
        return cls(**{name: getattr(row, name) for name in plain}, **given)

    def into(self, row: object, *but: str) -> None:
        """Write this into a row, field by field but for these: the opposite of :meth:`of`.

        :raises TypeError: the row has no such column, so it would be lost.
        """
        for name, value in vars(self).items():
            if name not in but:
                if not hasattr(type(row), name):
                    raise TypeError(f"{type(row).__name__} has no {name}, which {type(self).__name__} has")
                setattr(row, name, value)

    def conflicts(self) -> Mapping[str, str]:
        """Return the problems of several fields together; each has the right type, and maybe a problem."""
        return {}

    def tidied(self) -> Self:
        """Return this made fit to be stored, as far as each field says how."""
        values = dict(vars(self))
        for name, rule in self._declared()[1]:
            values[name] = rule.tidied(values[name])
        return type(self)(**values)

    def checked(self, **found: str) -> Self:
        """Return this in order.

        :param found: problems that only the caller can see, by field; an empty text is none.
        :raises Invalid: naming every field that will not do.
        """
        types, rules = self._declared()
        data = self.tidied()
        values, problems = _typed(types, data)
        well_typed = not problems
        for name, rule in rules:
            if name not in problems and values[name] is not None:
                try:
                    values[name] = rule.judged(values[name])
                except LibHubError as error:
                    problems[name] = str(error)
        vars(data).update(values)  # nobody else has it yet
        if well_typed:
            problems |= data.conflicts()
        problems |= {name: text for name, text in found.items() if text}
        if problems:
            raise Invalid({name: problems[name] for name in values if name in problems}, self.called)
        return data

    @classmethod
    def rules_of(cls, name: str) -> list[Rule]:
        """Return the rules of a field."""
        return [rule for field, rule in cls._declared()[1] if field == name]

    @classmethod
    @cache
    def _declared(cls) -> tuple[TypeAdapter[Any], tuple[tuple[str, Rule], ...]]:
        """Return what pydantic makes of the types, and the rules of the fields."""
        return TypeAdapter(cls), tuple(
            (name, rule)
            for name, hint in get_type_hints(cls, include_extras=True).items()
            for rule in getattr(hint, "__metadata__", ())
            if isinstance(rule, Rule)
        )


def _typed(types: TypeAdapter[Any], data: Data) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the values, exactly of their types, and the problems of those that are of another one."""
    values = dict(vars(data))
    numbers = ((name, value) for name, value in values.items() if isinstance(value, (int, frozenset)))
    problems = {name: str(_WRONG_TYPES["is"]) for name, value in numbers if _too_large(value)}
    try:
        values |= vars(types.validate_python(data, strict=True))
    except ValidationError as error:
        for each in error.errors(include_url=False, include_context=False, include_input=False):
            told = _WRONG_TYPES.get(each["type"].partition("_")[0], _WRONG_TYPES["is"])
            problems.setdefault(str(each["loc"][0]), str(told))
    return values, problems


def _too_large(value: object) -> bool:
    if isinstance(value, frozenset):
        return any(map(_too_large, value))
    return isinstance(value, int) and not -_MOST < value < _MOST
