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
    const under = document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-row]");
    if (!under || under === dragged || under.parentElement !== dragged.parentElement) return;
    const box = under.getBoundingClientRect();
    if (event.clientY < box.top + box.height / 2) under.before(dragged);
    else under.after(dragged);
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
