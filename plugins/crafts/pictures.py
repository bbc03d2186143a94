"""Where the pictures of an activity are: drawings that the plugin ships with, or uploaded files. No Flask here."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from libhub.api import Attachment, Label, attachments
from libhub.api import gettext as _
from plugins.crafts.activity_data import ActivityData
from plugins.crafts.models import Activity

FOLDER: Final = Path(__file__).parent / "static" / "drawings"
COVER: Final = "cover"
TEMPLATE: Final = "template"
STEP: Final = "step:"


def drawings(name: str) -> frozenset[str]:
    """Return the file names of the drawings of this folder; none for an unknown one."""
    return frozenset(path.name for path in (FOLDER / name).glob("*.svg")) if name else frozenset()


def templates(name: str) -> list[str]:
    """Return the drawings of this folder that are sheets to print, in order."""
    return sorted(each for each in drawings(name) if each.startswith(TEMPLATE))


def strange(data: ActivityData) -> list[str]:
    """Return what an activity names as a drawing and the plugin does not have."""
    present = drawings(data.drawings)
    folder = [data.drawings] if data.drawings and not present else []
    return folder + [step.picture for step in data.steps if step.picture and step.picture not in present]


def place_of_step(key: str) -> str:
    """Return where the picture or the film of a step is."""
    return f"{STEP}{key}"


@dataclass(frozen=True)
class Place:
    """A place of an activity where files are put, and what people call it."""

    name: str
    label: Label
    about: str = ""
    drawing: str = ""
    """A drawing of the plugin that stands there until a file is uploaded."""


def places(data: ActivityData) -> list[Place]:
    """Return the places of an activity: the cover, every step, the sheets to print."""
    steps = [
        Place(place_of_step(step.key), _("Step %(number)d", number=number), step.text, step.picture)
        for number, step in enumerate(data.steps, 1)
    ]
    return [
        Place(
            COVER,
            _("Cover"),
            _("A picture of the finished thing, wider than high."),
            "cover.svg" if data.drawings else "",
        ),
        *steps,
        Place(TEMPLATE, _("Sheets to print"), _("PDF keeps the true size; a picture fills the sheet.")),
    ]


def by_place(files: Iterable[Attachment]) -> Mapping[str, list[Attachment]]:
    """Return files by where in the item they are."""
    found: dict[str, list[Attachment]] = defaultdict(list)
    for file in files:
        found[file.place].append(file)
    return found


def covers(activities: Iterable[Activity]) -> dict[int, Attachment]:
    """Return the uploaded covers of activities by their numbers; one query however many there are."""
    found = attachments([activity.ref for activity in activities], COVER)
    return {
        int(ref.key): picture
        for ref, files in found.items()
        if (picture := next((file for file in files if file.is_image), None))
    }
