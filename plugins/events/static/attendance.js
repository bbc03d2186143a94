// Who came, ticked on a tablet: sent without leaving the page. When the network is gone, the ticks stay where they
// are and are sent as soon as there is one. Without scripts it is a plain form.
"use strict";

{  // a block of its own: other scripts of the page have the same names
  const RETRY_MS = 10_000;
  const GIVE_UP_MS = 15_000;
  const list = document.getElementById("attendance");
  const state = document.getElementById("attendance-state");

  if (list && state) {
    let waiting = 0;
    let changed = false;

    const send = async () => {
      clearTimeout(waiting);
      const body = new FormData(list);
      changed = false;
      try {
        const answer = await fetch(list.action, { method: "POST", body, signal: AbortSignal.timeout(GIVE_UP_MS) });
        if (answer.ok) state.textContent = changed ? "" : state.dataset.saved;
        else list.submit();  // the hub has something to say: let it be seen
      } catch {
        changed = true;
        state.textContent = state.dataset.lost;
        waiting = setTimeout(send, RETRY_MS);
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
