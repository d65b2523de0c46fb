// The person switcher: who you are now, and who has something to read.

import { $, h } from "./dom.js";
import { t } from "./words.js";
import { zoneWords } from "./zones.js";

const COLOURS = ["violet", "teal", "rose", "amber", "green"];
const RANKS = ["admin", "accountant", "lead", "employee"];

const initials = (name) => name.split(/\s+/u).slice(0, 2).map((part) => [...part][0] ?? "").join("").toUpperCase();

/** The role that says most about a person. */
const rank = (person) => RANKS.find((role) => person.roles.includes(role)) ?? person.roles[0] ?? "employee";

export class People {
  constructor(choose) {
    this.root = $("#people");
    this.company = $("#company");
    this.choose = choose;
    this.signature = "";
    this.company.addEventListener("change", () => choose(this.firsts[this.company.value]));
  }

  /** Offer the companies, where there are several; return the people of the one that is looked at. */
  ofCompany(people, chosen, names) {
    this.firsts = {};
    for (const person of people) this.firsts[person.portal] ??= person.key;
    const keys = Object.keys(this.firsts);
    this.company.hidden = keys.length < 2;
    this.company.replaceChildren(...keys.map((key) => h("option", { value: key }, names[key] ?? key)));
    this.company.value = people.find((person) => person.key === chosen)?.portal ?? keys[0];
    return people.filter((person) => person.portal === this.company.value);
  }

  /** Draw the people; `unread` counts by key. Nodes are kept while nothing changed, so that focus stays. */
  show(everybody, chosen, unread, now, names = {}) {
    const signature = JSON.stringify([everybody, everybody.find(({ key }) => key === chosen)?.portal, names, t("admin")]);
    if (signature !== this.signature) {
      const people = this.ofCompany(everybody, chosen, names);
      this.signature = signature;
      const focused = document.activeElement?.dataset?.person;
      this.root.replaceChildren(...people.map((person, index) => this.chip(person, index, now)));
      if (focused) $(`[data-person="${CSS.escape(focused)}"]`, this.root)?.focus();
    }
    for (const node of this.root.children) {
      const isChosen = node.dataset.person === chosen;
      node.setAttribute("aria-pressed", String(isChosen));
      const count = isChosen ? 0 : unread[node.dataset.person] ?? 0;
      $(".unread", node).hidden = !count;
      $(".unread", node).textContent = String(count);
    }
  }

  chip(person, index, now) {
    const [first, ...last] = person.name.split(" ");
    return h("button", { type: "button", class: "person", data: { person: person.key }, onclick: () => this.choose(person.key),
      title: `${person.name} · ${t(rank(person))} · ${zoneWords(now, person.zone)}` },
      h("span", { class: `ava ${COLOURS[index % COLOURS.length]}`, "aria-hidden": "true" }, initials(person.name)),
      h("span", { class: "person-words" }, h("b", {}, h("span", {}, first), h("span", { class: "wide-words" }, ` ${last.join(" ")}`)),
        h("small", {}, h("span", { class: "wide-words" }, `${t(rank(person))} · `), h("span", { class: "local", data: { zone: person.zone } }))),
      h("span", { class: "unread", hidden: true }));
  }
}
