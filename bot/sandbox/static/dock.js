// "What happened": the hours derived for the person, the requests, the bot's calls, and faults to order.

import { $, h } from "./dom.js";
import { hasWord, t } from "./words.js";
import { clockTime, dayOf, dayWords, duration } from "./zones.js";

const FAULTS = {
  down: { seconds: 10 }, slow: { seconds: 15 }, rate_limit: { count: 1 }, error_500: { count: 1 }, html_500: { count: 1 },
  reset_after_write: { count: 1 }, expired_token: { count: 1 }, duplicate_events: { count: 1 }, reorder_events: { count: 1 },
  blocked_by_person: { seconds: 60 },
};
const ONLY = { expired_token: ["bitrix24"], blocked_by_person: ["telegram"] };
const KEPT_CALLS = 40;

const word = (key) => (hasWord(key) ? t(key) : key);

export class Dock {
  /** `acts`: fault(order), liftFaults(), nameOf(key). */
  constructor(acts) {
    this.acts = acts;
    this.channel = "telegram";
    this.root = $("#dock");
    this.body = $("#dock-body");
    $("#dock-bar").addEventListener("click", () => this.toggle());
    $("#polls").addEventListener("change", () => acts.toggled());
    this.opened = new Set();
  }

  get isOpen() {
    return !this.body.hidden;
  }

  /** Whether the calls that only ask for news are listed too; there is one each second. */
  get wantsPolls() {
    return $("#polls").checked;
  }

  toggle() {
    this.body.hidden = this.isOpen;
    $("#dock-bar").setAttribute("aria-expanded", String(this.isOpen));
    this.root.classList.toggle("open", this.isOpen);
    this.acts.toggled();
  }

  /** Show everything anew; `calls` are the last ones, oldest first. */
  show({ person, now, sessions, requests, calls }) {
    const today = dayOf(now, person.zone);
    const shown = sessions.filter((each) => each.work_date === today || !each.end);
    this.showBar(person, shown, calls);
    if (!this.isOpen) return;
    $("#hours").replaceChildren(...(shown.length ? shown.map((each) => this.session(each, person, now)) : [h("p", { class: "quiet" }, t("noHours"))]));
    $("#requests").replaceChildren(...(requests.length ? requests.slice(-8).reverse().map((each) => this.request(each)) : [h("p", { class: "quiet" }, t("noRequests"))]));
    this.showCalls(calls, person);
    this.showFaults(person);
  }

  showBar(person, sessions, calls) {
    const worked = sessions.reduce((sum, each) => sum + each.worked_seconds, 0);
    const paused = sessions.reduce((sum, each) => sum + each.break_seconds, 0);
    $("#dock-today").textContent = sessions.length
      ? `${t("workedToday")} ${duration(worked)}${paused ? ` · ${t("onBreak")} ${duration(paused)}` : ""}` : t("noHours");
    const last = calls.at(-1);
    $("#dock-last").textContent = last ? `${t(last.channel)} · ${last.method} · ${last.status}` : "";
  }

  session(each, person, now) {
    const time = (text) => clockTime(new Date(text), person.zone);
    const end = each.end ? time(each.end) : t("now");
    const from = new Date(each.start).getTime();
    const length = Math.max(1, (each.end ? new Date(each.end) : now).getTime() - from);
    const bar = h("div", { class: "bar", "aria-hidden": "true" });
    for (const [start, stop] of each.breaks) {
      const cut = h("i");
      const at = (new Date(start).getTime() - from) / length;
      cut.style.left = `${at * 100}%`;
      cut.style.width = `${Math.max(1, ((stop ? new Date(stop) : now).getTime() - from) / length * 100 - at * 100)}%`;
      bar.append(cut);
    }
    const breaks = each.breaks.map(([start, stop]) => `${time(start)}–${stop ? time(stop) : t("now")}`).join(", ");
    return h("div", { class: "session" },
      h("div", { class: "session-head" }, h("b", {}, `${time(each.start)} – ${end}`),
        h("span", { class: `state state-${each.status}` }, word(each.status))),
      bar,
      h("div", { class: "quiet" }, `${t("worked")} ${duration(each.worked_seconds)}`, breaks ? ` · ${t("breaks")} ${breaks}` : "",
        each.work_date === dayOf(now, person.zone) ? "" : ` · ${dayWords(new Date(each.start), person.zone, now)}`));
  }

  request(each) {
    const name = (key) => this.acts.nameOf(key);
    const who = each.decided_by ? `${t("decidedBy")} ${name(each.decided_by)}` : each.holders.length ? `${t("waitsFor")} ${each.holders.map(name).join(", ")}` : "";
    return h("div", { class: "session" },
      h("div", { class: "session-head" }, h("b", {}, name(each.requester)), h("span", { class: `state state-${each.state}` }, word(each.state))),
      h("div", { class: "quiet" }, [word(each.kind), who].filter(Boolean).join(" · ")));
  }

  showCalls(calls, person) {
    const rows = calls.slice(-KEPT_CALLS).reverse().map((each, index) => {
      const key = `${each.at} ${each.method} ${calls.length - index}`;
      const row = h("details", { class: "call", open: this.opened.has(key) },
        h("summary", {}, h("time", {}, clockTime(new Date(each.at), person.zone)),
          h("span", { class: `tag tag-${each.channel}` }, t(each.channel)), h("code", {}, each.method),
          h("span", { class: each.status < 400 ? "ok" : "bad" }, String(each.status))),
        h("pre", {}, JSON.stringify(each.params, null, 2)));
      row.addEventListener("toggle", () => (row.open ? this.opened.add(key) : this.opened.delete(key)));
      return row;
    });
    const top = $("#calls").scrollTop;
    $("#calls").replaceChildren(...(rows.length ? rows : [h("p", { class: "quiet" }, t("noCalls"))]));
    $("#calls").scrollTop = top;
  }

  showFaults(person) {
    const signature = `${t("faultsText")} ${this.channel} ${person.key}`;
    if (this.drawnFaults === signature) return;
    this.drawnFaults = signature;
    const choose = (channel) => h("button", { type: "button", "aria-pressed": String(this.channel === channel),
      onclick: () => { this.channel = channel; this.showFaults(person); } }, t(channel));
    const order = (fault) => h("button", { type: "button", class: "soft", data: { fault },
      onclick: () => this.acts.fault({ channel: this.channel, fault, ...FAULTS[fault], ...(fault === "blocked_by_person" ? { person: person.key } : {}) }) }, t(fault));
    const names = Object.keys(FAULTS).filter((fault) => !ONLY[fault] || ONLY[fault].includes(this.channel));
    $("#faults").replaceChildren(
      h("p", { class: "quiet" }, t("faultsText")),
      h("div", { class: "segment", role: "group" }, choose("bitrix24"), choose("telegram")),
      h("div", { class: "fault-keys" }, names.map(order)),
      h("button", { type: "button", class: "lift", onclick: () => this.acts.liftFaults() }, t("lift")));
  }
}

export { KEPT_CALLS };
