"""Pictures of what is outside: sky, water, hills, streets. A scene returns what is before the sky."""

from libhub.covers import things
from libhub.covers.brush import (
    AMBER,
    BRICK,
    CORAL,
    CREAM,
    DEEP,
    GOLD,
    MINT,
    OCHRE,
    SEA,
    TEAL,
    WIDTH,
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
    sun,
)


def heaven(dice: Dice, mood: Mood, left: int = 20, right: int = 300, low: int = 80) -> str:
    """Return what is in the sky: clouds by day, stars by night."""
    if mood.dark:
        step = (right - left) // 6
        return "".join(
            star(
                dice.pick((GOLD, CREAM, CREAM)),
                left + step * each + dice.between(0, step - 8),
                dice.between(18, low),
                dice.between(2, 5),
            )
            for each in range(6)
        )
    first, second = left + dice.between(20, 50), right - dice.between(20, 60)
    return placed(things.cloud(CREAM), first, dice.between(42, 60), 0.9) + placed(
        things.cloud(CREAM), second, dice.between(58, low + 4), 0.65
    )


def sea(dice: Dice, mood: Mood) -> str:
    """The sea: a boat, or a lighthouse."""
    far_wave = "M-10 142q16-16 33 0t33 0 33 0 33 0 33 0 33 0 33 0 33 0 33 0 33 0 33 0v70H-10z"
    near_wave = "M-30 164q16-14 33 0t33 0 33 0 33 0 33 0 33 0 33 0 33 0 33 0 33 0 33 0v40H-30z"
    light = sun(mood, dice.between(60, 110), dice.between(48, 62), 24)
    gulls = line(CREAM if mood.dark else DEEP, 3, "M214 62q8-9 14 0q8-9 14 0M250 84q6-7 11 0q6-7 11 0")
    if dice.likely(55):
        middle = placed(things.boat(dice.pick((CORAL, GOLD)), BRICK), dice.between(150, 180), 142, 1.12)
    else:
        middle = placed(things.lighthouse(lit=mood.dark), dice.between(180, 220), 138)
    behind = heaven(dice, mood, left=150, low=90) if mood.dark else placed(things.cloud(CREAM), 246, 44, 0.8)
    return light + behind + gulls * (not mood.dark) + middle + shape(SEA, far_wave) + shape(TEAL, near_wave)


def hills(dice: Dice, mood: Mood) -> str:
    """Hills in the evening or by day, a house with a light in it, a way to it."""
    far, middle, near = ("#1f555b", TEAL, DEEP) if mood.dark else (mood.far, SEA, TEAL)
    x = dice.between(196, 226)
    light = sun(mood, dice.between(70, 120), dice.between(50, 66), 26)
    home = (
        box(CREAM, -21, -32, 42, 32)
        + shape(CORAL, "M-28-32 0-58 28-32z")
        + box(BRICK, 10, -58, 8, 18)
        + box(GOLD, -13, -24, 11, 11)
        + box(DEEP, 5, -20, 10, 20)
    )
    trees = "".join(
        placed(
            things.tree(
                dice, dice.pick((TEAL, DEEP) if not mood.dark else (SEA, MINT)), dice.between(40, 60)
            ),
            at,
            y,
        )
        for at, y in ((44 + dice.between(0, 12), 154), (84 + dice.between(0, 12), 160), (278, 158))
    )
    return (
        light
        + heaven(dice, mood, left=140, low=70)
        + shape(far, "M0 138c50-54 100-50 150-14 50-34 110-40 170-2v78H0z")
        + shape(middle, "M0 160c70-34 150-30 210-14 40 4 80 0 110-8v62H0z")
        + placed(home, x, 152)
        + trees
        + shape(near, "M0 172c80-18 190-26 320 2v26H0z")
        + shape(
            OCHRE, f"M{x + 6} 152h8c-4 12-34 16-44 26-8 8-6 14-2 22h-30c0-14 16-24 36-30 16-6 28-10 32-18z"
        )
    )


def balloons(dice: Dice, mood: Mood) -> str:
    """Balloons over the hills."""
    colours = dice.mixed([CORAL, GOLD, TEAL if not mood.dark else MINT, SEA])
    stripes = {CORAL: CREAM, GOLD: CREAM, TEAL: MINT, SEA: CREAM, MINT: CREAM}
    big_left = dice.likely(50)
    spots = ((112, 150, 0.95), (228, 118, 0.62)) if big_left else ((208, 150, 0.95), (92, 116, 0.62))
    far, near = ("#1f555b", TEAL) if mood.dark else (mood.far, SEA)
    drawn = heaven(dice, mood, low=64)
    drawn += shape(far, "M0 170c50-30 100-28 150-8 50-22 110-24 170-2v40H0z")
    for (x, y, size), colour in zip(spots, colours, strict=False):
        drawn += placed(things.balloon(colour, stripes[colour]), x, y, size)
    return drawn + shape(near, "M0 182c60-16 150-18 200-6 40-8 80-8 120 0v24H0z")


