// Who came, ticked on a tablet: sent without leaving the page, and what others ticked meanwhile comes back with the answer. When
// the network is gone, the ticks stay where they are and are sent as soon as there is one. Without scripts it is a plain form.
"use strict";

{  // a block of its own: other scripts of the page have the same names
  const RETRY_MS = 10_000;
  const GIVE_UP_MS = 15_000;
  const list = document.getElementById("attendance");
  const state = document.getElementById("attendance-state");

  if (list && state) {
    let waiting = 0;
    let changed = false;
    let sending = false;
    let again = false;

    const boxes = (form) => [...form.querySelectorAll("[name^=came-]")];
    const said = (box) => (box.type === "checkbox" ? box.checked : box.value);
    const say = (box, value) => { box[box.type === "checkbox" ? "checked" : "value"] = value; };

    // The list as it is now takes the place of this one; what was ticked since it was sent is ticked in it.
    const show = (page, sent) => {
      const fresh = page.getElementById("attendance");
      if (!fresh) return false;
      const later = new Map(boxes(list).filter((box) => said(box) !== sent.get(box.name)).map((box) => [box.name, said(box)]));
      const focused = list.contains(document.activeElement) ? document.activeElement.name : "";
      for (const box of boxes(fresh)) if (later.has(box.name)) say(box, later.get(box.name));
      for (const part of ["tbody", "input[type=hidden]:not(tbody *)"]) {
        const [old, young] = [list.querySelectorAll(part), fresh.querySelectorAll(part)];
        old.forEach((each, place) => young[place] && each.replaceWith(young[place]));
      }
      if (focused) list.elements[focused]?.focus?.({ preventScroll: true });
      for (const told of document.querySelectorAll("#content > .flash.warning, #content > .flash.error")) told.remove();
      for (const told of page.querySelectorAll("#content > .flash.warning, #content > .flash.error")) list.before(told);
      return true;
    };

    const send = async () => {
      clearTimeout(waiting);
      if (sending) {
        again = true;  // it goes when this one has come back
        return;
      }
      sending = true;
      const body = new FormData(list);
      const sent = new Map(boxes(list).map((box) => [box.name, said(box)]));
      changed = false;
      try {
        const answer = await fetch(list.action, { method: "POST", body, signal: AbortSignal.timeout(GIVE_UP_MS) });
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        if (answer.ok && show(page, sent)) state.textContent = changed ? "" : state.dataset.saved;
        else list.submit();  // the hub has something to say: let it be seen
      } catch {
        changed = true;
        state.textContent = state.dataset.lost;
        waiting = setTimeout(send, RETRY_MS);
      }
      sending = false;
      if (again) {
        again = false;
        send();
      }
    };

    list.addEventListener("submit", (event) => {
      event.preventDefault();
      send();
    });
    list.addEventListener("change", () => {
      changed = true;
      if (state.textContent === state.dataset.saved) state.textContent = "";
    });
    window.addEventListener("online", () => { if (changed && state.textContent === state.dataset.lost) send(); });
    window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
  }
}
