// What all markup shares: a tree that is built tag by tag, links that are safe, addresses found in plain text.
// Foreign text only ever becomes a text node; no string is ever parsed as HTML by the browser.

import { h } from "./dom.js";

const WEB = /https?:\/\/[^\s<>"«»]+[^\s<>"«».,:;!?)\]}'…]/giu;
const SAFE = /^(https?|tg|mailto|tel):/iu;

/** The payload of a `t.me/<bot>?start=…` link, or null for any other link. */
export function startPayload(address) {
  let link;
  try { link = new URL(address); } catch { return null; }
  const isBot = ["t.me", "telegram.me"].includes(link.hostname) || (link.protocol === "tg:" && /^\/\/resolve/u.test(address.slice(3)));
  const payload = link.searchParams.get("start");
  return isBot && payload ? payload : null;
}

/** A link, or null where the address is not one that may be followed. */
export function link(address, host) {
  if (!SAFE.test(address)) return null;
  const node = h("a", { href: address, target: "_blank", rel: "noopener noreferrer" });
  if (startPayload(address)) {
    node.addEventListener("click", (event) => {
      event.preventDefault();
      host.start(startPayload(address));
    });
  }
  return node;
}

/** Append plain text, with the addresses in it made into links and, where the messenger does so, commands too. */
export function appendText(parent, text, host, commands = false) {
  const pattern = commands ? new RegExp(`${WEB.source}|(?<![\\w/])/[a-z][a-z0-9_]{0,31}(?![\\w/])`, "giu") : WEB;
  let from = 0;
  for (const found of parent.closest?.("a, code, pre") ? [] : text.matchAll(pattern)) {
    parent.append(text.slice(from, found.index));
    from = found.index + found[0].length;
    const node = found[0].startsWith("/") ? action(() => host.send(found[0])) : link(found[0], host);
    node.append(found[0]);
    parent.append(node);
  }
  parent.append(text.slice(from));
}

/** A word that does something when it is clicked. */
export const action = (does) => h("button", { type: "button", class: "inline-link", onclick: does });

/** A tree under construction: opened elements are closed in the right order, whatever the text says. */
export class Tree {
  constructor(root = document.createDocumentFragment()) {
    this.root = root;
    this.open = [];
  }

  get top() {
    return this.open.at(-1)?.node ?? this.root;
  }

  push(name, node) {
    this.top.append(node);
    this.open.push({ name, node });
  }

  /** Close the innermost element of that name with everything in it; false where none is open. */
  pop(name) {
    const at = this.open.findLastIndex((each) => each.name === name);
    if (at < 0) return false;
    this.open.length = at;
    return true;
  }
}

/** A person's own words: plain, with links. */
export function renderPlain(text, host) {
  const root = document.createDocumentFragment();
  appendText(root, text, host);
  return root;
}
