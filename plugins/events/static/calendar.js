// Left and right arrow turn the calendar; the links are there without it, too.
"use strict";

{  // a block of its own: other scripts of the page have the same names
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.isComposing) return;
    if (event.target.closest("input, select, textarea, [contenteditable], [role=listbox]")) return;
    const rel = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
    const link = rel && document.querySelector(`#content a.turn[rel=${rel}]`);
    if (!link) return;
    event.preventDefault();
    link.click();
  });
}
