"""What somebody saw when they pressed. A short mark of it stands in the form, and nothing is done where it is so no more.

A page that sends an order, a step up or down, ticks or a yes to a preview gives its form :func:`mark_of` what it shows
(``ui.seen(…)`` in a template). What is done with it begins, inside ``writing()``, with :func:`refuse_stale`.
"""

import hashlib
import json
from collections.abc import Mapping
from collections.abc import Set as AnySet
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Any, Final

from libhub.base.checked_types import Label
from libhub.base.db import is_writing
from libhub.base.errors import LibHubError
from libhub.base.i18n import lazy_gettext as _l

FIELD: Final = "seen"
"""What the field of a form is called that bears the mark."""
LONGEST_MARK: Final = 20
CHANGED: Final[Label] = _l(
    "Somebody changed this in the meantime, so nothing was done. Here it is as it is now: do it once more if it is still wanted."
)


class StaleView(LibHubError):
    """What was asked for rests on something that is not so any more. Nothing was done."""


def mark_of(*shown: object) -> str:
    """Return a mark of what is shown: the same for the same values, in every worker and after a restart.

    Values are plain ones, days and moments, and lists, mappings, sets and dataclasses of them.
    """
    text = json.dumps([_plain(each) for each in shown], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:LONGEST_MARK]


def refuse_stale(seen: str, *shown: object, told: Label = CHANGED) -> None:
    """Refuse what rests on another state than there is now; call inside ``writing()``, with the values as they are there.

    :param seen: the mark that came with the form; without one nothing was seen.
    :param told: what is said to the person.
    :raises StaleView: the mark is another one.
    """
    if not is_writing():
        raise RuntimeError("what is compared outside writing() may be changed by others before it is written")
    if seen != mark_of(*shown):
        raise StaleView(str(told))


def _plain(value: object) -> Any:
    """Return a value as JSON knows it, equal ones alike."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return sorted(([_plain(key), _plain(each)] for key, each in value.items()), key=json.dumps)
    if isinstance(value, AnySet):
        return sorted((_plain(each) for each in value), key=json.dumps)
    if isinstance(value, (list, tuple, range)):
        return [_plain(each) for each in value]
    return str(value)
