// Sending files one by one, with a bar for each, by the button or by dragging them onto the form.
// Without this script the form sends all of them at once, and the page answers in the same words.
"use strict";

const sending = new WeakMap();  // form -> the promise of what is being sent

const line = (form, file) => {
  let list = form.querySelector(".file-sending");
  if (!list) {
    list = document.createElement("ul");
    list.className = "file-sending";
    form.append(list);
  }
  const item = document.createElement("li");
  const name = document.createElement("span");
  name.textContent = file.name;
  item.append(name);
  list.append(item);
  return item;
};

const fail = (item, text) => {
  item.querySelectorAll("progress, button").forEach((each) => each.remove());
  const words = document.createElement("small");
  words.className = "error";
  words.setAttribute("role", "alert");
  words.textContent = text;
  item.append(words);
};

// The answer is the list as the hub makes it; what is still on its way keeps its line.
const show = (form, markup, item) => {
  const made = new DOMParser().parseFromString(markup, "text/html").querySelector("[data-files]");
  const manager = form.closest("[data-files]");
  if (!made || !manager) return false;
  const messages = manager.querySelector(".file-messages");
  messages.append(...made.querySelector(".file-messages").children);
  for (const part of [".editing", ".removed"]) {
    const [now, before] = [made.querySelector(part), manager.querySelector(part)];
    if (before && now) before.replaceWith(now);
    else if (before) before.remove();
    else if (now && part === ".editing") form.before(now);
    else if (now) form.after(now);
  }
  item.remove();
  return true;
};

const send = (form, file) => new Promise((done) => {
  const item = line(form, file);
  if (file.size > Number(form.dataset.most)) {
    fail(item, form.dataset.tooLarge);
    return done();
  }
  const bar = document.createElement("progress");
  const cancel = document.createElement("button");
  const request = new XMLHttpRequest();
  bar.max = 1;
  bar.setAttribute("aria-label", file.name);
  cancel.type = "button";
  cancel.className = "secondary";
  cancel.textContent = form.dataset.cancel;
  cancel.addEventListener("click", () => request.abort());
  item.append(cancel, bar);
  request.upload.addEventListener("progress", (event) => { if (event.lengthComputable) bar.value = event.loaded / event.total; });
  request.upload.addEventListener("load", () => bar.removeAttribute("value"));
  request.addEventListener("load", () => {
    if (![200, 422].includes(request.status) || !show(form, request.responseText, item)) fail(item, form.dataset.failed);
  });
  request.addEventListener("error", () => fail(item, form.dataset.failed));
  request.addEventListener("abort", () => item.remove());
  request.addEventListener("loadend", done);
  const body = new FormData(form);
  body.delete("files");
  body.append("files", file);
  request.open("POST", form.action);
  request.setRequestHeader("HX-Request", "true");
  request.send(body);
});

const sendAll = (form, files) => {
  const before = sending.get(form) ?? Promise.resolve();
  sending.set(form, [...files].reduce((waiting, file) => waiting.then(() => send(form, file)), before));
};

document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-upload]");
  if (!form) return;
  event.preventDefault();
  const input = form.elements.files;
  form.closest("[data-files]").querySelector(".file-messages").replaceChildren();
  form.querySelector(".file-sending")?.replaceChildren();
  sendAll(form, input.files);
  input.value = "";
});

for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    const form = event.target.closest?.("[data-upload]");
    if (!form || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    form.classList.toggle("over", kind === "dragenter" || kind === "dragover");
    if (kind === "drop") sendAll(form, event.dataTransfer.files);
  });
}

document.querySelectorAll("[data-drop-hint]").forEach((hint) => { hint.hidden = false; });
