"""Pages at 400 % zoom, and with text twice as large: nothing is out of reach sideways."""

from typing import Final

from tests.gates.tab import Tab

ZOOMED: Final = (320, 256)
"""A window of 1280 × 1024 at 400 %."""
UNZOOMED: Final = (1280, 1024)
_LOOK: Final = """() => {
  const root = document.documentElement;
  const scrolls = (element) => /auto|scroll/.test(getComputedStyle(element).overflowX);
  const hides = (element) => /auto|scroll|hidden|clip/.test(getComputedStyle(element).overflowX);
  const within = (element, what) => {
    for (let up = element.parentElement; up && up !== document.body; up = up.parentElement) if (what(up)) return true;
    return false;
  };
  const named = (element) => element.getAttribute("aria-label") ||
    document.getElementById(element.getAttribute("aria-labelledby"))?.textContent.trim();
  const told = (element) => element.outerHTML.slice(0, 160);
  const found = [];
  if (root.scrollWidth > root.clientWidth) {
    found.push(`scrolls sideways: ${root.scrollWidth} > ${root.clientWidth}`);
    for (const element of document.body.querySelectorAll("*")) {
      const { right, width } = element.getBoundingClientRect();
      if (width && right > root.clientWidth + 1 && !within(element, hides)) found.push(`too wide: ${told(element)}`);
    }
  }
  for (const element of document.body.querySelectorAll("*")) {
    if (element.scrollWidth <= element.clientWidth + 1 || !scrolls(element)) continue;
    if (element.matches("input, textarea, select")) continue;
    if (element.querySelector("table") && !(element.tabIndex >= 0 && named(element)))
      found.push(`a table scrolls in a box without focus or name: ${told(element)}`);
  }
  return found.slice(0, 6);
}"""
_ENLARGE: Final = "(size) => { document.documentElement.style.fontSize = size; }"


def overflow(tab: Tab) -> list[str]:
    """Say what is out of reach sideways in the window as it is."""
    return list(tab.page.evaluate(_LOOK))


def complaints(tab: Tab) -> list[str]:
    """Look at the page at 400 % zoom and with text at 200 %."""
    tab.resize(ZOOMED)
    found = [f"zoomed: {each}" for each in overflow(tab)]
    tab.resize(UNZOOMED)
    tab.page.evaluate(_ENLARGE, "200%")
    found += [f"large text: {each}" for each in overflow(tab)]
    tab.page.evaluate(_ENLARGE, "")
    return found
