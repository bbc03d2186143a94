"""The fields of what a section gives to the hub, as pydantic checks them: strictly, and each with its reason.

The records themselves stay plain dataclasses; these are the types of their fields.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Annotated, Any, Final, TypeAlias

from markupsafe import Markup
from pydantic import BeforeValidator, Field, PlainValidator, ValidationInfo

from libhub.base.errors import let_pass
from libhub.base.i18n import LazyString, LazyText

IN_EVERY_LANGUAGE: Final = "in_every_language"
"""Name in pydantic's context of a function: it turns a label that is kept into one that no longer calls its section."""
MOST: Final = 2**63
LONGEST: Final = 10_000
"""Characters of what is shown in a line, and of an address."""
_NOT_SEVERAL: Final = (str, bytes, bytearray, Mapping)


def text(value: object) -> str:
    """Return a text that a page can show.

    :raises ValueError: it is none, or has half a character in it, which no page can be sent with.
    """
    if not isinstance(value, str):
        raise ValueError(f"a text is needed, not {told(value)}")
    if type(value) is not Markup:
        value = str.__str__(value)  # what a subclass says of itself when it is shown, nobody has looked at
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise ValueError("a text with half a character (a lone surrogate)") from error
    return value


def told(value: object) -> str:
    """Return in a few words what a value is, the same each time: an address in memory says nothing to anybody."""
    name = type(value).__name__
    if value is None or isinstance(value, bool):
        return f"{value} ({name})"
    return f"“{value[:40].encode(errors='replace').decode()}” ({name})" if isinstance(value, str) else name


def _label(value: object, info: ValidationInfo) -> str | LazyString:
    """Turn a lazy text into what it says; one that cannot say it is told of here, not on somebody's page."""
    if not isinstance(value, LazyString):
        return _short(text(value))
    kept: Callable[[LazyString], LazyString] | None = (info.context or {}).get(IN_EVERY_LANGUAGE)
    try:
        return kept(value) if kept else _short(text(str(value)))
    except ValueError:
        raise
    except BaseException as error:
        let_pass(error)
        raise ValueError(f"the text cannot be told: {type(error).__name__}: {error}") from error


def _message(value: object, info: ValidationInfo) -> str | LazyString:
    """Return a text as it was given, after it was told once: it is kept, and later told to each in their language."""
    told_once = _label(value, info)
    return value if isinstance(value, LazyText) else told_once


def _short(value: str) -> str:
    if len(value) > LONGEST:
        raise ValueError(f"a text of at most {LONGEST} characters is needed, not of {len(value)}")
    return value


def _url(value: str) -> str:
    if (
        not value.startswith(("/", "http://", "https://"))
        or value.startswith("//")
        or not value.isprintable()
    ):
        raise ValueError(f"an address is printable and begins with / or http(s)://, not {told(value)}")
    return value


def several(value: object, most: int | None = None) -> list[Any]:
    """Return what is in a list, tuple, set or generator; which of them it is does not matter.

    :param most: the generator of one that has more is not waited for.
    :raises ValueError: it is a single thing, a text, a mapping, or too much.
    """
    if isinstance(value, _NOT_SEVERAL) or not isinstance(value, Iterable):
        raise ValueError(f"a list is needed, not {told(value)}")
    if most is None:
        return list(value)
    found = list(islice(value, most + 1))
    if len(found) > most:
        raise ValueError(f"at most {most} are shown, not more")
    return found


def by_name(value: object) -> dict[Any, Any]:
    """Return a mapping as a dict.

    :raises ValueError: it is none.
    """
    if not isinstance(value, Mapping):
        raise ValueError(f"a mapping is needed, not {told(value)}")
    return dict(value)


Label: TypeAlias = Annotated[str | LazyString, PlainValidator(_label)]
"""A text that is shown, perhaps one that knows several languages."""
Message: TypeAlias = Annotated[str | LazyString, PlainValidator(_message)]
"""A text that is shown, and kept as one that knows several languages."""
Text: TypeAlias = Annotated[str, PlainValidator(text)]
Url: TypeAlias = Annotated[str, PlainValidator(lambda value: _short(_url(text(value))))]
Whole: TypeAlias = Annotated[int, Field(ge=-MOST, lt=MOST)]
"""A whole number that a database can hold; True is none."""
SEVERAL: Final = BeforeValidator(several)
BY_NAME: Final = BeforeValidator(by_name)
Texts: TypeAlias = Annotated[Sequence[Text], SEVERAL]
TextSet: TypeAlias = Annotated[frozenset[Text], BeforeValidator(lambda value: frozenset(several(value)))]
