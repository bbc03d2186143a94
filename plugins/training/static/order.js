// Dragging lessons of a course into another order; the buttons beside them do the same without scripts.
"use strict";

const structure = document.querySelector("[data-order]");

if (structure) {
  const told = document.getElementById("order-kept");
  let dragged = null;

  for (const item of structure.querySelectorAll("[data-lesson]")) item.draggable = true;

  const order = () => [...structure.querySelectorAll("[data-section]")].map((section) => {
    const lessons = [...section.querySelectorAll("[data-lesson]")].map((item) => item.dataset.lesson);
    return `${section.dataset.section}:${lessons.join(",")}`;
  }).join(";");

  const keep = async () => {
    const token = document.querySelector("input[name=csrf_token]").value;
    const before = structure.dataset.seen;
    const body = new URLSearchParams({ csrf_token: token, order: order(), seen: before });
    const answer = await fetch(structure.dataset.order, { method: "POST", body, headers: { "HX-Request": "true" } });
    const kept = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-seen]");
    if (!answer.ok || !kept) {
      location.reload();  // the list shows again what is really kept, and who was faster is told
      return;
    }
    told.textContent = structure.dataset.moved;
    structure.dataset.seen = kept.dataset.seen;
    for (const field of structure.querySelectorAll("input[name=seen]")) if (field.value === before) field.value = kept.dataset.seen;
  };

  structure.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("[data-lesson]");
    dragged?.classList.add("dragged");
    event.dataTransfer.effectAllowed = "move";
  });

  structure.addEventListener("dragover", (event) => {
    const list = event.target.closest("[data-section]")?.querySelector("[data-lessons]");
    if (!dragged || !list) return;
    event.preventDefault();
    const over = event.target.closest("[data-lesson]");
    if (!over) list.append(dragged);
    else if (over !== dragged) {
      const { top, height } = over.getBoundingClientRect();
      over.parentNode.insertBefore(dragged, event.clientY > top + height / 2 ? over.nextSibling : over);
    }
  });

  structure.addEventListener("drop", (event) => event.preventDefault());

  structure.addEventListener("dragend", () => {
    if (!dragged) return;
    dragged.classList.remove("dragged");
    dragged = null;
    keep().catch(() => location.reload());
  });
}
