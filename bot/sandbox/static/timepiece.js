// The clock strip: shows the sandbox's instant on the person's wall and moves it forward.

import { $ } from "./dom.js";
import { t } from "./words.js";
import { clockTime, instantOf, longDate, shortDate, tomorrowAt, wall, zoneWords } from "./zones.js";

export class Timepiece {
  /** `move(instant)` asks the sandbox; it resolves when the clock has arrived. */
  constructor(move) {
    this.move = move;
    this.shown = new Date();
    this.readAt = performance.now();
    this.isStanding = true;
    this.person = null;
    for (const button of document.querySelectorAll("[data-move]")) {
      button.addEventListener("click", () => this.go(this.target(button.dataset.move)));
    }
    $("#move-to").addEventListener("submit", (event) => {
      event.preventDefault();
      this.open(false);
      this.go(instantOf($("#moment").value, this.person.zone));
    });
    $("#moment").addEventListener("input", () => { this.edited = true; });
    $("#pick").addEventListener("click", () => this.open(!$("#clock").classList.contains("picking")));
    setInterval(() => this.draw(), 1000);
  }

  /** The sandbox's instant now: it runs with real time until somebody moves it. */
  get now() {
    return this.isStanding ? this.shown : new Date(this.shown.getTime() + performance.now() - this.readAt);
  }

  set(instant, isStanding) {
    this.shown = instant;
    this.readAt = performance.now();
    this.isStanding = isStanding;
    this.draw();
  }

  become(person) {
    this.person = person;
    this.edited = false;
    this.draw();
  }

  target(kind) {
    return kind === "morning" ? tomorrowAt(this.now, this.person.zone, 9) : new Date(this.now.getTime() + Number(kind) * 60000);
  }

  open(isOpen) {
    $("#clock").classList.toggle("picking", isOpen);
    $("#pick").setAttribute("aria-expanded", String(isOpen));
    if (isOpen) $("#moment").focus();
  }

  async go(instant) {
    const controls = document.querySelectorAll("#clock button");
    $("#clock").setAttribute("aria-busy", "true");
    for (const each of controls) each.disabled = true;
    this.edited = false;
    await this.move(instant);
    for (const each of controls) each.disabled = false;
    $("#clock").removeAttribute("aria-busy");
    this.draw();
  }

  draw() {
    if (!this.person) return;
    const put = (selector, text) => {
      if ($(selector).textContent !== text) $(selector).textContent = text;
    };
    put("#time", clockTime(this.now, this.person.zone));
    put("#date", longDate(this.now, this.person.zone));
    put("#day", shortDate(this.now, this.person.zone));
    put("#zone", zoneWords(this.now, this.person.zone));
    put("#standing", t($("#clock").hasAttribute("aria-busy") ? "moving" : this.isStanding ? "standing" : "running"));
    $("#standing").hidden = false;
    $("#standing").classList.toggle("live", !this.isStanding);
    if (!this.edited && document.activeElement !== $("#moment")) $("#moment").value = wall(this.now, this.person.zone);
    for (const each of document.querySelectorAll("[data-zone]")) {
      const text = clockTime(this.now, each.dataset.zone);
      if (each.textContent !== text) each.textContent = text;
    }
  }
}
