// The end of a session in sight, and put off by one press. Who works is not asked: what is typed or pressed prolongs the session
// now and then. Nothing here prolongs it of its own accord. Without scripts the server ends the session just the same.
"use strict";

(() => {
  const bar = document.getElementById("session-end");
  const form = bar.querySelector("form");
  const button = form.querySelector("button");
  const lines = [...bar.querySelectorAll("[data-said]")];
  const IDLE = Number(bar.dataset.idle) * 1000;
  const WARN = Math.min(300_000, IDLE / 4);
  const TELL_EVERY = IDLE / 10;
  const LOOK_EVERY = Math.min(15_000, WARN / 10);
  let longest = 0;
  let ends = 0;
  const since = Number(bar.dataset.since);
  let told = since;
  let asked = 0;
  let said = "";

  const tabs = new BroadcastChannel("libhub-session");
  const know = (known, at = Date.now()) => {
    longest = at + Number(known.longest) * 1000;
    ends = Math.min(at + Number(known.left) * 1000, longest);
    look();
  };

  const say = (line) => {
    if (line === said) return;
    said = line;
    for (const each of lines) each.hidden = each.dataset.said !== line;
    button.hidden = line !== "idle";
    bar.hidden = !line;
    if (!line) return;
    const shown = lines.find((each) => !each.hidden);
    const time = shown.querySelector("[data-time]");
    if (time) time.textContent = new Date(ends).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    document.getElementById("announce").textContent = shown.textContent.trim().replace(/\s+/g, " ");
  };

  // Another tab, or another program with this session, may have prolonged it: it is asked before anything is said.
  const ask = async (options) => {
    asked = Date.now();
    try {
      const answer = await fetch(form.action, options);
      const known = await (answer.ok ? answer : await fetch(form.action)).json();
      know(known);
      tabs.postMessage(known);
    } catch {  // no connection: the next sign of life tries again, in a while
      told -= TELL_EVERY - LOOK_EVERY;
    }
  };

  const tell = () => {
    told = Date.now();
    return ask({ method: "POST", body: new FormData(form) });
  };

  const look = () => {
    const now = Date.now();
    if (ends - now > WARN) return say("");
    if (now - asked > WARN / 2) return ask();
    if (ends <= now) say("over");
    else say(longest - ends < 60_000 ? "longest" : "idle");
  };

  const use = () => {
    if (said === "over" || Date.now() - told < TELL_EVERY || longest - ends < 60_000) return;
    tell();
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    tell().then(() => document.getElementById("content").focus({ preventScroll: true }));
  });
  for (const kind of ["pointerdown", "keydown", "input"]) {
    document.addEventListener(kind, (event) => { if (!bar.contains(event.target)) use(); }, { capture: true, passive: true });
  }
  tabs.addEventListener("message", ({ data }) => know(data));
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  setInterval(look, LOOK_EVERY);
  tabs.postMessage({ ...bar.dataset });
  know(bar.dataset, since);
})();
