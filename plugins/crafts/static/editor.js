// The editor: rows are moved by dragging and by their arrows without a new page; the form works without it.
"use strict";

const form = document.querySelector("[data-editor]");

if (form) {
  const renumber = (list) => {
    for (const [place, row] of [...list.children].entries()) {
      const shown = row.querySelector("[data-number]");
      if (shown) shown.textContent = place + 1;
      for (const button of row.querySelectorAll("button[name=do]")) button.value = button.value.replace(/\d+$/, place);
    }
  };

  // What was moved is kept like what was typed.
  const moved = (list) => {
    renumber(list);
    form.dispatchEvent(new Event("moved", { bubbles: true }));
  };

  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (!button) return;
    event.preventDefault();
    const row = button.closest("[data-row]");
    const other = button.dataset.move === "up" ? row.previousElementSibling : row.nextElementSibling;
    if (!other) return;
    if (button.dataset.move === "up") other.before(row);
    else other.after(row);
    button.focus();
    moved(row.parentElement);
  });

  // Near the edge of the window the page scrolls, so that a step gets to the other end of a long list.
  const EDGE = 110;
  const SCROLL = 14;
  let dragged = null;
  form.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest("[data-grip]");
    if (!grip) return;
    event.preventDefault();
    dragged = grip.closest("[data-row]");
    dragged.classList.add("dragged");
    grip.setPointerCapture(event.pointerId);
  });
  form.addEventListener("pointermove", (event) => {
    if (!dragged) return;
    if (event.clientY < EDGE) window.scrollBy(0, -SCROLL);
    else if (event.clientY > window.innerHeight - EDGE) window.scrollBy(0, SCROLL);
    for (const row of dragged.parentElement.children) {
      const box = row.getBoundingClientRect();
      if (row === dragged || event.clientY < box.top || event.clientY > box.bottom) continue;
      if (event.clientY < box.top + box.height / 2) row.before(dragged);
      else row.after(dragged);
      break;
    }
  });
  const drop = () => {
    if (!dragged) return;
    dragged.classList.remove("dragged");
    moved(dragged.parentElement);
    dragged = null;
  };
  form.addEventListener("pointerup", drop);
  form.addEventListener("pointercancel", drop);
  for (const grip of form.querySelectorAll("[data-grip]")) grip.hidden = false;
}
