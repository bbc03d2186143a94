"""axe-core on the page that a tab shows: in every scheme and size, with all rules that they can break."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from tests.gates import reflow
from tests.gates.tab import SIZES, WIDE, Tab

SCRIPT: Final = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
TAGS: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
BY_COLOUR: Final = ("color-contrast", "link-in-text-block")
BY_SIZE: Final = (*BY_COLOUR, "target-size", "scrollable-region-focusable", "meta-viewport")
SCHEMES: Final[dict[str, dict[str, Any]]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
}
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
    tab.page.evaluate(SCRIPT)
    found = _run(tab, "document", {"type": "tag", "values": TAGS})
    context = "document" if whole else "main"
    if not schemes:
        return found
    for size in SIZES:
        tab.resize(size)
        for name, scheme in SCHEMES.items():
            if (size, name) != (WIDE, "light"):
                tab.page.emulate_media(**scheme)
                rules = BY_SIZE if name == "light" else BY_COLOUR
                some = _run(tab, context, {"type": "rule", "values": rules})
                found += [f"{name} {size[0]}: {each}" for each in some]
    return found


def complaints_of_look(tab: Tab) -> list[str]:
    """Hold a page that was opened in a look of its own against what colours, letters and sizes can break.

    Letters are twice as large already, so nothing may be out of reach sideways as it is.
    """
    tab.page.evaluate(SCRIPT)
    found = []
    for size in SIZES:
        tab.resize(size)
        some = _run(tab, "document", {"type": "rule", "values": BY_SIZE})
        found += [f"{size[0]}: {each}" for each in some + reflow.overflow(tab)]
    return found


def _run(tab: Tab, context: str, only: dict[str, Iterable[str]]) -> list[str]:
    return list(tab.page.evaluate(_RUN, [context if context != "document" else "html", only]))
