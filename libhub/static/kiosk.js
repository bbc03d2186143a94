// A PC of the reading room: the end of a visit in sight and undone by one press, nothing left of the last reader.
// Without it the server ends the visit just the same.
"use strict";

(() => {
  const { idle, end, home, ...flags } = document.currentScript.dataset;
  const IDLE = Number(idle) * 1000;
  const WARN = Math.min(60_000, IDLE / 2);
  const TELL_EVERY = Math.min(30_000, IDLE / 4);
  const signedIn = "signedIn" in flags;

  const forget = () => {
    for (const name of ["sessionStorage", "localStorage"]) {
      try { window[name].clear(); } catch { /* a browser that keeps nothing */ }
    }
  };

  // -- a visit: each entry of the browser's history belongs to one; Back does not lead into an earlier one ----
  if ("firstPage" in flags) forget();
  let visit = "";
  try {
    visit = sessionStorage.getItem("visit") || `${Date.now()}-${Math.random()}`;
    sessionStorage.setItem("visit", visit);
  } catch { /* see above */ }
  const mark = () => history.replaceState({ ...history.state, visit }, "");
  const [arrival] = performance.getEntriesByType("navigation");
  if (arrival?.type === "back_forward" && !("firstPage" in flags) && history.state?.visit !== visit) {
    document.documentElement.hidden = true;
    location.replace(home);
  } else mark();
  for (const kind of ["before:history:update", "after:history:push", "after:history:replace", "after:swap"]) document.addEventListener(`htmx:${kind}`, mark);
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  const finish = () => {
    forget();
    location.replace(end);
  };

  document.addEventListener("DOMContentLoaded", () => {
    const leaving = document.getElementById("kiosk-leaving");
    const here = leaving.querySelector("form");
    const number = leaving.querySelector(".kiosk-left");
    const status = leaving.querySelector("[data-said]");
    const saying = [...leaving.querySelectorAll("[data-at]")];
    const tabs = new BroadcastChannel("libhub-kiosk");
    let used = Date.now();
    let told = used;
    let said = null;

    // -- signs of life: the server is told, too, for a page that is read for long is used --------------------
    const tell = async () => {
      told = Date.now();
      if (!signedIn) return;
      let answer;
      try {
        answer = await fetch(here.action, { method: "POST", body: new FormData(here) });
      } catch { return; }  // no connection: the next sign of life tries again
      if (!answer.ok) finish();
    };

    const use = () => {
      used = Date.now();
      tabs.postMessage("used");
      if (used - told > TELL_EVERY) tell();
    };

    const stay = () => {
      leaving.close();
      told = 0;
      use();
    };

    const tick = () => {
      const left = used + IDLE - Date.now();
      if (left <= 0) {
        clearInterval(clock);
        finish();
      } else if (left <= WARN) {
        if (!leaving.open) {
          status.textContent = "";
          said = null;
          leaving.showModal();
        }
        const seconds = Math.ceil(left / 1000);
        number.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
        const now = saying.findLast((each) => seconds <= Number(each.dataset.at));
        if (now && now !== said) status.textContent = (said = now).textContent;
      } else if (leaving.open) leaving.close();  // somebody is there, in another tab
    };
    const clock = setInterval(tick, 500);

    here.addEventListener("submit", (event) => {
      event.preventDefault();
      stay();
    });
    leaving.addEventListener("cancel", (event) => {  // Escape is an answer, too
      event.preventDefault();
      stay();
    });
    for (const kind of ["pointerdown", "keydown", "input", "wheel"]) {
      document.addEventListener(kind, () => { if (!leaving.open) use(); }, { capture: true, passive: true });
    }
    // The first page begins a visit: what other tabs show belongs to the one before.
    tabs.addEventListener("message", ({ data }) => {
      if (data !== "over") used = Date.now();
      else if (!("firstPage" in flags)) location.replace(home);  // two first pages would call each other for ever
    });
    tabs.postMessage("firstPage" in flags ? "over" : "used");

    // -- links stay in the one tab --------------------------------------------------------------------------
    if ("firstPage" in flags) document.getElementById("q").focus();
    if ("oneTab" in flags) {
      for (const kind of ["click", "submit"]) {
        document.addEventListener(kind, (event) => {
          event.target.closest("a[target]:not([data-new-tab]), form[target]")?.removeAttribute("target");
        }, { capture: true });
      }
    }
    document.addEventListener("submit", (event) => {
      if (event.target.getAttribute("action")?.endsWith("/auth/sign-out")) forget();
    }, { capture: true });
    document.querySelector("[data-back]")?.addEventListener("click", (event) => {
      if (history.length > 1) {
        event.preventDefault();
        history.back();
      }
    });
  });
})();
