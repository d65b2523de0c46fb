"use strict";

// What comes by itself: a part of a page that is another by now takes the place of the one before, unless somebody types in it.
(() => {
  const one = (selector) => document.querySelector(selector);

  // A part in which somebody types is not replaced by what comes by itself.
  const changed = (field) => field.options
    ? field.selectedIndex !== Math.max([...field.options].findIndex((each) => each.defaultSelected), 0)
    : field.checked !== field.defaultChecked || field.value !== field.defaultValue;
  const busy = (part) => [...part.querySelectorAll("textarea, select, input:not([type=hidden])")]
    .some((each) => each === document.activeElement || changed(each));
  document.addEventListener("htmx:before:request", (event) => {
    const part = event.detail?.ctx?.sourceElement;
    if (part?.hasAttribute?.("hx-trigger") && busy(part)) event.preventDefault();
  });

  // Settings that somebody else changed: they are read once, and each part that is another now is replaced by itself.
  const live = () => one("[data-live]");
  let due = 0;
  const refresh = () => {
    clearTimeout(due);
    const read = () => live() && htmx.ajax("GET", location.pathname + location.search, { source: live(), swap: "none" });
    due = setTimeout(read, 200);
  };
  const bare = (part) => part.outerHTML.replace(/ (data-htmx-powered|data-stale|open)="[^"]*"/g, "");
  document.addEventListener("htmx:after:request", (event) => {
    const { sourceElement, response, text } = event.detail.ctx;
    if (!sourceElement.dataset?.live) return;
    event.preventDefault();
    const parts = new DOMParser().parseFromString(response.status === 200 ? text : "", "text/html");
    for (const part of sourceElement.querySelectorAll("[data-part]")) {
      const now = parts.querySelector(`[data-part="${CSS.escape(part.dataset.part)}"]`);
      if (!now || bare(now) === bare(part)) continue;
      if (busy(part)) { part.dataset.stale = "yes"; continue; }
      const folds = [...part.querySelectorAll("details")].map((each) => each.open);
      now.querySelectorAll("details").forEach((each, at) => { each.open ||= Boolean(folds[at]); });
      part.replaceWith(now);
      htmx.process(now);
    }
  });
  document.addEventListener("settings", refresh);
  document.addEventListener("focusout", () => { if (one("[data-stale]")) refresh(); });
  document.addEventListener("htmx:sse:after:connection", (event) => {
    if (event.target.dataset.open) refresh(); // it was away for a while
    event.target.dataset.open = "yes";
  });
})();
