// What links and forms cannot do by themselves; every page also works without it.
"use strict";

// htmx comes where a page has a use for it: at once where results follow the typing or a page asks again, else when somebody first does
// something. What was typed or ticked before it was there is told to it then.
{
  const address = document.currentScript.dataset.htmx;
  const signs = ["pointermove", "pointerdown", "keydown", "focusin", "input", "change"];
  let missed = null;
  const note = (event) => { if (event.type === "input" || event.type === "change") missed = event; };
  const bring = () => {
    for (const sign of signs) document.removeEventListener(sign, bring);
    const script = document.createElement("script");
    script.src = address;
    script.addEventListener("load", () => setTimeout(() => {
      for (const sign of signs) document.removeEventListener(sign, note);
      missed?.target.dispatchEvent(new Event(missed.type, { bubbles: true }));
    }));
    document.head.append(script);
  };
  if (document.querySelector("[hx-get], [hx-post]")) {
    for (const sign of signs) document.addEventListener(sign, note);
    if (document.querySelector("[hx-trigger~=changed], [hx-trigger^=every]") || history.state?.htmx) bring();
    else for (const sign of signs) document.addEventListener(sign, bring, { passive: true });
  }
}

// The end of a session is far away, and what watches for it no part of the first view.
const session = document.getElementById("session-end");
if (session) {
  session.dataset.since = Date.now();
  setTimeout(() => {
    const script = document.createElement("script");
    script.src = session.dataset.script;
    document.head.append(script);
  }, 2000);
}

// Messages can be put away. Those that came with the page were read with it.
const heard = new WeakSet(document.querySelectorAll(".flash"));
const offerToPutAway = () => {
  for (const button of document.querySelectorAll("[data-put-away][hidden]")) button.hidden = false;
};
offerToPutAway();
document.addEventListener("click", (event) => {
  const message = event.target.closest("[data-put-away]")?.closest(".flash");
  if (!message) return;
  message.remove();
  document.getElementById("content").focus({ preventScroll: true });
});

// Screen readers are told what was said and how many results there are after htmx changed the page. An error is an
// alert, which they read by themselves.
document.addEventListener("htmx:after:swap", () => {
  offerToPutAway();
  const region = document.getElementById("announce");
  const count = document.querySelector("#content [data-announce]");
  const fresh = [...document.querySelectorAll("#content .flash")].filter((message) => !heard.has(message));
  for (const message of fresh) heard.add(message);
  fresh[0]?.scrollIntoView({ block: "nearest" });
  const told = [...fresh.filter((message) => message.getAttribute("role") !== "alert"), count].filter(Boolean)
    .map((each) => each.textContent.trim().replace(/\s+/g, " ")).join(" ");
  if (told && region && region.textContent !== told) region.textContent = told;
});

// What is sent by itself while somebody types says so where there is no connection.
document.addEventListener("htmx:error", (event) => {
  const field = event.target.closest?.("[data-offline][hx-target]");
  if (field) document.querySelector(field.getAttribute("hx-target")).textContent = field.dataset.offline;
});

// Where htmx put new elements in the place of the one that had the focus, it goes to the one that does the same now.
const samePurpose = (element) => {
  if (element.id) return `#${CSS.escape(element.id)}`;
  const by = (...names) => names.filter((name) => element.hasAttribute(name))
    .map((name) => `[${name}="${CSS.escape(element.getAttribute(name))}"]`).join("");
  const kind = element.matches("[type=checkbox], [type=radio], button") ? by("name", "value") : by("name") || by("rel") || by("href");
  return kind && `#content ${element.localName}${kind}`;
};
let focused = "";
document.addEventListener("htmx:before:swap", () => {
  focused = document.activeElement === document.body ? "" : samePurpose(document.activeElement);
});
document.addEventListener("htmx:after:swap", () => {
  if (!focused || document.activeElement !== document.body) return;
  (document.querySelector(focused) ?? document.getElementById("content")).focus({ preventScroll: true });
});

