"""Covers for things that have no picture: drawn from a section and a key, the same every time, without a font.

A section's manifest names the scenes of its covers; one that names none gets :data:`USUAL`.
"""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Final

from libhub.covers import indoors, outdoors, reading
from libhub.covers.brush import HEIGHT, MOODS, WIDTH, Dice, Mood, box, placed

Scene = Callable[[Dice, Mood], str]

SCENES: Final[Mapping[str, Scene]] = {
    "shelf": reading.shelf,
    "stack": reading.stack,
    "open-book": reading.open_book,
    "window": indoors.window,
    "sea": outdoors.sea,
    "laptop": indoors.laptop,
    "pencils": indoors.pencils,
    "pinwheels": outdoors.pinwheels,
    "flowers": outdoors.flowers,
    "balloons": outdoors.balloons,
    "plants": indoors.plants,
    "lanterns": indoors.lanterns,
    "town": outdoors.town,
    "stage": indoors.stage,
    "hills": outdoors.hills,
    "desk": indoors.desk,
    "mountain": outdoors.mountain,
    "stairs": reading.stairs,
}
"""Every scene by the name that a manifest calls it."""
USUAL: Final = (
    "hills",
    "sea",
    "plants",
    "shelf",
    "open-book",
    "balloons",
)
"""The scenes of a section that names none."""
_ONE_WAY: Final = frozenset({indoors.laptop, reading.stairs})
"""What climbs does so to the right."""
MARK_LENGTH: Final = 10
_SECTION: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_NUMBER: Final = re.compile("[0-9]{1,18}")
_ROUND: Final = 12
"""One hexadecimal digit, and a multiple of the numbers of scenes and of moods."""
_MARK: Final = re.compile(f"[0-9a-f]{{{MARK_LENGTH}}}")


def mark_of(section: str, key: str) -> str:
    """Return the few letters from which a cover is drawn: they tell next to nothing of the key.

    Where keys are numbers, the first two letters go round with them: neighbours in a list look different.
    """
    digest = hashlib.sha256(f"{section}\0{key}".encode("utf-8", "replace")).hexdigest()
    number = int(key) if _NUMBER.fullmatch(key) else int(digest[-8:], 16)
    return f"{number % _ROUND:x}{(number + number // len(MOODS)) % _ROUND:x}{digest[: MARK_LENGTH - 2]}"


def draw(section: str, mark: str, scenes: Sequence[str] = ()) -> str | None:
    """Return the cover as SVG; None for what is neither a section nor a mark.

    :param scenes: names of :data:`SCENES` of which the mark chooses one.
    """
    return (
        _draw(section, mark, tuple(scenes) or USUAL)
        if _SECTION.fullmatch(section) and _MARK.fullmatch(mark)
        else None
    )


@lru_cache(maxsize=256)
def _draw(section: str, mark: str, scenes: tuple[str, ...]) -> str:
    scene, mood = SCENES[scenes[int(mark[0], 16) % len(scenes)]], MOODS[int(mark[1], 16) % len(MOODS)]
    dice = Dice(f"{section}/{mark}")
    drawn = scene(dice, mood)
    if scene not in _ONE_WAY and dice.likely(50):
        drawn = placed(drawn, WIDTH, 0, mirrored=True)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">'
        f"{box(mood.sky, 0, 0, WIDTH, HEIGHT)}{drawn}</svg>"
    )
