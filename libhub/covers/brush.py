"""What covers are drawn with: a palette, moods of light, a few strokes, and chance that never changes its mind."""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

WIDTH: Final = 320
HEIGHT: Final = 200

TEAL: Final = "#0b6e66"
DEEP: Final = "#084f4a"
SEA: Final = "#5eaaa0"
MINT: Final = "#8cc7bd"
CORAL: Final = "#dd8467"
BRICK: Final = "#c96b50"
OCHRE: Final = "#f0cf94"
GOLD: Final = "#f6c453"
AMBER: Final = "#e0ab3c"
CREAM: Final = "#fffdf7"
SAND: Final = "#f1e8d6"
NIGHT: Final = "#123f45"
WOOD: Final = "#8a6a4f"

_T = TypeVar("_T")


@dataclass(frozen=True)
class Mood:
    """The light of a picture: what is behind everything, what is far away, and what goes well with both."""

    sky: str
    far: str
    glow: str
    accents: tuple[str, ...]
    dark: bool = False


MINTY: Final = Mood("#d9ece8", "#b9dbd4", CREAM, (TEAL, CORAL, GOLD, BRICK))
MISTY: Final = Mood("#dfe7f0", "#c5d3e2", CREAM, (TEAL, CORAL, GOLD, SEA))
SANDY: Final = Mood("#f1e8d6", "#e3d3b4", CREAM, (TEAL, CORAL, SEA, GOLD))
PEACHY: Final = Mood("#f7e6d8", "#f0cdb5", CREAM, (TEAL, CORAL, SEA, GOLD))
ROSY: Final = Mood("#f6dfd6", "#ecc2b2", CREAM, (TEAL, BRICK, SEA, GOLD))
STARRY: Final = Mood(NIGHT, "#1f555b", CREAM, (CORAL, MINT, GOLD, SEA), dark=True)
MOODS: Final = (MINTY, MISTY, SANDY, PEACHY, ROSY, STARRY)


class Dice:
    """Numbers that depend on a text alone: the same picture on every computer and in every version of Python."""

    def __init__(self, text: str) -> None:
        self._text, self._turn = text, 0

    def roll(self, sides: int) -> int:
        """Return a number from 0 to ``sides - 1``."""
        self._turn += 1
        digest = hashlib.sha256(f"{self._text}/{self._turn}".encode()).digest()
        return int.from_bytes(digest[:6], "big") % sides

    def between(self, least: int, most: int) -> int:
        """Return a whole number, both ends possible."""
        return least + self.roll(most - least + 1)

    def pick(self, values: Sequence[_T]) -> _T:
        """Return one of the values."""
        return values[self.roll(len(values))]

    def mixed(self, values: Sequence[_T]) -> list[_T]:
        """Return the values in another order."""
        left, mixed = list(values), []
        while left:
            mixed.append(left.pop(self.roll(len(left))))
        return mixed

    def likely(self, percent: int) -> bool:
        """Say yes so often."""
        return self.roll(100) < percent


def shape(fill: str, path: str, opacity: float = 1) -> str:
    """Return a filled shape."""
    return f'<path fill="{fill}"{_seen_through(opacity)} d="{path}"/>'


def line(colour: str, width: float, path: str, dashes: str = "") -> str:
    """Return a line with round ends."""
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return (
        f'<path fill="none" stroke="{colour}" stroke-width="{width:g}" stroke-linecap="round"'
        f'{dashed} d="{path}"/>'
    )


def disc(fill: str, x: float, y: float, radius: float) -> str:
    """Return a circle."""
    return f'<circle fill="{fill}" cx="{x:g}" cy="{y:g}" r="{radius:g}"/>'


def box(
    fill: str, x: float, y: float, width: float, height: float, corner: float = 0, opacity: float = 1
) -> str:
    """Return a rectangle; ``corner`` rounds its corners."""
    rounded = f' rx="{corner:g}"' if corner else ""
    return (
        f'<rect fill="{fill}"{_seen_through(opacity)} x="{x:g}" y="{y:g}" width="{width:g}" '
        f'height="{height:g}"{rounded}/>'
    )


def _seen_through(opacity: float) -> str:
    return "" if opacity == 1 else f' opacity="{opacity:g}"'


def shade(mood: Mood, x: float, y: float, radius: float) -> str:
    """Return the shadow that something standing throws on the ground."""
    fill, opacity = ("#000", ".2") if mood.dark else (TEAL, ".15")
    return f'<ellipse fill="{fill}" opacity="{opacity}" cx="{x:g}" cy="{y:g}" rx="{radius:g}" ry="6"/>'


def placed(
    content: str, x: float, y: float, scale: float = 1, turn: int = 0, *, mirrored: bool = False
) -> str:
    """Return a thing that was drawn around 0, 0, where it belongs."""
    size = f" scale({'-' if mirrored else ''}{scale:g} {scale:g})" if mirrored or scale != 1 else ""
    turned = f" rotate({turn})" if turn else ""
    return f'<g transform="translate({x:g} {y:g}){turned}{size}">{content}</g>'


def star(fill: str, x: float, y: float, radius: float) -> str:
    """Return a star with five points."""
    points = []
    for corner in range(10):
        angle, far = math.pi * corner / 5, radius if corner % 2 == 0 else radius * 0.45
        points.append(f"{x + far * math.sin(angle):.1f} {y - far * math.cos(angle):.1f}")
    return shape(fill, f"M{'L'.join(points)}z")


def petals(fill: str, number: int, length: float, width: float) -> str:
    """Return petals around 0, 0."""
    path = ""
    for each in range(number):
        turn = 2 * math.pi * each / number
        sine, cosine = math.sin(turn), math.cos(turn)
        tip = f"{length * sine:.0f} {-length * cosine:.0f}"
        sides = (
            f"{side * width * cosine + length * 0.75 * sine:.0f} {side * width * sine - length * 0.75 * cosine:.0f}"
            for side in (-1.5, 1.5)
        )
        path += f"M0 0Q{next(sides)} {tip}Q{next(sides)} 0 0z"
    return shape(fill, path)


def sun(mood: Mood, x: int, y: int, radius: int) -> str:
    """Return the sun; by night the moon."""
    shadow = disc(mood.sky, x + radius // 2, y - radius // 4, radius * 0.85) if mood.dark else ""
    return disc(GOLD, x, y, radius) + shadow