// -- the way back ---------------------------------------------------------------------------------------
// Every step is one entry of the browser's history: a filter, a month, a text on which the typing rested. Back asks the hub for an
// earlier one; nothing of it is kept here.
const RESTED_AFTER = 3000;
const isText = (field) => field.matches("textarea, input:not([type=checkbox], [type=radio])");
let typing = null;
let typed = { field: null, until: 0 };  // the step that goes on while somebody types
const goesOn = (field) => field !== null && field === typed.field && Date.now() < typed.until;
const rest = () => { typed = { field: null, until: 0 }; };

document.addEventListener("input", ({ target }) => { typing = isText(target) ? target : null; }, true);
document.addEventListener("change", ({ target }) => { if (!isText(target)) typing = null; }, true);
document.addEventListener("htmx:before:history:update", ({ detail: { history: step } }) => {
  if (step.path === location.pathname + location.search || goesOn(typing)) step.type = "replace";
  typed = { field: typing, until: Date.now() + RESTED_AFTER };
});
document.addEventListener("htmx:before:history:restore", ({ detail: { path } }) => {
  typing = null;
  rest();
  if (box && "live" in box.dataset) box.value = new URL(path, location.href).searchParams.get("q") ?? "";
});
document.addEventListener("htmx:before:swap", (event) => {
  const { request, response } = event.detail.ctx;
  if (!request.headers["HX-History-Restore-Request"] || !response?.raw.redirected) return;
  event.preventDefault();  // it leads elsewhere now, such as to signing in
  location.reload();
});
window.addEventListener("popstate", ({ state }) => { if (state?.htmx && !window.htmx) location.reload(); });

// What was sent before the typing rested takes the place of the half of it.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "get" || typed.field?.form !== form || !goesOn(typed.field)) return;
  event.preventDefault();
  location.replace(`${form.action.split("?")[0]}?${new URLSearchParams(new FormData(form))}`);
});

// Where one comes back from another page, the focus is on the link by which one left.
document.addEventListener("click", (event) => {
  const link = event.target.closest("#content a[href]");
  if (link) history.replaceState({ ...history.state, left: link.getAttribute("href") }, "");
}, true);
if (performance.getEntriesByType("navigation")[0]?.type === "back_forward" && history.state?.left) {
  document.querySelector(`#content a[href="${CSS.escape(history.state.left)}"]:not([tabindex="-1"])`)?.focus({ preventScroll: true });
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

// A form that is being sent is not sent once more by a second click; one that stays (a download) can be, after a while.
const RESTS = 5000;
const freed = (form) => {
  delete form.dataset.sending;
  form.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
};
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sending) return event.preventDefault();
  form.dataset.sending = "1";
  event.submitter?.setAttribute("aria-busy", "true");
  setTimeout(freed, RESTS, form);
});
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sending]").forEach(freed));

// A menu that is open closes when attention goes elsewhere.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && event.target.closest("details[data-menu][open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// Questions before something is done: what stands open without scripts becomes a dialog.
for (const asks of document.querySelectorAll("details[data-dialog]")) {
  const dialog = asks.querySelector("dialog");
  dialog.open = false;
  asks.addEventListener("toggle", () => { if (asks.open && !dialog.open) dialog.showModal(); });
  dialog.addEventListener("close", () => {
    asks.open = false;
    asks.querySelector("summary").focus();
  });
  const close = dialog.querySelector("[data-close]");
  close.hidden = false;
  close.addEventListener("click", () => dialog.close());
}

// -- the search box -----------------------------------------------------------------------------------
// Suggestions below the box: the ARIA combobox pattern. Where results themselves follow the typing (data-live),
// they are the answer, and the list opens only when Arrow Down asks for it: nothing is announced twice.
const box = document.querySelector("[data-suggest]");
const list = document.getElementById("suggestions");
const SUGGEST_AFTER = 120;
const NOTED_AFTER = 3000;

