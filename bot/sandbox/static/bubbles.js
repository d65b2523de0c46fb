// One message as a bubble: text, files, keyboard, time and ticks, in the manner of its messenger.

import { renderBbcode } from "./bbcode.js";
import { h, icon } from "./dom.js";
import { renderHtml } from "./html.js";
import { link, renderPlain } from "./markup.js";
import { currentLanguage, t } from "./words.js";
import { clockTime } from "./zones.js";

const WIDEST = 420;
const TALLEST = 480;

/** Whether a picture of that address may be shown: only from this machine. */
function isNear(address) {
  try {
    return ["127.0.0.1", "localhost", location.hostname].includes(new URL(address, location.href).hostname);
  } catch { return false; }
}

function size(bytes) {
  const number = new Intl.NumberFormat(currentLanguage(), { maximumFractionDigits: 1 });
  if (bytes < 1024) return `${bytes} ${t("b")}`;
  return bytes < 1 << 20 ? `${number.format(bytes / 1024)} ${t("kb")}` : `${number.format(bytes / (1 << 20))} ${t("mb")}`;
}

function fileRow(file) {
  if (file.url && file.width && isNear(file.url)) {
    // Its size is known beforehand, so that the log does not jump when it comes.
    const scale = Math.min(1, WIDEST / file.width, TALLEST / file.height);
    const [width, height] = [file.width, file.height].map((side) => String(Math.max(1, Math.round(side * scale))));
    return h("a", { class: "picture", href: file.url, target: "_blank", rel: "noopener noreferrer" },
      h("img", { src: file.url, alt: `${t("photo")}: ${file.name}`, width, height }));
  }
  const inside = [h("span", { class: "file-icon" }, icon("file")),
    h("span", { class: "file-words" }, h("b", {}, file.name), h("small", {}, size(file.size)))];
  return file.url && isNear(file.url)
    ? h("a", { class: "file", href: file.url, target: "_blank", rel: "noopener noreferrer", download: file.name }, inside)
    : h("div", { class: "file" }, inside);
}

function button(message, each, host) {
  const look = `key ${/^(primary|secondary|alert|base|success|danger)$/u.test(each.style) ? `key-${each.style}` : ""}`;
  if (each.kind === "link") {
    const node = link(each.url, host) ?? h("span");
    node.className = `${look} key-link`;
    node.append(each.text, icon("out", "icon key-out"));
    return node;
  }
  const node = h("button", { type: "button", class: look, disabled: each.disabled }, each.text);
  node.addEventListener("click", async () => {
    node.classList.add("busy");
    node.setAttribute("aria-busy", "true");
    await (each.kind === "app" ? host.open(each.url) : host.press(message.id, each.text));
    node.classList.remove("busy");
    node.removeAttribute("aria-busy");
  });
  return node;
}

function keyboard(message, host) {
  const rows = new Map();
  for (const each of message.buttons) rows.set(each.row, [...(rows.get(each.row) ?? []), each]);
  return h("div", { class: "keys" },
    [...rows].sort(([a], [b]) => a - b).map(([, row]) => h("div", { class: "key-row" }, row.map((each) => button(message, each, host)))));
}

/** Draw a message. `tick` is "wait", "tick" or "ticks" for the person's own ones. */
export function bubble(message, host, { tick, first, last }) {
  const own = message.author === "person";
  const text = own ? renderPlain(message.text, host)
    : (message.markup === "bbcode" ? renderBbcode : renderHtml)(message.text, host);
  const at = new Date(message.at);
  const meta = h("span", { class: "meta" },
    message.edited ? h("span", { class: "edited" }, t("edited")) : null,
    h("time", { datetime: message.at }, clockTime(at, host.zone)),
    own ? icon(tick, `tick ${tick}`) : null);
  const keys = message.buttons.length ? keyboard(message, host) : null;
  const inside = h("div", { class: "bubble" },
    host.showsNames && !own && first ? h("div", { class: "by" }, t("bot")) : null,
    message.files.length ? h("div", { class: "files" }, message.files.map(fileRow)) : null,
    message.text ? h("div", { class: "text", dir: "auto" }, text) : null,
    meta,
    host.keysInside ? keys : null);
  return h("article", { class: `msg ${own ? "own" : "bot"} ${first ? "first" : ""} ${last ? "last" : ""} ${keys ? "has-keys" : ""}`, data: { id: message.id } },
    host.showsNames && !own ? h("span", { class: "ava small", "aria-hidden": "true" }, last ? "С" : "") : null,
    h("div", { class: "stack" }, inside, host.keysInside ? null : keys));
}
