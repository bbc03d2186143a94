"""The list of a section as readers see it: narrowed down, in the order they choose, page by page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, Generic, TypeVar

from flask import abort, request
from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import Select, select

from libhub.accounts.viewer import Viewer
from libhub.base.checked_types import Label
from libhub.base.db import db
from libhub.files.attachments import Attachment, first_pictures
from libhub.kit import filters as narrowing
from libhub.kit.filters import Chosen, Filter, Sort
from libhub.kit.published import Published, find_visible
from libhub.search.documents import ItemRef
from libhub.web.paging import paginate
from libhub.web.visitor import current_viewer

MOST_WORDS: Final = 12
"""Values that are offered of a filter where any text is one."""
_Row = TypeVar("_Row", bound=Published)


@dataclass(frozen=True)
class Found(Generic[_Row]):
    """What a visitor asked for, and what there is of it; templates get it as ``found``.

    ``arguments`` are what narrows the list down as it stands in the address, for the links that keep it.
    """

    page: Pagination
    filters: Sequence[Filter]
    chosen: Chosen
    counts: Mapping[str, Mapping[str, int]]
    sorts: Mapping[str, Sort]
    sort: str
    arguments: Mapping[str, Sequence[str]]

    @property
    def rows(self) -> Sequence[_Row]:
        """The rows of this page."""
        return self.page.items

    @cached_property
    def pictures(self) -> Mapping[ItemRef, Attachment]:
        """The first picture of each row of this page that has one; one query."""
        return first_pictures(row.ref for row in self.rows)

    @property
    def total(self) -> int:
        """How many rows there are on all pages."""
        return self.page.total or 0

    def one(self, name: str) -> str:
        """Return the value that was chosen of a filter with one value; empty for none."""
        return next(iter(self.chosen.get(name, ())), "")

    def labels(self, each: Filter) -> Mapping[str, Label]:
        """Return the values of a filter that are offered; where any text is one, the most frequent and the chosen."""
        if each.values:
            return each.values
        counted = self.counts.get(each.name, {})
        frequent = sorted(counted, key=lambda text: (-counted[text], text))[:MOST_WORDS]
        return {text: text for text in (*frequent, *sorted(self.chosen.get(each.name, ())))}


@dataclass(frozen=True)
class Listing(Generic[_Row]):
    """The list of a published model.

    :param sorts: the orders that a visitor can choose; the first one is the usual one.
    :param filters: the facets of the section's documents bear their names, so that their values can be counted.
    :param options: of the query, such as what is loaded with a row.
    :param visible: given the visitor, the condition on what they see, instead of ``visible_to`` of the model.
    """

    model: type[_Row]
    sorts: Mapping[str, Sort]
    filters: Sequence[Filter] = ()
    per_page: int = 24
    options: Sequence[Any] = field(default_factory=tuple)
    visible: Callable[[Viewer], Any] | None = None

    def query(self, viewer: Viewer, chosen: Chosen, sort: str = "") -> Select[Any]:
        """Return the query of what a viewer may see of what was chosen."""
        visible = self.visible or self.model.visible_to
        order = self.sorts.get(sort) or next(iter(self.sorts.values()))
        return (
            select(self.model)
            .where(visible(viewer), *narrowing.conditions(self.filters, chosen))
            .order_by(*order.columns)
            .options(*self.options)
        )

    def first(self, viewer: Viewer, most: int) -> Sequence[_Row]:
        """Return the first rows of the whole list, at most so many."""
        return db.session.scalars(self.query(viewer, {}).limit(most)).all()

    def counts(self, viewer: Viewer, chosen: Chosen) -> Mapping[str, Mapping[str, int]]:
        """Count the values of every filter among what the *other* filters leave."""
        return narrowing.counts(self.model.__item__[0], viewer, self.filters, chosen) if self.filters else {}

    def chosen(self) -> Chosen:
        """Return what the address of this request narrows the list down to."""
        return narrowing.chosen_of(self.filters, dict(request.args.lists()))

    def found(self) -> Found[_Row]:
        """Return what the visitor of this request asked for."""
        viewer, chosen = current_viewer(), self.chosen()
        sort = request.args.get("sort", "")
        sort = sort if sort in self.sorts else next(iter(self.sorts))
        return Found(
            paginate(self.query(viewer, chosen, sort), self.per_page),
            self.filters,
            chosen,
            self.counts(viewer, chosen),
            self.sorts,
            sort,
            self._arguments(),
        )

    def _arguments(self) -> dict[str, list[str]]:
        """Return what this list understands of the address; the rest is a visitor's own and goes into no link."""
        known = {"sort", *(each.name for each in self.filters)}
        return {name: values for name, values in request.args.lists() if name in known and any(values)}


def visible_or_404(model: type[_Row], number: int) -> _Row:
    """Return a row that the visitor may see; for any other the page does not exist."""
    return find_visible(model, number, current_viewer()) or abort(404)
