"""The Tab key through a page: every stop is seen, in the order of the page, and nothing holds the focus."""

from typing import Final

from tests.gates.tab import Tab

_BEGIN: Final = """(whole) => {
  const looks = (element) => {
    const style = getComputedStyle(element);
    const outline = style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 1 ? "" : style.outline;
    return [outline, style.boxShadow, style.borderColor, style.backgroundColor, style.textDecoration].join("|");
  };
  const seen = (element) => {
    const { width, height, right, bottom } = element.getBoundingClientRect();
    return width > 2 && height > 2 && right > 0 && bottom > 0;
  };
  // what stands for an element that is drawn by others: its label
  const shown = (element) => (seen(element) ? element : element.labels?.[0] ?? element);
  const stops = [];
  let last = null;
  const leave = () => { if (last) last.without = looks(last.shown); last = null; };
  document.addEventListener("focusin", ({ target }) => {
    leave();
    last = { element: target, shown: shown(target), with: looks(shown(target)), seen: seen(shown(target)) };
    stops.push(last);
  }, true);
  const radios = new Set();
  const within = whole ? document.body : document.querySelector("main");
  const reachable = [...within.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex], audio[controls], video[controls]",
  )].filter((element) => {
    if (element.tabIndex < 0 || element.matches(":disabled") || !element.checkVisibility({ visibilityProperty: true }))
      return false;
    if (element.type !== "radio" || !element.name) return true;
    const group = [...document.querySelectorAll(`input[type=radio][name="${CSS.escape(element.name)}"]`)]
      .filter((other) => other.form === element.form);
    const chosen = group.find((other) => other.checked) ?? group[0];
    return element === chosen;
  });
  window.tabbing = { stops, reachable, leave, within, whole };
  // from the very top, also where a field took the focus by itself
  const had = within.getAttribute("tabindex");
  within.tabIndex = -1;
  within.focus();
  if (had === null) within.removeAttribute("tabindex");
  stops.length = 0;
  last = null;
  const inner = { date: 5, time: 5, "datetime-local": 8, month: 4, week: 4 };  // parts of such a field, and more
  return reachable.reduce(
    (sum, element) => sum + 1 + (inner[element.type] ?? 0) + (element.matches("audio, video") ? 12 : 0), 0);
}"""
_END: Final = """() => {
  const { stops, reachable, leave, within, whole } = window.tabbing;
  document.activeElement?.blur();
  leave();
  const told = (element) => element.outerHTML.replace(/\\s+/g, " ").slice(0, 160);
  const found = [];
  const first = stops[0]?.element;
  if (whole && first && !first.matches("a[href^='#']")) found.push(`the first stop is no link past the menus: ${told(first)}`);
  const again = stops.findIndex(({ element }, place) => whole ? place && element === first : !within.contains(element));
  const round = again < 0 ? stops : stops.slice(0, again);
  let before = null;
  for (const stop of round) {
    if (before && !(before.compareDocumentPosition(stop.element) & Node.DOCUMENT_POSITION_FOLLOWING))
      found.push(`the focus goes back: ${told(stop.element)}`);
    before = stop.element;
    if (!stop.seen) found.push(`the focus is on something that cannot be seen: ${told(stop.element)}`);
    else if (stop.with === stop.without) found.push(`the focus cannot be seen: ${told(stop.element)}`);
  }
  const reached = new Set(round.map(({ element }) => element));
  for (const element of reachable) if (!reached.has(element)) found.push(`Tab does not come to: ${told(element)}`);
  return found.slice(0, 8);
}"""


def complaints(tab: Tab, *, whole: bool = True) -> list[str]:
    """Press Tab as often as the page has stops and once more, and look at every one.

    :param whole: whether to go through the shell around the content, too, which all pages share.
    """
    presses = tab.page.evaluate(_BEGIN, whole)
    for _press in range(presses + 1):
        tab.page.keyboard.down("Tab")  # held down it goes on as if it was pressed again, in half the messages
    tab.page.keyboard.up("Tab")
    return list(tab.page.evaluate(_END))
