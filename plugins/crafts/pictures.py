"""Where the pictures of an activity are: drawings that the plugin ships with, or uploaded files. No Flask here."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from plugins.crafts.models import Activity

FOLDER: Final = Path(__file__).parent / "static" / "drawings"
COVER: Final = "cover.svg"
TEMPLATE: Final = "template"


def drawings(name: str) -> frozenset[str]:
    """Return the file names of the drawings of this folder; none for an unknown one."""
    if not name:
        return frozenset()
    return frozenset(path.name for path in (FOLDER / name).glob("*.svg"))


def has_cover(activity: Activity) -> bool:
    """Say whether the plugin ships with a cover for this activity."""
    return bool(activity.drawings) and (FOLDER / activity.drawings / COVER).is_file()


def templates(name: str) -> list[str]:
    """Return the drawings of this folder that are sheets to print, in order."""
    return sorted(each for each in drawings(name) if each.startswith(TEMPLATE))


def strange(name: str, used: Iterable[str]) -> list[str]:
    """Return those of these names for which there is no drawing."""
    present = drawings(name)
    return [each for each in used if each and each not in present]
