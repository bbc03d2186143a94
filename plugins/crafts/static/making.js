// The step view: arrow keys, swipe, and a screen that stays awake while hands are busy. Links work without it.
"use strict";

const link = (relation) => document.querySelector(`[data-making] [rel="${relation}"], .done [rel="${relation}"]`);

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.target.matches("input, textarea, select")) return;
  const relation = { ArrowRight: "next", PageDown: "next", ArrowLeft: "prev", PageUp: "prev" }[event.key];
  const found = relation && link(relation);
  if (found) {
    event.preventDefault();
    found.click();
  }
});

// A swipe is quick, long and mostly sideways; anything else scrolls or pinches.
const LEAST = 60;
const SLOWEST = 600;
let begun = null;

document.addEventListener("touchstart", (event) => {
  const [finger] = event.touches;
  begun = event.touches.length === 1 ? { x: finger.clientX, y: finger.clientY, at: event.timeStamp } : null;
}, { passive: true });

document.addEventListener("touchend", (event) => {
  if (!begun) return;
  const [finger] = event.changedTouches;
  const across = finger.clientX - begun.x;
  const down = finger.clientY - begun.y;
  const quick = event.timeStamp - begun.at < SLOWEST;
  begun = null;
  if (quick && Math.abs(across) > LEAST && Math.abs(across) > 2 * Math.abs(down)) link(across < 0 ? "next" : "prev")?.click();
}, { passive: true });

// Browsers lend the lock to a visible page only, so it is asked for again when the page comes back.
const stayAwake = () => {
  if (document.visibilityState === "visible") navigator.wakeLock?.request("screen").catch(() => {});
};
document.addEventListener("visibilitychange", stayAwake);
stayAwake();

document.addEventListener("htmx:after:swap", () => window.scrollTo(0, 0));
