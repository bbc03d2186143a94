// The screen in the hall: turns its slides by itself, fetches news every minute, and keeps what it has when the
// network is gone.
"use strict";

{  // a block of its own: other scripts of the page have the same names
  const TURN_MS = Number(document.body.dataset.seconds) * 1000;
  const REFRESH_MS = 60_000;
  const GIVE_UP_MS = 20_000;
  const place = document.getElementById("slides");
  const clock = document.getElementById("clock");
  const lost = document.getElementById("lost");
  let at = Math.max(0, [...place.children].findIndex((slide) => slide.classList.contains("shown")));
  let known = new Date();

  const hours = (moment) => moment.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });

  const show = (number) => {
    const slides = [...place.children];
    at = slides.length ? number % slides.length : 0;
    slides.forEach((slide, place) => slide.classList.toggle("shown", place === at));
  };

  const tick = () => { clock.textContent = hours(new Date()); };

  const refresh = async () => {
    try {
      const answer = await fetch(location.pathname, { cache: "no-store", signal: AbortSignal.timeout(GIVE_UP_MS) });
      if (!answer.ok) throw new Error(String(answer.status));
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("slides");
      if (!fresh?.children.length) throw new Error("no slides");
      known = new Date();
      lost.hidden = true;
      if (fresh.textContent === place.textContent) return;  // nothing new: nothing flickers
      place.replaceChildren(...fresh.children);
      show(at);
    } catch {
      document.getElementById("known").textContent = hours(known);
      lost.hidden = false;  // the slides stay as they are; the next minute may go well
    }
  };

  tick();
  setInterval(tick, 1000);
  setInterval(() => show(at + 1), TURN_MS);
  setInterval(refresh, REFRESH_MS);
  window.addEventListener("online", refresh);
}