def town(dice: Dice, mood: Mood) -> str:
    """A street with flags over it."""
    walls = dice.mixed([CORAL, OCHRE, MINT, CREAM, SEA])
    roofs = dice.mixed([TEAL, BRICK, DEEP if not mood.dark else AMBER, TEAL])
    widths = [dice.between(46, 55) for _house in range(5)]
    drawn, x = heaven(dice, mood, low=60), (WIDTH - sum(widths) - 16) // 2
    doors = ""
    for each, width in enumerate(widths):
        wall, roof = walls[each], roofs[each % 4]
        lit = GOLD if mood.dark or wall in (CORAL, SEA) else TEAL
        home = things.house(dice, wall, roof, width, dice.between(58, 92), lit)
        drawn += placed(home, x + width // 2, 176)
        doors += f"M{x + width // 2 - 6} 176v-20h12v20z"
        x += width + 4
    cord = line(CREAM if mood.dark else DEEP, 2, "M0 22q80 40 160 8t160-12")
    spots = ((26, 35), (60, 43), (94, 44), (128, 38), (168, 29), (204, 24), (240, 21), (276, 17))
    flags = "".join(
        shape(colour, "".join(f"M{at} {y - 2}l20-1-8 21z" for at, y in spots[first::3]))
        for first, colour in enumerate((CORAL, GOLD, SEA))
    )
    street = box(DEEP if not mood.dark else "#0b2f34", 0, 176, WIDTH, 24)
    return drawn + shape(DEEP, doors) + street + cord + flags


def mountain(dice: Dice, mood: Mood) -> str:
    """A way up a mountain, to the flag."""
    rock, shadow, far = (SEA, TEAL, "#1f555b") if mood.dark else (TEAL, DEEP, mood.far)
    top, side = dice.between(150, 172), dice.pick((64, 262))
    behind = heaven(dice, mood, low=76) if mood.dark else placed(things.cloud(CREAM), 320 - side, 62, 0.8)
    return (
        sun(mood, side, dice.between(46, 58), 20)
        + behind
        + shape(far, "M-10 180 62 92l40 44 20-18 66 62zM200 180l66-76 70 76z")
        + shape(rock, f"M40 180 {top} 46 280 180z")
        + shape(shadow, f"M{top} 46 280 180h-86l-24-50 10-22z")
        + shape(CREAM, f"M{top} 46l-27 34 13 8 12-9 14 12 12-8 6 2z")
        + line(GOLD, 4, f"M96 178c24-8 60-4 66-18s-34-16-26-28 28-8 {top - 150} -26", "2 9")
        + line(CREAM if mood.dark else DEEP, 3, f"M{top} 48V18")
        + shape(CORAL, f"M{top + 1} 18l26 8-26 9z")
        + shape(SEA if not mood.dark else DEEP, "M0 180c60-10 110-6 160-2 60-8 110-6 160 2v20H0z")
    )


def pinwheels(dice: Dice, mood: Mood) -> str:
    """Paper pinwheels in the wind."""
    pairs = dice.mixed([(CORAL, BRICK), (GOLD, AMBER), (SEA, TEAL), (CREAM, MINT)])
    near = TEAL if mood.dark else SEA
    drawn = heaven(dice, mood, low=56) + shape(
        "#1f555b" if mood.dark else mood.far, "M0 166c60-26 130-28 190-10 50-12 90-10 130 0v44H0z"
    )
    for (x, height, size), (blade, back) in zip(
        ((76, 84, 0.8), (244, 90, 0.85), (158, 100, 1.2)), pairs, strict=False
    ):
        drawn += placed(
            things.pinwheel(blade, back, height + dice.between(-8, 4)), x + dice.between(-6, 6), 190, size
        )
    return drawn + shape(near, "M0 180c60-14 150-16 200-4 40-8 80-8 120 0v24H0z")


def flowers(dice: Dice, mood: Mood) -> str:
    """Flowers cut from paper."""
    colours = dice.mixed([CORAL, GOLD, BRICK, CREAM if mood.sky != "#f1e8d6" else SEA, OCHRE])
    stem = MINT if mood.dark else TEAL
    drawn, stems = "", ""
    leaves = "M0 0C-6-20-26-28-40-24-36-8-18 4 0 0zM0-12C6-32 26-40 40-36 36-20 18-8 0-12z"
    for each, x in enumerate((66, 112, 160, 208, 254)):
        height = dice.between(70, 92) + (24 if each % 2 == 0 else 0) + (8 if each == 2 else 0)
        size = 1.05 if each % 2 == 0 else 0.85
        stems += f"M{x} 180q{dice.between(-6, 6)} {-height // 2} 0 {-height}"
        drawn += placed(shape(SEA, leaves), x, 160, 0.7 if each % 2 == 0 else 0.6)
        head = petals(colours[each], dice.between(5, 7), 27, 12) + disc(
            GOLD if colours[each] not in (GOLD, OCHRE) else CORAL, 0, 0, 9
        )
        drawn += placed(head, x, 180 - height, size, dice.between(0, 40))
    return shade(mood, 160, 182, 116) + line(stem, 4, stems) + drawn
