"""What htmx changes in a page without loading another one: the focus stays, and the change is told."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from playwright.sync_api import Page

from tests.gates.tab import Tab

_BEGIN: Final = """() => {
  const which = () => {
    const element = document.activeElement;
    if (element === document.body) return "";
    const told = element.id || [element.name, element.value, element.rel, element.getAttribute("href") && element.textContent.trim()]
      .filter(Boolean).join(" ");
    return `${element.localName} ${told}`;
  };
  document.getElementById("announce").textContent = "";
  window.swapped = new Promise((done) => {
    let before = "";
    document.addEventListener("htmx:before:swap", () => { before = which(); }, { once: true });
    document.addEventListener("htmx:after:swap", () => setTimeout(() => done([before, which()]), 50), { once: true });
  });
}"""


@dataclass(frozen=True)
class Swap:
    """Something a visitor does at a page that changes a part of it."""

    role: str
    path: str
    endpoint: str
    """Which htmx asks."""
    act: Callable[[Page], None]


def complaints(tab: Tab, swap: Swap) -> list[str]:
    """Do it on the page that the tab shows, and look where the focus is and what was told."""
    page = tab.page
    page.evaluate(_BEGIN)
    swap.act(page)
    before, after = page.evaluate("() => window.swapped")
    told = str(page.evaluate("() => document.getElementById('announce').textContent")).strip()
    found = []
    if not before or before != after:
        found.append(f"the focus was on “{before}” and is on “{after}”")
    if not told:
        found.append("nothing was told of what changed")
    return found
