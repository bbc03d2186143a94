// What links and forms cannot do by themselves; every page also works without it.
"use strict";

// Screen readers are told how many results there are after htmx changed the list.
document.addEventListener("htmx:after:swap", () => {
  const count = document.querySelector("#content [data-announce]");
  const region = document.getElementById("announce");
  if (count && region && region.textContent !== count.textContent) region.textContent = count.textContent;
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
