// An editor keeps what is typed: a moment after the last key, and when the page is left. Nothing of it is what readers see.
"use strict";

{
  const { keep, offline } = document.currentScript.dataset;
  const form = document.currentScript.form ?? document.currentScript.closest("form");
  const AFTER = 1500;
  const AGAIN = 8000;
  let timer = 0;
  let typed = false;
  let sending = false;
  let leaving = false;

  const place = form.querySelector("[data-draft-told]") ?? form.appendChild(document.createElement("p"));
  place.setAttribute("role", "status");
  place.classList.add("draft-told");
  const tell = (text, wrong) => {
    if (place.textContent !== text) place.textContent = text;
    place.classList.toggle("wrong", wrong);
  };

  const held = () => {
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") fields.append(name, value);
    return fields;
  };

  const plan = (after) => {
    clearTimeout(timer);
    if (!leaving) timer = setTimeout(send, after);
  };

  const send = async () => {
    if (sending) return plan(AFTER);
    sending = true;
    typed = false;
    try {
      const answer = await fetch(keep, { method: "POST", body: held(), redirect: "error" });
      const { said } = await answer.json();
      tell(said, !answer.ok);
      if (!answer.ok) typed = true;
      if (answer.status === 401 || answer.status >= 500) plan(AGAIN);
    } catch {
      typed = true;
      tell(offline, true);
      plan(AGAIN);
    } finally {
      sending = false;
    }
  };

  for (const kind of ["input", "change", "moved"]) form.addEventListener(kind, () => {
    typed = true;
    plan(AFTER);
  });
  form.addEventListener("submit", (event) => {
    if (!navigator.onLine) {
      event.preventDefault();
      tell(offline, true);
      return;
    }
    leaving = true;
    clearTimeout(timer);
  });
  window.addEventListener("online", () => { if (typed) plan(0); });
  window.addEventListener("pagehide", () => { if (typed && !leaving) navigator.sendBeacon(keep, held()); });
  window.addEventListener("pageshow", () => { leaving = false; });
}
