// One key decides on the first work of the queue; the buttons do the same.
"use strict";

const first = document.querySelector("[data-queue] > li");

if (first) {
  document.querySelector("[data-keys]").hidden = false;
  first.classList.add("first");
  // Both layouts: the keys stand where they stand, whatever letter they write.
  const KEYS = { KeyA: "a", KeyD: "d" };
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.repeat) return;
    if (event.target.matches("input, select, textarea")) return;
    const key = KEYS[event.code];
    if (key) first.querySelector(`[data-key="${key}"]`).click();
  });
}
