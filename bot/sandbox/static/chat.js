// One messenger window: its head, the log that never jumps, quick phrases, the entry row.

import { bubble } from "./bubbles.js";
import { $, h, icon } from "./dom.js";
import { phrases, t } from "./words.js";
import { dayOf, dayWords } from "./zones.js";

const NEAR_END = 60;

export class Chat {
  /** `acts`: send(channel, person, text, files), press(channel, id, text), start(payload), commands(channel). */
  constructor(root, channel, acts) {
    this.root = root;
    this.channel = channel;
    this.acts = acts;
    this.isTelegram = channel === "telegram";
    this.person = null;
    this.drawn = new Map();
    this.messages = [];
    this.sending = [];
    this.drafts = new Map();
    this.waiting = 0;
    this.host = {
      zone: "UTC",
      showsNames: !this.isTelegram,
      keysInside: !this.isTelegram,
      send: (text) => this.say(text),
      put: (text) => this.put(text),
      press: (id, text) => acts.press(channel, id, text),
      open: (url) => this.openApp(url),
      start: (payload) => acts.start(payload),
    };
    this.build();
  }

  build() {
    this.log = h("div", { class: "log", tabindex: "0", role: "log", "aria-live": "polite", "data-t-label": "log" });
    this.sticky = true;
    this.height = 0;
    this.log.addEventListener("scroll", () => {
      // The browser's own scroll anchoring after a change of size is not the reader's wish to stay there.
      if (this.log.clientHeight !== this.height) return;
      this.sticky = this.atEnd();
      if (this.sticky) this.seen();
    });
    new ResizeObserver(() => {
      this.height = this.log.clientHeight;
      if (this.sticky) this.scrollToEnd(false);
    }).observe(this.log);
    this.toEnd = h("button", { type: "button", class: "to-end", hidden: true, "data-t-label": "toEnd", onclick: () => this.scrollToEnd(true) },
      icon("down"), h("span", { class: "count" }));
    this.chips = h("div", { class: "chips", role: "group", "data-t-label": "chips" });
    this.input = h("textarea", { rows: "1", "data-t-placeholder": this.isTelegram ? "placeholderTg" : "placeholder",
      "data-t-label": this.isTelegram ? "placeholderTg" : "placeholder", enterkeyhint: "send" });
    this.input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.form.requestSubmit();
      }
    });
    this.input.addEventListener("input", () => this.grow());
    this.menuList = h("div", { class: "menu-list", hidden: true });
    this.menu = this.isTelegram ? h("button", { type: "button", class: "menu", "data-t-label": "menu", "aria-expanded": "false", onclick: () => this.toggleMenu() },
      icon("menu"), h("span", { "data-t": "menu" })) : null;
    this.app = this.isTelegram ? h("button", { type: "button", class: "menu app", "data-t-label": "openApp", onclick: () => this.openApp() }, icon("out"), h("span", { "data-t": "openApp" })) : null;
    this.files = h("input", { type: "file", multiple: true, hidden: true, onchange: () => this.attach() });
    const clip = h("button", { type: "button", class: "clip", "data-t-label": "attach", onclick: () => this.files.click() }, icon("clip"));
    this.form = h("form", { class: "entry" }, this.menu, this.app, this.files, clip, this.input,
      h("button", { class: "send", "data-t-label": "send" }, icon("send")));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.startButton = h("button", { type: "button", class: "start", hidden: true, "data-t": "start", onclick: () => this.say("/start") });
    this.sub = h("div", { class: "chat-sub" });
    this.root.append(
      h("header", { class: "chat-head" }, h("span", { class: "ava", "aria-hidden": "true" }, "С"),
        h("div", { class: "chat-title" }, h("div", { class: "chat-name" }, h("span", { "data-t": "bot" }),
          this.isTelegram ? null : h("span", { class: "badge", "data-t": "botBadge" })), this.sub),
        h("span", { class: "chat-brand", "data-t": this.channel })),
      h("div", { class: "log-frame" }, this.log, this.toEnd, this.menuList), this.chips, this.form, this.startButton);
    this.root.addEventListener("keydown", (event) => { if (event.key === "Escape") { this.toggleMenu(false); this.closeApp(); } });
    document.addEventListener("click", (event) => this.menu && !this.menu.contains(event.target) && !this.menuList.contains(event.target) && this.toggleMenu(false));
  }

  /** Open the bot's page in the messenger's own frame, as the messenger does: with words that it signed. */
  async openApp(wanted = "") {
    const signed = await this.acts.app();
    if (!signed) return;
    const url = new URL(signed);
    if (wanted) url.search = new URL(wanted).search;
    this.closeApp();
    const close = h("button", { type: "button", class: "mini-close", onclick: () => this.closeApp() }, icon("close"), h("span", { "data-t": "closeApp" }, t("closeApp")));
    const frame = h("iframe", { title: t("product") });
    frame.src = url.href;
    this.mini = h("div", { class: "mini" }, h("div", { class: "mini-head" }, close, h("b", {}, t("product"))), frame);
    this.root.append(this.mini);
    close.focus();
  }

  closeApp() {
    this.mini?.remove();
    this.mini = null;
  }

  /** Show another person's chat; what was typed for the one before is kept. */
  become(person) {
    if (this.person) this.drafts.set(this.person.key, this.input.value);
    const isOther = this.person?.key !== person.key;
    this.person = person;
    this.host.zone = person.zone;
    if (!isOther) return;
    this.closeApp();
    this.input.value = this.drafts.get(person.key) ?? "";
    this.grow();
    this.drawn.clear();
    this.sending = [];
    this.messages = [];
    this.log.replaceChildren();
    this.toggleMenu(false);
    this.fresh = true;
    this.chips.replaceChildren(...phrases(person).map((phrase) =>
      h("button", { type: "button", class: "chip", lang: person.locale, onclick: () => { this.put(phrase); this.form.requestSubmit(); } }, phrase)));
  }

  /** Show the messages as they are now; only what changed is drawn anew, and the reader stays where they read. */
  show(messages, waiting, now) {
    this.messages = messages;
    this.waiting = waiting;
    this.now = now;
    this.draw();
  }

  draw() {
    if (!this.person) return;
    const wasAtEnd = this.fresh || this.sticky;
    const before = this.drawn.size;
    const all = [...this.messages, ...this.sending];
    const kept = new Map();
    let day = "";
    let previous = null;
    let spot = this.log.firstChild;
    const place = (key, signature, make) => {
      const old = this.drawn.get(key);
      const node = old?.signature === signature ? old.node : make();
      if (node === spot) spot = spot.nextSibling;
      else this.log.insertBefore(node, spot);
      kept.set(key, { signature, node });
    };
    const lastBot = all.findLastIndex((each) => each.author === "bot");
    all.forEach((message, index) => {
      const at = new Date(message.at);
      const today = dayOf(at, this.host.zone);
      if (today !== day) {
        const label = dayWords(at, this.host.zone, this.now);
        place(`day-${today}-${index}`, label, () => h("div", { class: "day" }, h("span", {}, label)));
        previous = null;
      }
      day = today;
      const next = all[index + 1];
      const look = {
        tick: message.sending ? "wait" : this.waiting && index > lastBot ? "tick" : "ticks",
        first: previous?.author !== message.author,
        last: next?.author !== message.author || dayOf(new Date(next.at), this.host.zone) !== today,
      };
      if (message.author === "bot") look.tick = "";
      place(message.id, JSON.stringify([message, look, this.host.zone, t("edited")]), () => bubble(message, this.host, look));
      previous = message;
    });
    for (const [key, { node }] of this.drawn) if (kept.get(key)?.node !== node) node.remove();
    this.drawn = kept;
    this.drawEmpty(all.length === 0);
    this.sub.textContent = this.waiting ? t("delivering") : t(this.isTelegram ? "botWord" : "botAbout");
    this.sub.classList.toggle("busy", this.waiting > 0);
    if (wasAtEnd) this.scrollToEnd(false);
    else if (kept.size > before) this.unseen(kept.size - before);
    this.fresh = false;
  }

  drawEmpty(isEmpty) {
    const wantsStart = this.isTelegram && isEmpty;
    this.startButton.hidden = !wantsStart;
    this.form.hidden = this.chips.hidden = wantsStart;
    this.empty?.remove();
    if (!isEmpty) return;
    const kind = this.isTelegram ? "about" : "empty";
    this.empty = h("div", { class: "nothing" }, h("b", {}, t(`${kind}Title`)), h("p", {}, t(`${kind}Text`)));
    this.log.append(this.empty);
  }

  submit() {
    const text = this.input.value;
    if (!text.trim() || !this.person) return;
    this.put("");
    this.say(text);
  }

  /** Send the files that were chosen, with what is typed as their caption. */
  async attach() {
    const chosen = [...this.files.files];
    this.files.value = "";
    if (!chosen.length || !this.person) return;
    const text = this.input.value.trim();
    this.put("");
    await this.say(text, chosen);
  }

  /** Send a text and files: it stands there at once with a clock on it, until the messenger has it. */
  async say(text, files = []) {
    const person = this.person;
    const draft = { id: `sending-${performance.now()}`, author: "person", text, markup: "", at: (this.now ?? new Date()).toISOString(),
      buttons: [], files: files.map(({ name, size }) => ({ name, size })), edited: false, sending: true };
    this.sending.push(draft);
    this.draw();
    this.scrollToEnd(false);
    const isSent = await this.acts.send(this.channel, person, text, files);
    this.sending = this.sending.filter((each) => each !== draft);
    if (this.person.key !== person.key) return;
    if (!isSent && !this.input.value) this.put(text);
    this.draw();
  }

  put(text) {
    this.input.value = text;
    this.grow();
    if (text) this.input.focus({ preventScroll: true });
  }

  grow() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, 140)}px`;
  }

  async toggleMenu(wanted = this.menuList.hidden) {
    if (!this.menu || wanted === !this.menuList.hidden) return;
    if (wanted) {
      const commands = await this.acts.commands(this.channel, this.person);
      this.menuList.replaceChildren(...(commands.length ? commands.map(({ command, description }) =>
        h("button", { type: "button", onclick: () => { this.toggleMenu(false); this.say(`/${command}`); } },
          h("span", {}, description), h("b", {}, `/${command}`))) : [h("p", {}, t("noCommands"))]));
    }
    this.menuList.hidden = !wanted;
    this.menu.setAttribute("aria-expanded", String(wanted));
    if (wanted) $("button", this.menuList)?.focus();
  }

  atEnd() {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < NEAR_END;
  }

  scrollToEnd(smooth) {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.log.scrollTo({ top: this.log.scrollHeight, behavior: smooth && !calm ? "smooth" : "instant" });
    this.sticky = true;
    this.seen();
  }

  unseen(count) {
    const label = $(".count", this.toEnd);
    label.textContent = String(Number(label.textContent || 0) + count);
    this.toEnd.hidden = false;
  }

  seen() {
    $(".count", this.toEnd).textContent = "";
    this.toEnd.hidden = true;
  }
}
