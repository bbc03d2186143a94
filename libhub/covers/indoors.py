"""Pictures of rooms: windows, desks, stages, things to work with. A scene returns what is before the wall."""

from libhub.covers import things
from libhub.covers.brush import (
    AMBER,
    BRICK,
    CORAL,
    CREAM,
    DEEP,
    GOLD,
    MINT,
    NIGHT,
    OCHRE,
    SAND,
    SEA,
    TEAL,
    WIDTH,
    WOOD,
    Dice,
    Mood,
    box,
    disc,
    line,
    petals,
    placed,
    shade,
    shape,
    star,
)
from libhub.covers.outdoors import heaven


def window(dice: Dice, mood: Mood) -> str:
    """An arched window with a view, and its sill."""
    glass = NIGHT if not mood.dark else "#1f555b"
    evening = mood.dark or dice.likely(35)
    air = glass if evening else CREAM
    hills = (
        disc(GOLD, dice.between(138, 186), dice.between(64, 84), 17)
        + shape(MINT if not evening else SEA, "M106 138c20-36 44-34 62-10 14-16 32-14 46 2v38H106z")
        + shape(SEA if not evening else TEAL, "M106 150c30-24 70-22 108-2v20H106z")
        + placed(things.tree(dice, TEAL if not evening else DEEP, 40), dice.between(126, 146), 154)
    )
    frame = WOOD if mood.dark else TEAL
    arch = "M106 164V84a54 54 0 0 1 108 0v80z"
    return (
        shape(air, arch)
        + hills
        + line(frame, 8, arch)
        + line(frame, 5, "M160 32v132M108 100h104")
        + box(SAND if mood.dark else CREAM, 40, 164, 240, 12, 3)
        + shade(mood, 160, 184, 100)
        + placed(things.plant(dice, dice.pick((CORAL, BRICK))), 72, 164, 0.9)
        + "".join(
            placed(things.lying_book(dice, colour, 54 - 5 * each, 14), 248, 164 - 14 * each)
            for each, colour in enumerate(things.spine_colours(dice, mood, dice.between(2, 3)))
        )
    )


def plants(dice: Dice, mood: Mood) -> str:
    """Pots with plants, side by side."""
    pots = dice.mixed([CORAL, OCHRE, BRICK, TEAL if not mood.dark else MINT])
    sizes = dice.mixed([1.25, 1.0, 1.12])
    drawn = disc(mood.far, 160, 92, 70)
    for each, x in enumerate((84, 160, 236)):
        drawn += shade(mood, x, 177, 34) + placed(things.plant(dice, pots[each]), x, 176, sizes[each])
    return drawn


def stage(dice: Dice, mood: Mood) -> str:
    """A stage: curtains, light, and what it is about."""
    curtain, fold = dice.pick(((CORAL, BRICK), (TEAL, DEEP))) if not mood.dark else (CORAL, BRICK)
    heart = dice.roll(4)
    beam = shape(mood.glow, "M112 20h96l40 146H72z", opacity=0.16 if mood.dark else 0.4)
    if heart == 0:
        centre = (
            line(DEEP if not mood.dark else CREAM, 5, "M160 166V84M136 166h48")
            + box(GOLD, 148, 46, 24, 42, 12)
            + line(DEEP, 2.5, "M150 62h20M150 70h20")
            + line(DEEP if not mood.dark else CREAM, 4, "M142 66v6a18 18 0 0 0 36 0v-6")
        )
    elif heart == 1:
        centre = (
            star(GOLD, 160, 98, 46)
            + star(CREAM, 160, 98, 22)
            + star(GOLD, 116, 52, 9)
            + star(GOLD, 206, 58, 7)
        )
    elif heart == 2:
        centre = placed(
            shape(CREAM, "M-34-40C-20-48 20-48 34-40 38 6 20 40 0 44-20 40-38 6-34-40z")
            + shape(OCHRE, "M0-46c14 0 26 2 34 6C38 6 20 40 0 44z", opacity=0.7)
            + line(DEEP, 5, "M-22-12c4-6 12-6 16 0M6-12c4-6 12-6 16 0")
            + shape(CORAL, "M-20 10h40c-4 16-36 16-40 0z"),
            160,
            104,
            1.15,
            dice.between(-9, 9),
        )
    else:
        centre = placed(
            shape(
                TEAL if curtain == CORAL else CORAL,
                "M0 16c-16-10-34-12-54-8v-58c20-4 38-2 54 8 16-10 34-12 54-8v58c-20-4-38-2-54 8z",
            )
            + shape(
                CREAM, "M0 6C-14-4-30-6-46-4v-48c16-2 32 0 46 10zM0 6C14-4 30-6 46-4v-48C30-54 14-52 0-42z"
            )
            + line(
                MINT,
                3,
                "M-36-38c10-1 18 0 26 4M-36-26c10-1 18 0 26 4M-36-14c10-1 18 0 26 4M36-38c-10-1-18 0-26 4M36-26c-10-1-18 0-26 4",
            ),
            160,
            128,
            1.1,
        )
    side = shape(curtain, "M0 0h66c0 60-14 120-66 168z") + line(
        fold, 4, "M44 18c-2 46-14 88-40 122M20 18c0 34-6 64-18 86"
    )
    top = shape(curtain, "M0 0h320v24q-20 16-40 0t-40 0-40 0-40 0-40 0-40 0-40 0-40 0z") + line(
        fold, 3, "M0 6h320"
    )
    return (
        beam
        + centre
        + box(DEEP if not mood.dark else "#0b2f34", 0, 166, WIDTH, 34)
        + shade(mood, 160, 168, 54)
        + side
        + placed(side, WIDTH, 0, mirrored=True)
        + top
    )


