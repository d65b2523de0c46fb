// Telegram's HTML subset as nodes, by a tokenizer of our own; what is no known tag stays text.

import { h } from "./dom.js";
import { appendText, link, Tree } from "./markup.js";

const NAMES = {
  b: "strong", strong: "strong", i: "em", em: "em", u: "u", ins: "u", s: "s", strike: "s", del: "s",
  code: "code", pre: "pre", blockquote: "blockquote",
};
const TAG = /<(\/?)([a-z-]+)((?:\s+[a-z-]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>]+))?)*)\s*>/iu;
const ENTITIES = { lt: "<", gt: ">", amp: "&", quot: '"' };

const decoded = (text) =>
  text.replace(/&(?:(lt|gt|amp|quot)|#(\d{1,7})|#x([0-9a-f]{1,6}));/giu, (whole, name, decimal, hex) => {
    if (name) return ENTITIES[name.toLowerCase()];
    const point = decimal ? Number(decimal) : Number.parseInt(hex, 16);
    return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });

const attribute = (text, name) => {
  const found = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'<>]+))`, "iu").exec(text);
  return found ? decoded(found[1] ?? found[2] ?? found[3]) : "";
};

/** Show Telegram HTML; `host` does what a click asks for. */
export function renderHtml(text, host) {
  const tree = new Tree();
  let rest = text;
  while (rest) {
    const found = TAG.exec(rest);
    appendText(tree.top, decoded(found ? rest.slice(0, found.index) : rest), host, true);
    if (!found) break;
    rest = rest.slice(found.index + found[0].length);
    const [whole, slash, rawName, attributes] = found;
    const name = rawName.toLowerCase();
    const used = slash ? tree.pop(name) : opened(tree, name, attributes, host);
    if (!used) tree.top.append(whole);
    else if (slash && (name === "blockquote" || name === "pre")) rest = rest.replace(/^\n/u, "");
  }
  return tree.root;
}

function opened(tree, name, attributes, host) {
  let node = NAMES[name] ? h(NAMES[name]) : null;
  if (name === "a") node = link(attribute(attributes, "href"), host) ?? h("span");
  if (name === "tg-emoji" || name === "tg-time") node = h("span");
  if (name === "tg-spoiler" || (name === "span" && attribute(attributes, "class") === "tg-spoiler")) {
    node = h("span", { class: "spoiler", tabindex: "0", onclick: (event) => event.currentTarget.classList.add("seen") });
  }
  if (node) tree.push(name, node);
  return node !== null;
}
