// Keeps the reader's place: with the account of who is signed in, else in this browser. Without this script the
// contents and the link to where one stopped work as links.
"use strict";

const reading = document.querySelector("[data-reading]");
const REST = 1500;

if (reading) {
  const key = `libhub-place-${reading.dataset.reading}`;
  const sections = [...reading.querySelectorAll(":scope > section")];
  const links = new Map([...document.querySelectorAll(".contents a")].map((link) => [link.hash.slice(1), link]));
  const jump = document.querySelector("[data-continue]");
  let timer = 0;
  let kept = "";

  const blockAt = (place) => {
    const [anchor, number] = place.split(".");
    const section = document.getElementById(anchor);
    return section && (section.children[Number(number)] ?? section);
  };

  // The place is the first block whose end is still below the top of the window.
  const here = () => {
    const section = sections.find((each) => each.getBoundingClientRect().bottom > 60) ?? sections.at(-1);
    const number = [...section.children].findIndex((each) => each.getBoundingClientRect().bottom > 60);
    return { section, place: number > 0 ? `${section.id}.${number}` : section.id };
  };

  const keep = (place) => {
    if (place === kept) return;
    kept = place;
    if (reading.dataset.keep) {
      const body = new URLSearchParams({ place, csrf_token: reading.dataset.token });
      fetch(reading.dataset.keep, { method: "POST", body, keepalive: true }).catch(() => {});  // next time, then
    } else {
      try { localStorage.setItem(key, place); } catch { /* a browser that keeps nothing */ }
    }
  };

  document.addEventListener("scroll", () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const { section, place } = here();
      links.forEach((link, anchor) => {
        if (anchor === section.id) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      });
      keep(place);
    }, REST);
  }, { passive: true });

  let place = reading.dataset.place;
  if (!reading.dataset.keep) try { place = localStorage.getItem(key) ?? ""; } catch { /* see above */ }
  const block = place && blockAt(place);
  if (block && jump && place !== sections[0].id) {
    const anchor = place.split(".")[0];
    jump.hash = anchor;
    jump.textContent = links.get(anchor)?.textContent ?? reading.dataset.words;
    jump.closest("p").hidden = false;
    jump.addEventListener("click", (event) => {
      event.preventDefault();
      block.scrollIntoView({ block: "start" });
      jump.closest("p").hidden = true;
    });
  }
}
