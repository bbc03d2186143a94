"""axe-core on the page that a tab shows: in every scheme and size, with all rules that they can break."""

from collections.abc import Iterable
from itertools import product
from typing import Final, Literal

from tests.gates import reflow
from tests.gates.tab import PHONE, SIZES, Tab

TAGS: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
BY_COLOUR: Final = ("color-contrast", "link-in-text-block")
BY_SIZE: Final = (*BY_COLOUR, "target-size", "scrollable-region-focusable", "meta-viewport")
SCHEMES: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")
"""What a page follows by itself."""
LOOKS: Final[dict[str, str]] = {
    "white": "vision=1&colours=white&size=200",
    "black": "vision=1&colours=black&spacing=widest",
    "blue": "vision=1&colours=blue&images=0",
}
"""The versions for low-vision visitors, as the cookie of them says it."""
# What sticks to the lower edge covers just what stands there now; whoever scrolls reaches it.
_RUN: Final = """async ([context, only]) => {
  for (const bar of document.querySelectorAll(".kiosk-bar, .making-nav")) bar.style.position = "static";
  const found = await axe.run(context, { runOnly: only, resultTypes: ["violations"], preload: false, iframes: false });
  return found.violations.flatMap(({ id, nodes }) => nodes.map(({ target, html, failureSummary }) =>
    `${id}: ${target.join(" ")}: ${html.slice(0, 200)}: ${failureSummary.replace(/\\s+/g, " ")}`));
}"""


def complaints(tab: Tab, *, whole: bool = True, schemes: bool = True) -> list[str]:
    """Hold the page against WCAG 2.2 A and AA: all rules once, then in each scheme and size those that depend on it.

    :param schemes: whether to look in the other schemes and sizes at all.
    :param whole: whether the schemes and sizes look at the shell around the content, too, which all pages share.
    """
    found = _run(tab, "document", {"type": "tag", "values": TAGS})
    if not schemes:
        return found
    looks = list(product(SIZES, SCHEMES))[1:] if tab.shows_a_new_shape() or whole else [(PHONE, "light")]
    for size, scheme in looks:
        tab.resize(size)
        tab.page.emulate_media(color_scheme=scheme)
        rules = BY_SIZE if scheme == "light" else BY_COLOUR
        some = _run(tab, "document" if whole else "main", {"type": "rule", "values": rules})
        found += [f"{scheme} {size[0]}: {each}" for each in some]
    return found


def complaints_of_look(tab: Tab, *, whole: bool = True) -> list[str]:
    """Hold a page that was opened in a look of its own against what colours, letters and sizes can break.

    Letters are twice as large already, so nothing may be out of reach sideways as it is.

    :param whole: whether to look at the shell around the content, too, which all pages share.
    """
    found = []
    for size in SIZES:
        tab.resize(size)
        some = _run(tab, "document" if whole else "main", {"type": "rule", "values": BY_SIZE})
        found += [f"{size[0]}: {each}" for each in some + reflow.overflow(tab)]
    return found


def _run(tab: Tab, context: str, only: dict[str, Iterable[str]]) -> list[str]:
    return list(tab.page.evaluate(_RUN, [context if context != "document" else "html", only]))
