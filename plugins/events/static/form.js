// The form of an event shows only the fields that matter for what was chosen; without scripts all of them are there.
"use strict";

{  // a block of its own: other scripts of the page have the same names
  const form = document.querySelector(".event-form");

  if (form) {
    const all = (name) => [...form.querySelectorAll(`[data-${name}]`)];
    const follow = () => {
      const how = form.elements.how.value;
      all("hours").forEach((part) => { part.hidden = form.elements.all_day.checked; });
      all("repeats").forEach((part) => { part.hidden = !how; });
      all("weekly").forEach((part) => { part.hidden = how !== "weekly"; });
    };
    form.addEventListener("change", follow);
    follow();
  }
}
