"""The number of the interface for sections, and what a section may ask for: of the hub, and of Python.

What is asked for is checked, not installed: that is the business of who looks after the computer.
"""

import re
import sys
from importlib import metadata
from typing import Final

from libhub.base.errors import LibHubError
from libhub.base.i18n import gettext as _

API_VERSION: Final = "1.1"
"""Of ``libhub.api``, the hooks and the manifest. The second number grows with what is added, the first when something that
sections use is taken away; docs/hooks.md says when that may be."""
API_PATTERN: Final = r"^[0-9]{1,3}(\.[0-9]{1,3})?$"
_REQUIREMENT: Final = re.compile(
    r"(?P<name>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*"
    r"(?P<bounds>(?:(?:>=|<=|==|!=|<|>)\s*[0-9]+(?:\.[0-9]+)*\s*,?\s*)*)"
)
_BOUND: Final = re.compile(r"(>=|<=|==|!=|<|>)\s*([0-9.]+)")
_NUMBERS: Final = re.compile(r"[0-9]+(?:\.[0-9]+)*")


def has_interface(wanted: str) -> bool:
    """Say whether a section that was made for this interface works here: from its number up to the next first one."""
    asked, have = _parts(wanted), _parts(API_VERSION)
    return asked[0] == have[0] and asked <= have


def checked_requirement(text: str) -> str:
    """Return a requirement of the manifest, if it is one: ``name``, ``name>=7`` or ``name>=7,<9``.

    Markers, extras and addresses are not understood here, so they are none.

    :raises ValueError: it is something else.
    """
    if not _REQUIREMENT.fullmatch(text.strip()):
        raise ValueError(_("a Python package is asked for like this: “qrcode>=7,<9”"))
    return text.strip()


def refuse_missing(requirements: tuple[str, ...]) -> None:
    """Refuse a section for which Python packages are missing here.

    :raises LibHubError: the message says how they are installed.
    """
    missing = [each for each in requirements if not _is_here(each)]
    if missing:
        raise LibHubError(
            _(
                "needs Python packages that are not here: %(names)s. Install them by: %(command)s, then start the hub "
                "again",
                names=", ".join(missing),
                command=f"{sys.executable} -m pip install " + " ".join(f'"{each}"' for each in missing),
            )
        )


def _is_here(requirement: str) -> bool:
    found = _REQUIREMENT.fullmatch(requirement)
    assert found is not None
    try:
        version = metadata.version(found["name"])
    except metadata.PackageNotFoundError:
        return False
    numbers = _NUMBERS.match(version)
    have = _parts(numbers[0]) if numbers else (0,)
    return all(_holds(have, sign, _parts(number)) for sign, number in _BOUND.findall(found["bounds"]))


def _holds(have: tuple[int, ...], sign: str, bound: tuple[int, ...]) -> bool:
    length = max(len(have), len(bound))
    have, bound = (each + (0,) * (length - len(each)) for each in (have, bound))
    return {
        ">=": have >= bound,
        "<=": have <= bound,
        "==": have == bound,
        "!=": have != bound,
        "<": have < bound,
        ">": have > bound,
    }[sign]


def _parts(version: str) -> tuple[int, ...]:
    numbers = tuple(map(int, version.strip(".").split(".")))
    return numbers if len(numbers) > 1 else (*numbers, 0)
