"""Mapped classes: those of a section know one another by name, and its tables bear its name.

All tables are in one place, so that a section's may point to the core's. The names of classes are not: two sections
may have an ``Item`` each, and a relationship that leads nowhere is the failure of its own section.
"""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar
from weakref import WeakValueDictionary

from sqlalchemy import MetaData
from sqlalchemy.orm import Mapper, registry

from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _
from libhub.base.section_of import SECTIONS, owner_of, section_of

_registries: dict[str, registry] = {}
"""The classes of each section that has some, by its id."""
_names: dict[str, WeakValueDictionary[str, Any]] = {}
"""The same classes by their names, and those of the core of which the section has none."""
_tables: dict[str, set[str]] = {}
"""The names of its tables."""


class OwnNames:
    """Mixin of the declarative base: what a section declares is mapped among its own classes and the core's.

    :raises LibHubError: while a class is made whose table does not begin with the section's id.
    """

    metadata: ClassVar[MetaData]
    registry: ClassVar[registry]

    def __init_subclass__(cls, **arguments: Any) -> None:
        """Map a section's class; any other is mapped as usual."""
        section = section_of(cls.__module__)
        if not section or cls.__dict__.get("__abstract__"):
            super().__init_subclass__(**arguments)
            return
        table = getattr(cls, "__table__", None)
        _check_table(section, getattr(cls, "__tablename__", "") if table is None else table.name)
        _names_of(section, cls.registry, cls.metadata, cls.__name__).mapped(cls)


def _names_of(section: str, core: registry, metadata: MetaData, new: str) -> registry:
    """Return the classes of a section, ready for one that is named ``new``: the core's of that name steps back."""
    if section not in _names:
        classes = {mapper.class_.__name__: mapper.class_ for mapper in core.mappers}
        _names[section] = WeakValueDictionary(classes)
        _registries[section] = registry(metadata=metadata, class_registry=_names[section])
    known = _names[section].get(new)
    if isinstance(known, type) and section_of(known.__module__) != section:
        del _names[section][new]
    return _registries[section]


def _check_table(section: str, table: str, others: Iterable[str] = ()) -> None:
    owner = owner_of(table, (section, *others))
    if owner not in ("", section):
        raise LibHubError(
            _("the table “%(table)s” is that of the section “%(id)s” by its name", table=table, id=owner)
        )
    if not owner:
        raise LibHubError(
            _("the name of the table “%(table)s” must begin with “%(id)s_”", table=table, id=section)
        )


def every_mapper(core: registry) -> Iterator[Mapper[Any]]:
    """Yield the mappers of the core's classes and of every section's."""
    for some in (core, *_registries.values()):
        yield from some.mappers


@contextmanager
def loading(section: str, metadata: MetaData, others: Iterable[str] = ()) -> Iterator[None]:
    """Have the classes of a section sound after the block in which it is imported, or none of them there.

    :param others: the ids of the sections that are there.
    :raises LibHubError: a table does not begin with the section's id, or is another's by its name.
    :raises sqlalchemy.exc.InvalidRequestError: a relationship leads nowhere.
    """
    before = set(metadata.tables)
    for table in _known_of_others(section, before):
        if owner_of(table, (section, *others)) == section:
            raise LibHubError(_("the table “%(table)s” of another section has its name", table=table))
    try:
        yield
        for table in metadata.tables.keys() - before:
            _check_table(section, table, others)
        if section in _registries:
            _registries[section].configure(cascade=True)
    except BaseException:
        forget(section, metadata, metadata.tables.keys() - before)
        raise
    _tables.setdefault(section, set()).update(metadata.tables.keys() - before)


def _known_of_others(section: str, tables: Iterable[str]) -> set[str]:
    """Return those of these tables that are the core's, and all of the sections that were loaded before."""
    core = {table for table in tables if owner_of(table, ("core",))}
    loaded = [some for other, some in _tables.items() if other != section]
    return core.union(*loaded) - _tables.get(section, set())


def forget(section: str, metadata: MetaData, tables: Iterable[str] = ()) -> None:
    """Let a section be as if it had never been imported.

    :param tables: names of tables that it made besides those that are known.
    """
    if section in _registries:
        _registries.pop(section).dispose()
        del _names[section]
    for table in {*_tables.pop(section, ()), *tables}:
        metadata.remove(metadata.tables[table])
    package = f"{SECTIONS}.{section}"
    for module in [name for name in sys.modules if f"{name}.".startswith(f"{package}.")]:
        del sys.modules[module]
