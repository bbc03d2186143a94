"""What search knows of the rows of a model, as it asks for it.

POST = item_type(Post, label=_l("posts"), searched=lambda post: Searched(post.text), editors="news.edit")
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import BindParameter, Select, bindparam, select

from libhub.accounts.viewer import Viewer
from libhub.base.checked_types import Label
from libhub.base.db import db, read_rows
from libhub.kit.published import Addressed, Published
from libhub.search.documents import Document, Facet, ItemType, Summary

_NUMBERS: Final[BindParameter[Any]] = bindparam("numbers", expanding=True)


@dataclass(frozen=True)
class Searched:
    """What search knows of a row besides its title and who may find it; see :class:`Document`."""

    text: str = ""
    keywords: str = ""
    facets: Mapping[str, Sequence[str]] = field(default_factory=dict)


def item_type(
    model: type[Published],
    *,
    label: Label,
    searched: Callable[[Any], Searched] | None = None,
    documents: Callable[[Sequence[int]], Iterable[Document]] | None = None,
    url: Callable[[int], str] | None = None,
    facets: Sequence[Facet] = (),
    suggested: Sequence[str] = (),
    editors: str = "",
    options: Sequence[Any] = (),
) -> ItemType:
    """Return what search knows of a published model.

    :param label: what the rows are called, in the plural.
    :param searched: called with each row that is present.
    :param documents: instead of it, where several rows are read together: called with their numbers; it may return
        documents of any of them, and only those that are present.
    :param url: the path of a row's page; ``/<section>/<number>`` where it is not given.
    :param facets: as :class:`ItemType` has them, ``suggested`` likewise.
    :param editors: the permission of those who may change the files of the rows; empty: they have none.
    :param options: of the query whose rows ``searched`` is given, such as what is loaded with them.
    """
    rows: Any = model
    section, kind = model.__item__
    path = url or (lambda number: f"/{section}/{number}")

    def keys() -> Iterable[str]:
        return map(str, db.session.scalars(select(rows.id).where(model.present())))

    def each(some: Sequence[str]) -> list[Document]:
        numbers = [int(key) for key in some]
        if documents is not None:
            return list(documents(numbers))
        assert searched is not None, "either searched or documents"
        query = select(rows).where(rows.id.in_(numbers), model.present()).options(*options)
        found = db.session.scalars(query)
        return [document_of(row, searched(row)) for row in found]

    prepared: dict[Hashable, Select[int, str, int]] = {}

    def summaries(viewer: Viewer, some: Sequence[str]) -> Mapping[str, Summary]:
        rights = model.rights_of(viewer)
        query = prepared.get(rights) if rights is not None else None
        if query is None:
            query = select(rows.id, rows.title, rows.age).where(
                rows.id.in_(_NUMBERS), model.visible_to(viewer)
            )
            if rights is not None:
                prepared[rights] = query
        found = read_rows(query, {_NUMBERS.key: [int(key) for key in some]})
        return {str(number): Summary(title, path(number), age) for number, title, age in found}

    def editable(viewer: Viewer, some: Sequence[str]) -> frozenset[str]:
        if not viewer.can(editors):
            return frozenset()
        query = select(rows.id).where(rows.id.in_([int(key) for key in some]))
        return frozenset(map(str, db.session.scalars(query)))

    return ItemType(
        section,
        kind,
        label,
        keys,
        each,
        summaries,
        tuple(facets),
        tuple(suggested),
        editable if editors else None,
        numbered=True,
    )


def unsearched_type(
    model: type[Addressed],
    *,
    label: Label,
    summaries: Callable[[Viewer, Sequence[str]], Mapping[str, Summary]],
    editable: Callable[[Viewer, Sequence[str]], frozenset[str]],
) -> ItemType:
    """Return a kind of which search knows nothing: its rows have files, for those who may see the row.

    Every key is the number of a row.

    :param summaries: those of the rows that a viewer may see, by key; ``editable`` those whose files they may change.
    """
    section, kind = model.__item__
    return ItemType(
        section, kind, label, lambda: (), lambda _some: (), summaries, editable=editable, numbered=True
    )


def document_of(row: Any, searched: Searched) -> Document:
    """Return a row that is present as search knows it."""
    return Document(
        ref=row.ref,
        title=row.title,
        text=searched.text,
        audience=row.audience(),
        age=row.age,
        facets=searched.facets,
        keywords=searched.keywords,
    )