def lanterns(dice: Dice, mood: Mood) -> str:
    """Lanterns on a cord."""
    colours = dice.mixed([(CORAL, OCHRE), (GOLD, CREAM), (SEA, MINT), (BRICK, GOLD)])
    drawn = heaven(dice, mood, low=120) if mood.dark else disc(mood.far, 160, 108, 76)
    drawn += line(WOOD if not mood.dark else AMBER, 3, "M0 14q160 44 320 0")
    for (x, y, size), (colour, stripe) in zip(
        ((72, 29, 1.2), (160, 35, 1.6), (248, 29, 1.2)), colours, strict=False
    ):
        drawn += placed(things.lantern(colour, stripe), x, y, size * dice.between(95, 108) / 100)
    return drawn


def pencils(dice: Dice, mood: Mood) -> str:
    """Cups with pencils and brushes, and paper beside them."""
    inks = dice.mixed([CORAL, GOLD, SEA, BRICK, MINT if mood.dark else TEAL])
    drawn = shade(mood, 160, 178, 110)
    paper = placed(
        box(CREAM, -34, -84, 68, 84, 2)
        + placed(petals(inks[0], 7, 20, 9) + disc(GOLD if inks[0] != GOLD else CORAL, 0, 0, 7), 0, -52)
        + line(SEA, 4, "M0-32v22M0-18c8-8 14-8 20-6"),
        dice.between(222, 234),
        176,
        1.1,
        turn=6,
    )
    drawn += paper
    for each, (x, turn) in enumerate(((96, -14), (112, -5), (130, 4), (146, 13))):
        tool = things.brush if each == dice.roll(4) else things.pencil
        drawn += placed(tool(inks[each], dice.between(92, 112)), x, 170, turn=turn)
    cup = inks[4]
    return (
        drawn
        + shape(cup, "M78 104h86l-7 72h-72z")
        + shape("#fff", "M81 128h80l-2 18h-76z", opacity=0.45)
        + star(CREAM, 121, 160, 8)
        + placed(things.pencil(inks[1], 58), 182, 174, turn=83)
    )


def desk(dice: Dice, mood: Mood) -> str:
    """A desk in the light of its lamp."""
    lamp = placed(things.lamp(CORAL if mood.dark else TEAL, dark=mood.dark), 96, 166, 1.1)
    notebook = placed(
        shape(CREAM, "M0 0-58-4v-8l14-22 44 4zM0 0l58-4v-8l-14-22-44 4z")
        + line(MINT, 3, "M-40-26l30 3M-45-18l34 3M40-26l-30 3M45-18l-34 3")
        + line(OCHRE, 2.5, "M0-30V0"),
        dice.between(176, 188),
        166,
        1.05,
    )
    third = dice.roll(3)
    beside = (
        placed(things.cup(CORAL if not mood.dark else MINT), 262, 166, 0.9),
        placed(things.plant(dice, dice.pick((CORAL, OCHRE))), 266, 166, 0.85),
        "".join(
            placed(things.lying_book(dice, colour, 58 - 6 * each, 16), 264, 166 - 16 * each)
            for each, colour in enumerate(things.spine_colours(dice, mood, 4))
        ),
    )[third]
    top = WOOD if mood.dark else DEEP
    return (
        lamp
        + notebook
        + beside
        + box(top, 24, 166, 272, 9, 3)
        + shape(top, "M44 175h9v25h-9zM267 175h9v25h-9z")
    )


def laptop(dice: Dice, mood: Mood) -> str:
    """A laptop, and what is learnt at it."""
    screen = dice.roll(3)
    if screen == 0:
        shown = (
            shape(SAND, "M-59-97H59v78H-59z")
            + shape(SEA, "M-59-40c24-18 44-20 62-6 16-10 36-10 56 2v25H-59z")
            + disc(GOLD, 28, -72, 12)
            + disc(CREAM, 0, -58, 20)
            + shape(CORAL, "M-6-69 14-58-6-47z")
        )
    elif screen == 1:
        shown = (
            box(MINT, -50, -88, 40, 50, 2)
            + disc(CREAM, -30, -70, 9)
            + shape(TEAL, "M-46-38c0-24 32-24 32 0z")
            + line(TEAL, 4, "M2-80h44M2-68h44M2-56h30")
            + line(CORAL, 4, "M2-42h20")
            + box(SAND, -50, -32, 100, 8, 4)
            + box(CORAL, -50, -32, dice.between(40, 84), 8, 4)
        )
    else:
        shown = (
            line(SAND, 3, "M-48-30h96M-48-50h96M-48-70h96")
            + box(SEA, -42, -52, 16, 26)
            + box(GOLD, -18, -64, 16, 38)
            + box(CORAL, 6, -76, 16, 50)
            + box(TEAL, 30, -88, 16, 62)
        )
    left = placed(things.plant(dice, dice.pick((CORAL, BRICK))), 46, 176, 0.9)
    right = (
        placed(things.cup(CORAL), 272, 176, 0.95),
        "".join(
            placed(things.lying_book(dice, colour, 56 - 4 * each, 15), 270, 176 - 15 * each)
            for each, colour in enumerate(things.spine_colours(dice, mood, 3))
        ),
    )[dice.roll(2)]
    body = placed(things.laptop(SEA if not mood.dark else MINT) + shown, 158, 176, 1.12)
    return shade(mood, 160, 178, 132) + left + right + body
