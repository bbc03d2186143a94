"""Things that stand in the pictures, each drawn around its foot at 0, 0; up is less than nothing."""

from libhub.covers.brush import (
    AMBER,
    BRICK,
    CORAL,
    CREAM,
    DEEP,
    GOLD,
    MINT,
    OCHRE,
    SAND,
    SEA,
    TEAL,
    WOOD,
    Dice,
    Mood,
    box,
    disc,
    line,
    shape,
)

SPINES = (TEAL, CORAL, OCHRE, MINT, DEEP, GOLD, BRICK, SEA)


def spine_colours(dice: Dice, mood: Mood, number: int) -> list[str]:
    """Return colours of books that stand side by side: no two neighbours alike, none lost before the sky."""
    fitting = [each for each in SPINES if not (mood.dark and each == DEEP)]
    colours: list[str] = []
    while len(colours) < number:
        colours += [each for each in dice.mixed(fitting) if not colours or each != colours[-1]]
    return colours[:number]


def book(dice: Dice, colour: str, width: int, height: int) -> str:
    """Return a book on its foot, its left corner at 0, 0."""
    marks = SAND if colour in (TEAL, DEEP, BRICK, SEA, CORAL) else TEAL
    look = dice.roll(4) if height > 60 else 1
    drawn = box(colour, 0, -height, width, height, 2)
    if look == 0:
        drawn += box(marks, 0, 12 - height, width, 5) + box(marks, 0, -16, width, 5)
    elif look == 1:
        drawn += line(marks, 3, f"M{width / 2:g} {14 - height}v{height // 3}")
    elif look == 2:
        drawn += box(marks, 4, 14 - height, width - 8, height // 4, 2)
    else:
        drawn += line(marks, 3, f"M6 {16 - height}h{width - 12}M6 {24 - height}h{width - 12}") + disc(
            marks, width / 2, -14, 3.5
        )
    return drawn


def lying_book(dice: Dice, colour: str, width: int, height: int) -> str:
    """Return a closed book that lies, in the middle of its foot: the spine, or the pages between two covers."""
    left = -width / 2
    marks = SAND if colour in (TEAL, DEEP, BRICK, SEA, CORAL) else TEAL
    if width < 90:
        return box(colour, left, -height, width, height, 3) + line(
            marks, 3, f"M{left + 10:g} {-height / 2:g}h{width // 3}"
        )
    if dice.likely(35):
        return (
            box(colour, left, -height, width, height, 3)
            + box(CREAM, left + 8, 4 - height, width - 8, height - 8)
            + line(OCHRE, 1.5, f"M{left + 12:g} {-height / 2:g}h{width - 16}")
        )
    return (
        box(colour, left, -height, width, height, 3)
        + box(marks, left + 10, -height, 5, height)
        + box(marks, -left - 15, -height, 5, height)
        + line(marks, 3, f"M{-width // 6} {-height / 2:g}h{width // 3}")
    )


def pot(colour: str) -> str:
    """Return a flower pot; plants begin at -28."""
    return (
        shape(colour, "M-17-22h34l-5 22h-24z")
        + box(colour, -20, -30, 40, 9, 2)
        + box("#000", -20, -23, 40, 2, opacity=0.12)
    )


def plant(dice: Dice, colour: str) -> str:
    """Return a plant in a pot."""
    kind = dice.roll(4)
    if kind == 0:
        leaf = "M0-34C-4-52-22-58-34-56-32-42-16-32 0-34z"
        drawn = line(DEEP, 4, "M0-28v-50")
        for y, turned in ((0, 1), (-6, -1), (-22, 1), (-30, -1)):
            size = 1 if y > -20 else 0.75
            drawn += f'<path fill="{TEAL if turned > 0 else SEA}" transform="translate(0 {y}) scale({turned * size:g} {size:g})" d="{leaf}"/>'
    elif kind == 1:
        drawn = (
            shape(
                SEA, "M-15-28c-10-18-12-34-8-48 10 12 15 28 15 48zM15-28c10-16 13-30 10-42-10 10-16 24-16 42z"
            )
            + shape(TEAL, "M-8-28c-8-26-4-48 6-66 8 20 12 42 8 66z")
            + line(MINT, 2, "M-1-84v50")
        )
    elif kind == 2:
        drawn = (
            line(SEA, 13, "M0-30v-44M0-48h-19v-12M0-40h18v-18")
            + line(CREAM, 2, "M-2-68v4M3-54v4M-3-40v4M-19-56v3M18-52v3")
            + disc(CORAL, 0, -81, 6)
        )
    else:
        drawn = line(DEEP, 3, "M0-28c0-20-2-30-16-44M0-28c0-22 2-34 14-50M0-28v-40")
        for x, y, fill in ((-18, -78, CORAL), (15, -84, GOLD), (0, -74, BRICK)):
            drawn += disc(fill, x, y, 10) + disc(CREAM, x, y, 4)
        drawn += shape(SEA, "M0-34c-8-10-18-10-24-8 4 10 14 14 24 8zM0-36c8-10 18-10 24-8-4 10-14 14-24 8z")
    return drawn + pot(colour)


def cup(colour: str) -> str:
    """Return a cup of tea that steams."""
    return (
        line(colour, 5, "M15-24h5a7 7 0 0 1 0 14h-6")
        + shape(colour, "M-18-32h36v18a14 14 0 0 1-14 14h-8a14 14 0 0 1-14-14z")
        + box("#fff", -18, -24, 36, 4, opacity=0.45)
        + line(CREAM, 3, "M-6-40c-4-5 4-8 0-14M6-40c-4-5 4-8 0-14")
    )


def apple() -> str:
    """Return an apple."""
    return (
        shape(
            CORAL, "M0-34c-6-4-22-4-22 12C-22-8-12 0-6 0c3 0 4-1 6-1s3 1 6 1c6 0 16-8 16-22 0-16-16-16-22-12z"
        )
        + shape(BRICK, "M12-35C18-34 22-30 22-22 22-8 12 0 6 0c9-6 13-22 6-35z")
        + line(WOOD, 3, "M0-33c0-5 1-8 4-11")
        + shape(TEAL, "M4-40c2-8 10-11 17-9-1 7-9 12-17 9z")
    )


def globe() -> str:
    """Return a globe on its stand."""
    return (
        line(AMBER, 4, "M-17-60a26 26 0 1 0 36 36M-2-8v8M-14 0h26")
        + disc(MINT, 0, -38, 22)
        + shape(
            TEAL,
            "M-14-54c8-4 14 0 13 6s-8 4-9 10-10 2-11-4 3-10 7-12zM4-40c6-4 14-2 16 2 0 8-6 14-12 16-6-4-8-14-4-18z",
        )
    )


def cat(colour: str) -> str:
    """Return a cat that sleeps."""
    return (
        line(colour, 8, "M34-5c16 2 20-14 8-18")
        + shape(colour, "M-40 0c-4-28 16-38 38-36 24 2 40 16 38 36z")
        + shape(colour, "M-46-22-47-44-34-36h10L-12-45-12-22a17 17 0 0 1-34 0z")
        + line(DEEP, 2, "M-39-23c2 3 5 3 7 0M-27-23c2 3 5 3 7 0M-31-17l1 2 1-2")
        + line(CREAM, 3, "M8-30c4 4 5 8 5 12M18-25c3 3 4 6 4 10")
    )


def house(dice: Dice, wall: str, roof: str, width: int, height: int, lit: str) -> str:
    """Return a house of a town, in the middle of its foot: a roof of its own and rows of windows."""
    left, kind = -width // 2, dice.roll(3)
    peak = width // 2 + 6
    if kind == 0:
        drawn = shape(roof, f"M{left - 4} {-height}L0 {-height - peak} {-left + 4} {-height}z")
    elif kind == 1:
        drawn = shape(roof, f"M{left - 3} {-height}l9-20h{width - 12}l9 20z") + box(
            roof, width // 6, -height - 32, 8, 18
        )
    else:
        drawn = shape(roof, f"M{left} {-height}v-8h8v-8h8v-8h{width - 32}v8h8v8h8v8z")
    drawn += box(wall, left, -height, width, height)
    columns = 2 if width < 56 else 3
    gap = width / (columns * 2 + 1)
    panes = ""
    for row in range((height - 26) // 24):
        for column in range(columns):
            panes += f"M{left + gap * (2 * column + 1):.0f} {12 + 24 * row - height}h{gap:.0f}v13h{-gap:.0f}z"
    return drawn + shape(lit, panes)


def tree(dice: Dice, leaves: str, height: int) -> str:
    """Return a tree: a fir, a round one, or a poplar."""
    kind = dice.roll(3)
    trunk = line(WOOD, 4, f"M0 0v{-height // 2}")
    wide = round(height * 0.3)
    if kind == 0:
        half = round(height * 0.55)
        return trunk + shape(
            leaves, f"M0 {-height}L{wide} -{half}h-7L{wide + 5} -8h{-2 * wide - 10}L-{wide - 7} -{half}h-7z"
        )
    if kind == 1:
        return trunk + disc(leaves, 0, round(-height * 0.66), round(height * 0.34))
    return trunk + shape(
        leaves, f"M0 {-height}C{wide} {-height} {wide} -10 0 -10S{-wide} {-height} 0 {-height}z"
    )


def cloud(fill: str) -> str:
    """Return a cloud."""
    return shape(fill, "M-26 0a12 12 0 0 1 2-24 17 17 0 0 1 32-5 14 14 0 0 1 18 29z")


def boat(sail: str, hull: str) -> str:
    """Return a sailing boat on its waterline."""
    return (
        shape(hull, "M-40-12h84c-4 14-12 20-22 20h-44c-10 0-16-8-18-20z")
        + line(WOOD, 4, "M2-12v-76")
        + shape(sail, "M6-86c20 14 32 36 34 64h-34z")
        + shape(CREAM, "M-3-78v56h-32c4-24 16-42 32-56z")
        + shape(GOLD, "M2-88v-9l14 5z")
    )


def lighthouse(*, lit: bool) -> str:
    """Return a lighthouse on its rock."""
    beam = shape(GOLD, "M-6-104-320-154v96zM6-104 320-154v96z", opacity=0.16) if lit else ""
    return (
        beam
        + shape(CREAM, "M-13-92h26l7 92h-40z")
        + shape(CORAL, "M-15-66h30l2 22h-34zM-18-22h36l2 22h-40z")
        + box(GOLD, -10, -112, 20, 20)
        + shape(DEEP, "M-13-112h26L0-126zM-17-94h34v5h-34z")
        + shape(WOOD, "M-66 26c4-22 24-34 66-34s62 12 66 34z")
    )


def balloon(colour: str, stripe: str) -> str:
    """Return a hot-air balloon with its basket at 0, 0."""
    return (
        line(DEEP, 1.5, "M-9-16l-10-24M9-16l10-24")
        + shape(colour, "M0-120c-30 0-44 22-44 40 0 20 16 30 26 46h36c10-16 26-26 26-46 0-18-14-40-44-40z")
        + shape(stripe, "M0-120c-14 0-22 22-22 40 0 20 8 30 13 46h18c5-16 13-26 13-46 0-18-8-40-22-40z")
        + shape(colour, "M0-120c-4 0-7 20-7 40 0 20 3 30 4 46h6c1-16 4-26 4-46 0-20-3-40-7-40z")
        + box(WOOD, -10, -18, 20, 18, 3)
        + box(AMBER, -12, -20, 24, 5, 2)
    )


def pinwheel(blade: str, back: str, height: int) -> str:
    """Return a paper pinwheel on its stick."""
    blades = shape(blade, "M0 0V-44L30-14zM0 0H44L14 30zM0 0V44L-30 14zM0 0H-44L-14-30z")
    backs = shape(back, "M0 0 30-14V-2zM0 0 14 30H2zM0 0-30 14V2zM0 0-14-30H-2z")
    return (
        line(WOOD, 5, f"M0 0v{-height}")
        + f'<g transform="translate(0 {-height}) rotate(12)">{blades}{backs}</g>'
        + disc(CREAM, 0, -height, 5)
    )


def pencil(colour: str, length: int) -> str:
    """Return a pencil that stands on its end, point up."""
    return (
        box(colour, -5, -length, 10, length)
        + shape(OCHRE, f"M-5 {-length}L0 {-length - 15} 5 {-length}z")
        + shape(DEEP, f"M-2 {-length - 9}L0 {-length - 15} 2 {-length - 9}z")
    )


def brush(colour: str, length: int) -> str:
    """Return a paint brush, hair up."""
    return (
        line(WOOD, 6, f"M0 0v{-length}")
        + box(SAND, -6, -length - 10, 12, 14)
        + shape(
            colour,
            f"M-7 {-length - 10}C-9 {-length - 22}-2 {-length - 28} 0 {-length - 38} 2 {-length - 28} 9 {-length - 22} 7 {-length - 10}z",
        )
    )


def lamp(colour: str, *, dark: bool) -> str:
    """Return a desk lamp that shines to the right."""
    return (
        shape(CREAM, "M22-104 66-62 122 0H-4z", opacity=0.16 if dark else 0.55)
        + line(WOOD if dark else DEEP, 5, "M-30-4-52-62-4-98")
        + disc(GOLD, -52, -62, 6)
        + box(WOOD if dark else DEEP, -50, -6, 44, 7, 3)
        + shape(colour, "M-14-112c14-12 34-10 42 2l36 44c-22 12-50-2-62-18z")
    )


def laptop(colour: str) -> str:
    """Return an open laptop; its screen is from -58, -96 to 58, -18."""
    return (
        box(DEEP, -66, -104, 132, 92, 7)
        + box(CREAM, -59, -97, 118, 78, 2)
        + shape(colour, "M-86-12H86c0 8-5 12-12 12H-74c-7 0-12-4-12-12z")
        + box(DEEP, -16, -12, 32, 4, 2)
    )


def lantern(colour: str, stripe: str) -> str:
    """Return a paper lantern that hangs from 0, 0."""
    return (
        line(AMBER, 2, "M0 0v12")
        + box(AMBER, -10, 12, 20, 6, 2)
        + shape(colour, "M-10 18c-22 6-22 44 0 50h20c22-6 22-44 0-50z")
        + shape(stripe, "M-4 18c-8 8-8 42 0 50h8c8-8 8-42 0-50z")
        + box(AMBER, -10, 68, 20, 5, 2)
        + line(AMBER, 2, "M-5 73v9M0 73v12M5 73v9")
    )
