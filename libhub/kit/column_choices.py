"""Which columns a table has, as somebody chose them: remembered for tables whose headers are the same."""

import json
from collections.abc import Mapping, Sequence
from typing import Final

from libhub.base.db import writing
from libhub.kit.seen import mark_of
from libhub.kit.tables import Look
from libhub.plugging.settings import CORE, change_settings, get_setting

COLUMNS: Final = "columns"
"""Under what name an import gets them among what was typed."""
MOST: Final = 100
"""Choices that are remembered; the oldest goes first."""
_SETTING: Final = "table_columns"
_SEPARATOR: Final = ";"


def joined(names: Sequence[str]) -> str:
    """Return the names of columns as one text, with empty ones for what is no column."""
    return _SEPARATOR.join(names)


def chosen(typed: Mapping[str, str]) -> list[str] | None:
    """Return which column each column of a table is; None where nobody chose."""
    return typed[COLUMNS].split(_SEPARATOR) if typed.get(COLUMNS) else None


def remembered(importer: str, look: Look) -> Sequence[str]:
    """Return what was chosen for these headers last time, in whatever order they stand; else what they seem to be.

    :param importer: whose tables they are.
    """
    known = _all().get(_key(importer, look))
    if known is None:
        return look.columns
    names = [known.get(header, "") for header in look.headers]
    return [name if name not in names[:place] else "" for place, name in enumerate(names)]


def remember(importer: str, look: Look, names: Sequence[str]) -> None:
    """Keep a choice for the next table with these headers."""
    with writing():
        known = _all()
        key = _key(importer, look)
        before = known.pop(key, None)
        wanted = dict(zip(look.headers, names, strict=True))
        if tuple(names) != look.columns:
            known[key] = wanted
        elif before is None:
            return
        kept = dict(list(known.items())[-MOST:])
        change_settings(CORE, {_SETTING: json.dumps(kept, ensure_ascii=False) if kept else ""})


def _all() -> dict[str, dict[str, str]]:
    stored = get_setting(CORE, _SETTING)
    return dict(json.loads(stored)) if stored else {}


def _key(importer: str, look: Look) -> str:
    return mark_of(importer, sorted(look.headers))
