"use strict";

// What htmx does not do: keys, focus, the clock of what can be taken back, and a session that ended meanwhile.
(() => {
  const typing = (element) => element.closest("input, textarea, select, [contenteditable]");
  const one = (selector) => document.querySelector(selector);

  // A session that ended while somebody typed: nothing is replaced, and the page says what to do.
  document.addEventListener("smena:over", () => { one("#over").hidden = false; });

  // Whoever asks says for whom the page was made: two companies, or two people, may share one browser.
  document.addEventListener("htmx:config:request", (event) => {
    const who = one("#main")?.dataset.who;
    if (who) event.detail.ctx.request.headers["Smena-Who"] = who;
  });

  // After a page was exchanged, whoever listens to it begins at its top; a part that was refreshed moves nobody.
  document.addEventListener("htmx:after:swap", (event) => {
    const target = event.detail?.ctx?.target;
    if (target?.id !== "page") return;
    one("#main")?.focus({ preventScroll: true });
    scrollTo(0, 0);
  });

  // A form that comes back while it is being written stays where it was: what was opened is shown, what is new gets the
  // focus. Only a word from the server is read at the top. (While the form is exchanged the page is short and jumps up.)
  const named = () => [...document.querySelectorAll("#open [name]:not([type=hidden], button)")];
  const opened = () => one("#builder [name=section]")?.value;
  let was = null;
  document.addEventListener("htmx:before:swap", () => {
    const more = [...document.querySelectorAll("#open details[open]")].map((each) => each.querySelector("[name]")?.name);
    was = { y: scrollY, open: opened(), names: new Set(named().map((each) => each.name)), more };
  });
  document.addEventListener("htmx:after:swap", (event) => {
    if (event.detail?.ctx?.target?.id !== "main" || !opened() || one("#main > .notice")) return;
    for (const each of document.querySelectorAll("#open details")) {
      if (was.more.includes(each.querySelector("[name]")?.name)) each.open = true;
    }
    scrollTo(0, was.y);
    if (was.open !== opened()) one("#open")?.scrollIntoView();
    else named().find((each) => !was.names.has(each.name) && each.offsetParent)?.focus();
  });

  // "Take back (24 s)" counts down and goes when it is too late.
  const tick = () => {
    for (const each of document.querySelectorAll("[data-until]")) {
      const left = Math.ceil((Number(each.dataset.until) - (Date.now() - shift)) / 1000);
      const shown = each.querySelector("[data-left]");
      if (shown) shown.textContent = String(Math.max(left, 0));
      if (left <= 0) each.hidden = true;
    }
  };
  // A clock that is wrong, or that of a sandbox: a page's own instant is the server's, as its answer came. Parts have none.
  let shift = 0;
  let known; // nothing yet; null on a page without a clock
  const set = () => {
    const main = one("#main");
    const [opened] = known !== undefined ? [] : performance.getEntriesByType("navigation");
    if (main?.dataset.now && main !== known) shift = (opened ? performance.timeOrigin + opened.responseStart : Date.now()) - main.dataset.now;
    known = main;
    tick();
  };
  set();
  document.addEventListener("htmx:after:swap", set);
  setInterval(tick, 250);

  // Boxes of a batch: the bar below tells how many are ticked.
  const count = () => {
    const bar = one("#batch");
    if (!bar) return;
    const many = document.querySelectorAll("[data-tick]:checked").length;
    bar.hidden = many === 0;
    const shown = bar.querySelector("[data-many]");
    if (shown) shown.textContent = String(many);
  };
  document.addEventListener("change", (event) => { if (event.target.matches("[data-tick]")) count(); });
  addEventListener("pageshow", count);

  // A file that is chosen goes into the field that takes its text.
  document.addEventListener("change", async (event) => {
    const into = event.target.matches("[data-into]") && one(`#${event.target.dataset.into}`);
    if (into && event.target.files[0]) into.value = await event.target.files[0].text();
  });

  // Keys. A row is walked to with j and k; what is done to it is done by the row's own buttons.
  let went = "";
  const rows = () => [...document.querySelectorAll("[data-row]")];
  const walk = (step) => {
    const all = rows();
    const at = all.indexOf(document.activeElement.closest("[data-row]"));
    const next = all[Math.min(Math.max(at + step, 0), all.length - 1)];
    next?.focus();
  };
  const keys = {
    j: () => walk(1),
    k: () => walk(-1),
    x: () => document.activeElement.closest("[data-row]")?.querySelector("[data-tick]")?.click(),
    "/": () => { const to = one("[data-search]"); to?.closest("details")?.setAttribute("open", ""); to?.focus(); },
    "?": () => one("#keys")?.showModal?.(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || one("[data-no-keys]")) return;
    const row = event.target.closest("[data-row]");
    if (event.key === "Enter" && row === event.target) { row.querySelector("a")?.click(); return; }
    if (went === "g") {
      went = "";
      const section = one(`.bar nav [data-key="${CSS.escape(event.key)}"]`);
      if (section) { event.preventDefault(); section.click(); }
      return;
    }
    if (event.key === "g") { went = "g"; setTimeout(() => { went = ""; }, 1500); return; }
    const hot = (row ?? document).querySelector(`[data-hotkey="${CSS.escape(event.key)}"]`);
    if (hot) { event.preventDefault(); hot.click(); return; }
    const known = keys[event.key];
    if (known) { event.preventDefault(); known(); }
  });
})();
