"""What search and plugins say to each other. Plain data: no index library and no Flask."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import NoneType
from typing import Annotated, Final, TypeAlias

from libhub.accounts.viewer import Viewer
from libhub.base.checked_types import BY_NAME, SEVERAL, Label, Text, Texts, TextSet, Url, Whole

_NEEDS_NO_STOP: Final = ".!?…:;,—–-"
_CLOSING: Final = "»”\"')]"
_UNMARKED: Final = "none"


NoteFailure: TypeAlias = Callable[[str, str, Exception], None]
"""Told which plugin failed, where and how."""


def sentences(*texts: str) -> str:
    """Join pieces of a text, and the lines of each, so that every one reads as a sentence of its own.

    What search quotes runs across them: a title or a list without a stop would be glued to what comes next.
    """
    lines = [line for text in texts for each in text.splitlines() if (line := each.strip())]
    return "\n".join(
        f"{line[0].upper()}{line[1:]}{'' if line.rstrip(_CLOSING)[-1:] in _NEEDS_NO_STOP else '.'}"
        for line in lines
    )


def age_code(age: int | None) -> str:
    """Return an age mark as the index and its facet spell it, also that of a thing for which nobody chose one yet."""
    return _UNMARKED if age is None else str(age)


@dataclass(frozen=True, order=True)
class ItemRef:
    """The address of one searchable thing: plugin, kind and the plugin's own key."""

    plugin: Text
    kind: Text
    key: Text

    @property
    def uid(self) -> str:
        """The address as one string, ``plugin/kind/key``."""
        return f"{self.plugin}/{self.kind}/{self.key}"

    @classmethod
    def parse(cls, uid: str) -> "ItemRef":
        """Take a string made by :attr:`uid` apart."""
        plugin, kind, key = uid.split("/", 2)
        return cls(plugin, kind, key)


@dataclass(frozen=True)
class Part:
    """A piece of a file that belongs to an item: a page, a chapter, a slide. It is found as the item.

    ``key`` is unique within the item, ``file`` the name as people see it, ``unit`` one of ``page``, ``chapter``,
    ``slide``, ``sheet`` or empty, ``number`` counts from 1 (0 where a file has no units), ``url`` opens it there.
    """

    key: str
    file: str
    unit: str
    number: int
    text: str
    url: str


@dataclass(frozen=True)
class Document:
    """An item as search knows it.

    ``audience`` are the labels that may find it; empty means nobody. ``age`` is its age mark in years; None: nobody
    chose one yet, and staff alone find it.
    ``facets`` are values by facet name. ``text`` is searched and quoted in snippets (put it together with
    :func:`sentences`), ``keywords`` are only searched. ``parts`` are pieces of the files attached to it, which nobody finds who does not find the item.
    """

    ref: ItemRef
    title: Text
    text: Text
    audience: TextSet
    age: Whole | None
    facets: Annotated[Mapping[Text, Texts], BY_NAME] = field(default_factory=dict)
    keywords: Text = ""
    parts: Sequence[Part] = ()

    def __post_init__(self) -> None:
        """Refuse what would fail much later, in the index, where nobody knows any more whose it was."""
        texts = [
            self.title,
            self.text,
            self.keywords,
            *self.audience,
            *(each for some in self.facets.values() for each in some),
        ]
        strings = any(isinstance(values, str) for values in (self.audience, *self.facets.values()))
        if (
            strings
            or type(self.age) not in (int, NoneType)
            or not all(isinstance(text, str) for text in texts)
        ):
            raise TypeError(f"{self.ref.uid}: a document with a value of the wrong type")


@dataclass(frozen=True)
class Summary:
    """How an item looks in a list of results, as this viewer may see it now. ``age`` is None where nobody chose a mark."""

    title: Text
    url: Url
    age: Whole | None


@dataclass(frozen=True)
class Facet:
    """A way to narrow results: a name, its label and the labels of its values.

    In the search box the name, the label and ``also_called`` can be typed before a colon.
    """

    name: Text
    label: Label
    values: Annotated[Mapping[Text, Label], BY_NAME]
    also_called: Texts = ()


@dataclass(frozen=True)
class ItemType:
    """A kind of searchable thing, declared by a plugin. Every function answers in bulk.

    ``keys()`` are all items that ought to be in the index, ``documents(keys)`` those of them that exist, and
    ``summaries(viewer, keys)`` those that this viewer may see: silence means no. ``suggested`` names facets
    whose values are words that people type, such as themes. ``editable(viewer, keys)`` are those of them whose
    files this viewer may change; a kind without it has no files.

    ``numbered`` says that the keys are numbers of rows: then no function is asked for anything else, whatever somebody
    wrote into an address.
    """

    plugin: Text
    kind: Text
    label: Label
    keys: Callable[[], Iterable[str]]
    documents: Callable[[Sequence[str]], Sequence[Document]]
    summaries: Callable[[Viewer, Sequence[str]], Mapping[str, Summary]]
    facets: Annotated[Sequence[Facet], SEVERAL] = ()
    suggested: Texts = ()
    editable: Callable[[Viewer, Sequence[str]], frozenset[str]] | None = None
    numbered: bool = False
