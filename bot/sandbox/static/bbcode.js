// The portal's BBCode as nodes. A tag that the portal does not know, or that is never opened, stays text.

import { h } from "./dom.js";
import { action, appendText, link, Tree } from "./markup.js";
import { clockTime, longDate } from "./zones.js";

const STYLES = { b: "strong", i: "em", u: "u", s: "s" };
const TAG = /\[(\/?)([a-z]+)(?:=([^\]\n]*)|\s[^\]\n]*)?\]/iu;

/** Show BBCode; `host` knows the reader's zone and does what a click asks for. */
export function renderBbcode(text, host) {
  const root = document.createDocumentFragment();
  let quote = null;
  let block = false;
  const flush = () => {
    if (quote) root.append(h("blockquote", {}, inline(quote.join("\n"), host)));
    quote = null;
  };
  const plain = [];
  const flushPlain = () => {
    if (plain.length) root.append(inline(plain.join("\n"), host));
    plain.length = 0;
  };
  for (const row of text.replace(/\[br\]/giu, "\n").split("\n")) {
    if (/^-{6,}\s*$/u.test(row)) {
      flushPlain();
      flush();
      block = !block;
      if (block) quote = [];
    } else if (block) quote.push(row);
    else if (row.startsWith(">>")) {
      flushPlain();
      (quote ??= []).push(row.slice(2).trimStart());
    } else {
      flush();
      plain.push(row);
    }
  }
  flushPlain();
  flush();
  return root;
}

function inline(text, host) {
  const tree = new Tree();
  let rest = text;
  while (rest) {
    const found = TAG.exec(rest);
    if (!found) {
      appendText(tree.top, rest, host);
      break;
    }
    appendText(tree.top, rest.slice(0, found.index), host);
    rest = rest.slice(found.index + found[0].length);
    const [whole, slash, rawName, value = ""] = found;
    const name = rawName.toLowerCase();
    const used = slash ? tree.pop(name) : opened(tree, name, value, rest, host);
    if (used === false) tree.top.append(whole);
    else if (typeof used === "number") rest = rest.slice(used);
  }
  return tree.root;
}

/** Open a tag. Returns false for no tag, or how many characters after it were used up as its raw content. */
function opened(tree, name, value, rest, host) {
  const end = rest.search(new RegExp(`\\[/${name}\\]`, "iu"));
  const inner = end < 0 ? "" : rest.slice(0, end);
  const used = end + name.length + 3;
  if (name === "timestamp") {
    tree.top.append(moment(value, host));
    return true;
  }
  if (end < 0) return false;
  if (STYLES[name]) tree.push(name, h(STYLES[name]));
  else if (name === "size" || name === "color") tree.push(name, styled(name, value));
  else if (name === "user" || name === "chat" || name === "context") tree.push(name, h("span", { class: "mention" }));
  else if (name === "send" || name === "put" || name === "call") tree.push(name, clickable(name, value || inner, host));
  else if (name === "code") {
    tree.top.append(h("code", {}, inner.replace(/^\n|\n$/gu, "")));
    return used;
  } else if (name === "url") {
    const node = link((value || inner).trim(), host);
    if (!node) return false;
    tree.push(name, node);
  } else if (name === "img" || name === "disk") {
    const address = inner.trim();
    const node = link(address, host);
    if (!node) return false;
    node.append(address);
    tree.top.append(node);
    return used;
  } else return false;
  return true;
}

function styled(name, value) {
  const node = h("span");
  if (name === "color" && /^#[0-9a-f]{3,8}$/iu.test(value)) node.style.color = value;
  const size = Number(value);
  if (name === "size" && size >= 8 && size <= 30) node.style.fontSize = `${size}px`;
  return node;
}

function clickable(name, value, host) {
  if (name === "send") return action(() => host.send(value));
  if (name === "put") return action(() => host.put(value));
  return link(`tel:${value}`, host);
}

function moment(value, host) {
  const [seconds, kind = ""] = value.split(/\s+format=/u);
  const instant = new Date(Number(seconds) * 1000);
  if (Number.isNaN(instant.getTime())) return "";
  const time = clockTime(instant, host.zone);
  if (/TIME/u.test(kind) && !/DATE|DAY|MONTH/u.test(kind)) return time;
  return /DATE|DAY|MONTH/u.test(kind) && !/TIME/u.test(kind) ? longDate(instant, host.zone) : `${longDate(instant, host.zone)}, ${time}`;
}
