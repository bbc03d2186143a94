"""The order of the home page's cards, and which of them are put away: the librarian's choice, without Flask.

It is kept as one text: the cards in their order, a minus before one that is not shown. A card that it does not
name, because its section is new, stands where the section itself wants it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

MOVES: Final = ("up", "down", "hide", "show")


@dataclass(frozen=True)
class Place:
    """Where a card stands: its key (section and template), and whether it is shown."""

    key: str
    shown: bool = True


def arrange(keys: Sequence[str], kept: str) -> list[Place]:
    """Put cards (in the order that they want themselves) into the order of ``kept``."""
    chosen = {
        entry.removeprefix("-"): Place(entry.removeprefix("-"), not entry.startswith("-"))
        for entry in kept.split()
    }
    order = list(chosen)
    # a new card goes behind the card that it follows by itself
    for place, key in enumerate(keys):
        if key not in chosen:
            before = [other for other in keys[:place] if other in order]
            order.insert(order.index(before[-1]) + 1 if before else 0, key)
    return [chosen.get(key, Place(key)) for key in order if key in keys]


def moved(places: Sequence[Place], key: str, move: str) -> str:
    """Return the text to keep after one card was moved, put away or shown again."""
    changed = list(places)
    number = next((number for number, place in enumerate(changed) if place.key == key), None)
    if number is not None:
        other = number + {"up": -1, "down": 1}.get(move, 0)
        if move in ("hide", "show"):
            changed[number] = Place(key, move == "show")
        elif 0 <= other < len(changed):
            changed[number], changed[other] = changed[other], changed[number]
    return " ".join(place.key if place.shown else f"-{place.key}" for place in changed)