if (box && list) {
  let timer = 0;
  let asked = null;
  let active = -1;

  const options = () => [...list.children];
  const isOpen = () => !list.hidden;

  const choose = (place) => {
    active = place;
    options().forEach((option, number) => option.setAttribute("aria-selected", String(number === place)));
    const option = options()[place];
    if (option) {
      box.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else box.removeAttribute("aria-activedescendant");
  };

  const close = () => {
    clearTimeout(timer);
    asked?.abort();
    list.hidden = true;
    box.setAttribute("aria-expanded", "false");
    choose(-1);
  };

  const show = (fragment) => {
    const made = new DOMParser().parseFromString(fragment, "text/html").getElementById("suggestions");
    if (!made?.children.length || document.activeElement !== box) return close();
    list.replaceChildren(...made.children);
    list.hidden = false;
    box.setAttribute("aria-expanded", "true");
    choose(-1);
    document.getElementById("announce").textContent = made.dataset.announce;
  };

  const suggest = async (then) => {
    asked?.abort();
    asked = new AbortController();
    const signal = asked.signal;
    try {
      const answer = await fetch(`${box.dataset.suggest}?q=${encodeURIComponent(box.value)}`, { signal });
      if (answer.ok) {
        const fragment = await answer.text();
        if (!signal.aborted) {
          show(fragment);
          then?.();
        }
      }
    } catch (error) {
      if (error.name !== "AbortError") close();  // no connection: the box works as before
    }
  };

  for (const [name, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-haspopup": "listbox", "aria-controls": list.id,
    "aria-expanded": "false",
  })) box.setAttribute(name, value);

  box.addEventListener("input", () => {
    clearTimeout(timer);
    if ("live" in box.dataset || !box.value.trim()) close();
    else timer = setTimeout(suggest, SUGGEST_AFTER);
  });

  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const last = options().length - 1;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const down = event.key === "ArrowDown";
      if (isOpen()) choose(down ? (active < last ? active + 1 : -1) : (active < 0 ? last : active - 1));
      else if (box.value.trim()) suggest(() => { if (isOpen()) choose(down ? 0 : options().length - 1); });
    } else if (event.key === "Enter") {
      const link = isOpen() && options()[active]?.querySelector("a");
      if (link) {
        event.preventDefault();
        link.click();
      }
      close();
    } else if (event.key === "Escape" && isOpen()) {
      event.preventDefault();  // the second Escape empties the box
      close();
    } else if (event.key === "Tab") close();
  });

  box.addEventListener("blur", close);
  list.addEventListener("mousedown", (event) => event.preventDefault());  // the box keeps the focus
  list.addEventListener("click", close);
}

// The librarian learns, without names, what was searched: a query counts when the typing rests, and a result
// when it is opened. Links keep their real addresses.
const shown = () => document.querySelector("[data-noted-text]");
let noted = shown()?.dataset.notedText;
let resting = 0;

const note = (place, text, opened) => {
  const query = new URLSearchParams(opened ? { q: text, opened: 1 } : { q: text });
  fetch(`${place.dataset.noted}?${query}`, { keepalive: true }).catch(() => {});  // a number less does no harm
};

const noteQuery = () => {
  clearTimeout(resting);
  const place = shown();
  const text = place?.dataset.notedText;
  if (!text || text === noted) return;
  noted = text;
  note(place, text, false);
};

document.addEventListener("htmx:after:swap", () => {
  clearTimeout(resting);
  resting = setTimeout(noteQuery, NOTED_AFTER);
});

// Enter, where the results of just this text are shown already: count it, and put a telephone's keyboard away.
box?.form.addEventListener("submit", (event) => {
  if (!("live" in box.dataset) || shown()?.dataset.notedText !== box.value || !box.value) return;
  event.preventDefault();
  rest();
  noteQuery();
  box.blur();
});

for (const kind of ["click", "auxclick"]) {
  document.addEventListener(kind, (event) => {
    const place = event.target.closest("[data-noted-text]");
    if (!place || event.button === 2 || !event.target.closest(".hits a, .empty a")) return;
    noteQuery();
    if (event.target.closest(".hits a")) note(place, place.dataset.notedText, true);
  });
}
