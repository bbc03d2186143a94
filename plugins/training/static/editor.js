// The lesson's text: buttons write the marks of Markdown, and what is pasted from a word processor becomes Markdown.
"use strict";

const field = document.querySelector("[data-paste]");
const toolbar = document.querySelector("[data-toolbar]");

// execCommand keeps the browser's own undo; where it is gone, the text is replaced plainly.
const put = (text) => {
  field.focus();
  if (!document.execCommand("insertText", false, text)) {
    field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
};

const around = (before, after = before) => {
  const { selectionStart: start, selectionEnd: end } = field;
  put(before + field.value.slice(start, end) + after);
  field.setSelectionRange(start + before.length, end + before.length);
};

const lines = (mark) => {
  const start = field.value.lastIndexOf("\n", field.selectionStart - 1) + 1;
  const end = field.selectionEnd;
  const chosen = field.value.slice(start, end).split("\n");
  field.setSelectionRange(start, end);
  put(chosen.map((line, number) => mark(number) + line).join("\n"));
};

const block = (text) => {
  const before = field.value.slice(0, field.selectionStart);
  const gap = !before || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  put(`${gap}${text}\n\n`);
};

const formats = {
  heading: () => lines(() => "## "),
  bold: () => around("**"),
  italic: () => around("*"),
  list: () => lines(() => "- "),
  numbers: () => lines((number) => `${number + 1}. `),
  quote: () => lines(() => "> "),
  link: () => {
    const address = prompt(toolbar.dataset.linkPrompt, "https://");
    if (address) around("[", `](${address.replaceAll(" ", "%20").replaceAll(")", "%29")})`);
  },
};

// -- from HTML of the clipboard to Markdown ----------------------------------------------------------
const escaped = (text) => text.replace(/\s+/g, " ").replace(/([\\`*_[\]])/g, "\\$1");
const isBold = (node) => /^(?:bold|[6-9]00)$/.test(node.style?.fontWeight ?? "");
const isItalic = (node) => node.style?.fontStyle === "italic";
const wrapped = (text, mark) => (text.trim() ? text.replace(/^(\s*)([\s\S]*?)(\s*)$/, `$1${mark}$2${mark}$3`) : text);

const inline = (node) => {
  if (node.nodeType === Node.TEXT_NODE) return escaped(node.nodeValue);
  if (node.nodeType !== Node.ELEMENT_NODE) return "";
  const inside = [...node.childNodes].map(inline).join("");
  const name = node.localName;
  if (name === "br") return "\n";
  if (["style", "script", "meta", "title", "img"].includes(name)) return "";
  if (["b", "strong"].includes(name) ? node.style.fontWeight !== "normal" : isBold(node)) return wrapped(inside, "**");
  if (["i", "em"].includes(name) || isItalic(node)) return wrapped(inside, "*");
  if (name === "a" && /^(?:https?|mailto):/.test(node.href)) return `[${inside.trim()}](${node.href})`;
  return inside;
};

const row = (cells) => `| ${cells.map((cell) => inline(cell).replace(/\s+/g, " ").replaceAll("|", "\\|").trim()).join(" | ")} |`;

const table = (node) => {
  const rows = [...node.querySelectorAll("tr")].map((line) => [...line.children]).filter((cells) => cells.length);
  if (!rows.length) return "";
  const rule = `|${" --- |".repeat(rows[0].length)}`;
  return [row(rows[0]), rule, ...rows.slice(1).map(row)].join("\n");
};

const listed = (node, depth = 0) => [...node.children].filter((item) => item.localName === "li").map((item, number) => {
  const nested = [...item.children].filter((child) => ["ul", "ol"].includes(child.localName));
  const own = [...item.childNodes].filter((child) => !nested.includes(child)).map(inline).join("").trim();
  const mark = node.localName === "ol" ? `${number + 1}.` : "-";
  return [`${"   ".repeat(depth)}${mark} ${own}`, ...nested.map((child) => listed(child, depth + 1))].join("\n");
}).join("\n");

const blocks = (node) => {
  const done = [];
  let loose = "";
  const flush = () => {
    if (loose.trim()) done.push(loose.trim());
    loose = "";
  };
  for (const child of node.childNodes) {
    const name = child.localName ?? "";
    const heading = /^h([1-6])$/.exec(name);
    if (heading) { flush(); done.push(`${"#".repeat(Math.max(2, Number(heading[1])))} ${inline(child).trim()}`); }
    else if (name === "ul" || name === "ol") { flush(); done.push(listed(child)); }
    else if (name === "table") { flush(); done.push(table(child)); }
    else if (name === "blockquote") { flush(); done.push(blocks(child).join("\n\n").replace(/^/gm, "> ")); }
    else if (name === "p" && /^(?:MsoListParagraph)/.test(child.className)) {
      flush();
      const text = inline(child).trim().replace(/^[·•o§]\s*|^(\d+)[.)]\s*/, (_all, number) => (number ? `${number}. ` : "- "));
      done.push(text.startsWith("- ") || /^\d+\. /.test(text) ? text : `- ${text}`);
    }
    else if (["p", "div", "section", "article", "main", "body"].includes(name)) { flush(); done.push(...blocks(child)); }
    else loose += inline(child);
  }
  flush();
  return done.filter(Boolean);
};

const toMarkdown = (html) => {
  const parts = blocks(new DOMParser().parseFromString(html, "text/html").body);
  // the lines of one list of a word processor come as paragraphs of their own
  return parts.reduce((text, part, number) => {
    const together = number && /^(?:- |\d+\. )/.test(part) && /^(?:- |\d+\. )/.test(parts[number - 1]);
    return number ? `${text}${together ? "\n" : "\n\n"}${part}` : part;
  }, "");
};

if (field && toolbar) {
  toolbar.hidden = false;
  toolbar.addEventListener("click", (event) => formats[event.target.closest("[data-format]")?.dataset.format]?.());
  toolbar.querySelector("[data-picture]")?.addEventListener("change", (event) => {
    const option = event.target.selectedOptions[0];
    const name = option.value.replaceAll(" ", "%20").replaceAll("(", "%28").replaceAll(")", "%29");
    const words = option.value.replace(/\.[^.]+$/, "").replace(/([[\]])/g, "\\$1");
    if (option.value) block(`${option.dataset.image ? "!" : ""}[${words}](${name})`);
    event.target.value = "";
  });
  field.addEventListener("paste", (event) => {
    const html = event.clipboardData.getData("text/html");
    if (!html) return;
    const text = toMarkdown(html);
    if (!text) return;
    event.preventDefault();
    put(text);
  });
  field.addEventListener("keydown", (event) => {
    const format = { b: "bold", i: "italic" }[event.key.toLowerCase()];
    if (!format || !(event.ctrlKey || event.metaKey) || event.altKey) return;
    event.preventDefault();
    formats[format]();
  });
}
