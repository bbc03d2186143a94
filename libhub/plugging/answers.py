"""What a hook may answer: described once, beside its failure policy, and checked where the answer comes in.

Whoever asks a hook gets what is said here and nothing else: lists of the records, each field of its type, labels that
are texts already, fragments that are escaped. A wrong answer is a :class:`WrongAnswer`, in words for who wrote the section.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from inspect import iscoroutine
from types import NoneType
from typing import Annotated, Any, Final, TypeVar, cast

from markupsafe import Markup, escape
from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
)

from libhub.accounts.permissions import ROLES, Permission
from libhub.accounts.viewer import Viewer
from libhub.base.checked_types import BY_NAME, IN_EVERY_LANGUAGE, Label, Text, TextSet, Whole, several, told
from libhub.base.checked_types import text as as_text
from libhub.base.errors import LibHubError, let_pass
from libhub.base.i18n import LazyString, by_language, current_locale
from libhub.base.text import is_key
from libhub.plugging.records import CalendarEntry, KeptData, PersonLine, Setting
from libhub.search.documents import Document, ItemRef, ItemType, Summary

_STRICT: Final = ConfigDict(strict=True, revalidate_instances="always", arbitrary_types_allowed=True)
_MOST_MISTAKES: Final = 3
_T = TypeVar("_T")


class WrongAnswer(Exception):
    """An answer that is not what the hook asks for: which item, which field, and why."""


def in_words(error: BaseException) -> str:
    """Return what went wrong, in one line that a page can show and a database can keep."""
    try:
        said = str(error)
    except BaseException as untold:  # noqa: BLE001 - an error of a section, too
        let_pass(untold)
        said = ""
    if isinstance(error, (LibHubError, WrongAnswer)):
        words = said
    elif isinstance(error, Exception):
        words = f"{type(error).__name__}: {said}"
    else:
        words = f"{type(error).__name__}: it ended the program {said}"
    return " ".join(words.encode(errors="replace").decode().split())


@dataclass(frozen=True)
class Answer:
    """What a hook answers: a type as pydantic reads it."""

    type: Any
    usual: Callable[[Any], bool] = lambda _answer: False
    """Says of an answer that needs no look into it that it is right: for what every request asks."""

    @cached_property
    def _adapter(self) -> TypeAdapter[Any]:
        return TypeAdapter(self.type, config=_STRICT)

    def check(self, answer: object, *, declared: bool = False) -> Any:
        """Return the answer in the one form in which the hub uses it.

        :param declared: it is kept and used in every language; else in the language in force.
        :raises WrongAnswer: it is not what is asked for.
        """
        if self.usual(answer):
            return answer
        if iscoroutine(answer):
            answer.close()  # else Python complains that nobody waited for it
        try:
            return self._adapter.validate_python(
                answer, context={IN_EVERY_LANGUAGE: _spelt} if declared else None
            )
        except ValidationError as error:
            raise WrongAnswer("; ".join(map(_mistake, error.errors()[:_MOST_MISTAKES]))) from None


def _mistake(error: Any) -> str:
    """Return one mistake in words: where it is, and what is wrong there."""
    where = [f"item {part + 1}" if isinstance(part, int) else str(part) for part in error["loc"]]
    what = str(error["msg"]).removeprefix("Value error, ")
    if error["type"] not in ("value_error", "missing"):
        what = f"{what}, not {told(error['input'])}"
    return ": ".join([*(part for part in where if part not in ("[key]", "nullable")), what])


def _spelt(label: LazyString) -> LazyString:
    """Ask a label once for what it says in every language, so that it is never again at the mercy of its section."""
    texts = {locale: as_text(spelt) for locale, spelt in by_language(label).items()}
    return LazyString(lambda: texts[current_locale()])


def each(of: Any, most: int | None = 1_000) -> Any:
    """Return the type of an answer of several things: in a list, a set, a tuple or from a generator.

    :param most: so many are asked for at once, and shown.
    """
    return Annotated[Sequence[of], BeforeValidator(partial(several, most=most))]


# -- what the types alone do not say ------------------------------------------------------------------------


def _fragment(value: object, info: ValidationInfo) -> Markup:  # noqa: ARG001
    if isinstance(value, LazyString):
        value = str(value)
    return Markup(escape(as_text(value)))  # noqa: S704 - what is not Markup is escaped


def _days_in_order(entry: CalendarEntry) -> CalendarEntry:
    if entry.first_day > entry.last_day:
        raise ValueError("last_day is before first_day")
    return entry


def _kept_as_json(value: Any) -> Any:
    """Return what JSON can hold of a value, all of it."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, str):
        return as_text(value)
    if isinstance(value, float) and value - value == 0:  # neither infinite nor "not a number"
        return value
    if isinstance(value, Mapping):
        return {as_text(name): _kept_as_json(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_kept_as_json(each) for each in value]
    raise ValueError(f"JSON cannot hold {told(value)}")


def _kept_of_a_person(kept: dict[str, Any]) -> dict[str, Any]:
    """Return what is kept, by name: plain values, or with what for and for how long."""
    return {
        name: replace(_KEPT.check([value])[0], values=_kept_as_json(value.values))
        if isinstance(value, KeptData)
        else _kept_as_json(value)
        for name, value in kept.items()
    }


def _setting(setting: Setting) -> Setting:
    kinds = {"text": str, "picture": str, "choice": str, "integer": int, "boolean": bool}
    default, name = setting.default, setting.name
    if type(default) is not kinds[setting.type]:
        raise ValueError(f"the default of “{name}” ({setting.type}) is {told(default)}")
    if setting.type == "choice":
        if not setting.choices:
            raise ValueError(f"“{name}” is a choice, but has no choices")
        if default not in [value for value, _label in setting.choices]:
            raise ValueError(f"the default of “{name}” is not among its choices")
        once([value for value, _label in setting.choices], f"choice of “{name}”")
    least, most = setting.least, setting.most
    if least is not None and most is not None and least > most:
        raise ValueError(f"least of “{name}” is more than its most")
    if setting.type == "integer" and not (
        (least is None or least <= int(default)) and (most is None or int(default) <= most)
    ):
        raise ValueError(f"the default of “{name}” is not between its least and its most")
    return setting


def _permission(permission: Permission) -> Permission:
    unknown = sorted(permission.roles - set(ROLES))
    if unknown:
        raise ValueError(f"“{permission.name}” names unknown roles: {', '.join(unknown)}")
    return permission


def once(names: Iterable[Hashable], what: str) -> None:
    """Refuse what is declared twice.

    :raises ValueError: one of the names is there a second time.
    """
    seen: set[Hashable] = set()
    for name in names:
        if name in seen:
            raise ValueError(f"the {what} “{name}” is declared twice")
        seen.add(name)


def _each_once(what: str, name_of: Callable[[Any], Hashable]) -> AfterValidator:
    def check(found: Sequence[_T]) -> Sequence[_T]:
        once(map(name_of, found), what)
        return found

    return AfterValidator(check)


# -- the hooks ----------------------------------------------------------------------------------------------


MOST_LABELS: Final = 1_000
"""Of one visitor: each of them is a question to the index with every search."""


def _is_label_set(answer: Any) -> bool:
    few = type(answer) is frozenset and len(answer) <= MOST_LABELS
    return few and all(type(label) is str and label.isascii() for label in answer)


LABELS: Final = Answer(Annotated[TextSet, Field(max_length=MOST_LABELS)], usual=_is_label_set)
KEYS: Final = Answer(TextSet)
USERNAME: Final = Answer(Text | None)
NOTHING: Final = Answer(Any, usual=lambda _answer: True)
FRAGMENTS: Final = Answer(each(Annotated[Markup, PlainValidator(_fragment)]))
ENTRIES: Final = Answer(each(Annotated[CalendarEntry, AfterValidator(_days_in_order)], most=10_000))
PERSON_LINES: Final = Answer(each(PersonLine, most=10_000))
KEPT: Final = Answer(Annotated[Any, AfterValidator(_kept_as_json)])
NUMBERS: Final = Answer(Annotated[dict[Label, Whole], BY_NAME])
_KEPT: Final = Answer(each(KeptData))
PERSONAL: Final = Answer(Annotated[dict[str, Any], BY_NAME, AfterValidator(_kept_of_a_person)])
PERMISSIONS: Final = Answer(
    Annotated[
        each(Annotated[Permission, AfterValidator(_permission)]),
        _each_once("permission", lambda permission: permission.name),
    ]
)
SETTINGS: Final = Answer(
    Annotated[
        each(Annotated[Setting, AfterValidator(_setting)]),
        _each_once("setting", lambda setting: setting.name),
    ]
)
ITEM_TYPES: Final = Answer(
    Annotated[each(ItemType), _each_once("kind", lambda item_type: item_type.kind)],
)


def several_of(kind: Any) -> Answer:
    """Return the description of an answer that is several records of a kind."""
    return Answer(each(kind))


def several_named(kind: Any, what: str) -> Answer:
    """Return the description of several things, each of which has a name of its own."""
    return Answer(Annotated[each(kind), _each_once(what, lambda thing: thing.name)])


# -- kinds of items -----------------------------------------------------------------------------------------

_KEYS: Final = Answer(each(Text, most=None))
_DOCUMENTS: Final = Answer(each(Document, most=None))


def _are_summaries(answer: Any) -> bool:
    return type(answer) is dict and all(
        type(key) is str
        and type(summary) is Summary
        and type(summary.title) is str
        and summary.title.isprintable()
        and type(summary.url) is str
        and summary.url.startswith("/")
        and summary.url.isprintable()
        and type(summary.age) in (int, NoneType)
        for key, summary in answer.items()
    )


_SUMMARIES: Final = Answer(Annotated[dict[Text, Summary], BY_NAME], usual=_are_summaries)


def checked_item_type(item_type: ItemType) -> ItemType:
    """Return a kind of items whose functions answer as they should, or fail with a :class:`WrongAnswer`."""
    keys, documents, summaries = item_type.keys, item_type.documents, item_type.summaries
    editable = item_type.editable

    def fit(some: Sequence[str]) -> Sequence[str]:
        return [key for key in some if is_key(key)] if item_type.numbered else some

    def checked_documents(some: Sequence[str]) -> Sequence[Document]:
        found = cast(Sequence[Document], asked(_DOCUMENTS, documents, fit(some)))
        own = {ItemRef(item_type.plugin, item_type.kind, key) for key in some}
        for document in found:
            if document.ref not in own:
                raise WrongAnswer(f"{document.ref.uid} was not asked for")
        return found

    def checked_summaries(viewer: Viewer, some: Sequence[str]) -> Mapping[str, Summary]:
        found: Mapping[str, Summary] = asked(_SUMMARIES, summaries, viewer, fit(some))
        return {key: found[key] for key in some if key in found}

    def checked_editable(viewer: Viewer, some: Sequence[str]) -> frozenset[str]:
        given = fit(some)
        return frozenset(asked(KEYS, cast(Callable[..., Any], editable), viewer, given)).intersection(given)

    return replace(
        item_type,
        keys=lambda: asked(_KEYS, keys),
        documents=checked_documents,
        summaries=checked_summaries,
        editable=checked_editable if editable else None,
    )


def asked(answer: Answer, function: Callable[..., Any], *arguments: Any) -> Any:
    """Ask a function of a section and check what it answers."""
    try:
        return answer.check(function(*arguments))
    except Exception:
        raise
    except BaseException as error:
        let_pass(error)
        raise WrongAnswer(f"it ended the program: {type(error).__name__}") from error


def said(problem: object) -> str | None:
    """Return what a health check said: None, or what is wrong.

    :raises WrongAnswer: it said something else.
    """
    try:
        return (
            None if problem is None else as_text(str(problem) if isinstance(problem, LazyString) else problem)
        )
    except ValueError as error:
        raise WrongAnswer(str(error)) from error
