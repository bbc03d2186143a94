"""Pictures of books: on a shelf, in a stack, open, as stairs. A scene returns what is before the wall."""

from libhub.covers import things
from libhub.covers.brush import (
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
    petals,
    placed,
    shade,
    shape,
    star,
)
from libhub.covers.outdoors import heaven


def shelf(dice: Dice, mood: Mood) -> str:
    """A shelf with books, one of them leaning, and something dear between them."""
    board = 168
    drawn, x = "", 46
    colours = iter(things.spine_colours(dice, mood, 12))
    guest_after = dice.between(3, 5)
    for each in range(9):
        if each == guest_after:
            guest = dice.roll(3)
            thing = (
                things.plant(dice, dice.pick((CORAL, OCHRE, BRICK))),
                things.globe(),
                things.cup(dice.pick((CORAL, GOLD))),
            )[guest]
            drawn += placed(thing, x + 36, board, 1.1)
            x += 74
            continue
        width, height = dice.between(18, 28), dice.between(76, 124)
        if x + width > 262:
            break
        drawn += placed(things.book(dice, next(colours), width, height), x, board)
        x += width
    if x < 256:
        drawn += placed(things.book(dice, next(colours), 20, 92), x + 2, board - 1, turn=-12)
    plank = DEEP if not mood.dark else WOOD
    return drawn + box(plank, 26, board, 268, 9, 2) + shape(plank, "M52 177h12l-12 14zM268 177h-12l12 14z")


def stack(dice: Dice, mood: Mood) -> str:
    """Books that lie upon each other, with a guest on top."""
    back = disc(mood.far, 160, 96, 78)
    floor, number = 178, dice.between(3, 4)
    drawn, y = shade(mood, 160, floor, 104), floor
    for each, colour in enumerate(things.spine_colours(dice, mood, number)):
        height, width = dice.between(19, 25), dice.between(124, 158) - 12 * each
        drawn += placed(things.lying_book(dice, colour, width, height), 160 + dice.between(-9, 9), y)
        y -= height
    guest = dice.roll(5)
    top = (
        lambda: placed(things.cat(GOLD if mood.dark else CORAL), 160, y, 0.95, mirrored=dice.likely(50)),
        lambda: placed(things.cup(CORAL if mood.dark else TEAL), 150, y, 1.1),
        lambda: placed(things.apple(), 165, y, 1.15),
        lambda: placed(things.plant(dice, dice.pick((CORAL, OCHRE))), 160, y, 0.95),
        lambda: placed(things.globe(), 160, y, 1.15),
    )[guest]()
    return back + drawn + top


def open_book(dice: Dice, mood: Mood) -> str:
    """An open book, and what rises from its pages."""
    sight = dice.roll(5)
    leaves = [SEA, TEAL] if not mood.dark else [SEA, MINT]
    if sight == 0:
        risen = (
            disc(GOLD, 160, 74, 26)
            + shape(leaves[0], "M84 138c14-46 44-56 76-22 22-30 58-26 76 22z")
            + shape(leaves[1], "M104 140c20-30 44-32 62-8 16-14 36-14 50 8z")
            + placed(things.tree(dice, TEAL if mood.dark else DEEP, 36), 118, 122)
            + placed(things.tree(dice, TEAL if mood.dark else DEEP, 30), 208, 124)
        )
    elif sight == 1:
        risen = placed(things.boat(CORAL, BRICK), 158, 118, 0.95) + line(
            SEA, 6, "M76 128q14-12 28 0t28 0 28 0 28 0 28 0 28 0"
        )
    elif sight == 2:
        wall = MINT if mood.dark else SEA
        risen = (
            box(wall, 124, 78, 72, 58)
            + shape(
                wall,
                "M124 78v-8h12v8h12v-8h12v8h12v-8h12v8h12v-8 58h-72zM104 70h26v66h-26zM190 70h26v66h-26z",
            )
            + shape(CORAL, "M99 70l18-30 18 30zM185 70l18-30 18 30z")
            + shape(GOLD, "M117 40V26l16 5-16 5zM203 40V26l16 5-16 5z")
            + shape(DEEP, "M149 136v-24a11 11 0 0 1 22 0v24z")
            + shape(GOLD, "M112 86h10v14h-10zM198 86h10v14h-10z")
        )
    elif sight == 3:
        risen = line(DEEP if not mood.dark else MINT, 5, "M160 140V58")
        leaf = "M0 0C-6-24-30-34-50-30-46-10-24 6 0 0z"
        for y, size, turned in (
            (124, 1, 1),
            (116, 1, -1),
            (92, 0.8, 1),
            (86, 0.8, -1),
            (66, 0.55, 1),
            (64, 0.55, -1),
        ):
            risen += f'<path fill="{leaves[turned > 0]}" transform="translate(160 {y}) scale({turned * size:g} {size:g})" d="{leaf}"/>'
        risen += placed(petals(CORAL, 6, 20, 9) + disc(GOLD, 0, 0, 7), 160, 50)
    else:
        risen = (
            line(mood.far if not mood.dark else SEA, 2, "M82 96q78-64 156 0M98 122q62-48 124 0", "1 7")
            + disc(GOLD, 160, 84, 25)
            + disc(CORAL, 98, 88, 13)
            + disc(SEA, 224, 84, 16)
            + line(OCHRE, 4, "M202 92q26 4 44-18")
            + star(CORAL if not mood.dark else CREAM, 126, 50, 7)
            + star(TEAL if not mood.dark else GOLD, 196, 46, 6)
        )
    pages = (
        shade(mood, 160, 184, 122)
        + shape(
            dice.pick((TEAL, CORAL, BRICK)) if not mood.dark else CORAL,
            "M160 184c-32-14-72-16-114-10v-46h228v46c-42-6-82-4-114 10z",
        )
        + shape(CREAM, "M160 142c-28-16-66-18-106-12v40c40-5 78-3 106 9z")
        + shape(SAND, "M160 142c28-16 66-18 106-12v40c-40-5-78-3-106 9z")
        + line(
            MINT,
            3.5,
            "M72 144c22-2 44 0 66 8M72 157c22-2 44 0 66 8M182 152c22-8 44-10 66-8M182 165c22-8 44-10 66-8",
        )
    )
    return heaven(dice, mood, low=60) * (sight != 4) + risen + pages


def stairs(dice: Dice, mood: Mood) -> str:
    """Books as stairs, each a step higher, and a star on the last."""
    drawn, x = shade(mood, 160, 180, 118), 48
    colours = things.spine_colours(dice, mood, 5)
    for each, colour in enumerate(colours):
        height = 38 + 22 * each + dice.between(-4, 4)
        drawn += placed(things.book(dice, colour, 38, height), x, 178)
        x += 42
    return (
        heaven(dice, mood, right=200, low=62)
        + drawn
        + line(CREAM if mood.dark else DEEP, 3, "M237 50V18")
        + shape(GOLD if mood.dark else CORAL, "M238 18l30 9-30 10z")
        + line(GOLD if mood.dark else TEAL, 3, "M58 116q70-12 140-62", "1 9")
    )
