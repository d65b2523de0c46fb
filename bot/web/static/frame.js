"use strict";

// The portal's frame: what it is told goes to the portal's own address alone, which the server has verified.
(() => {
  const { portal, sid = window.name.split("|")[2], finish, again } = document.currentScript.dataset;
  if (window.parent === window || !portal || !sid) return;
  const key = () => Math.random().toString(36).slice(2, 10);
  const tell = (...parts) => window.parent.postMessage([...parts, key(), sid].join(":"), portal);
  let told = 0;
  const fit = () => {
    const shown = document.querySelector("#page, main")?.getBoundingClientRect();
    const height = Math.max(Math.ceil((shown?.bottom ?? 0) + window.scrollY) + 24, 420);
    if (height !== told) tell("resizeWindow", JSON.stringify({ width: "100%", height }));
    told = height;
  };
  window.addEventListener("load", () => {
    fit();
    if (finish === "yes") tell("setInstallFinish");
    // People are being read: the portal opens the application once more, and whoever waits here need press nothing.
    if (again === "yes") setTimeout(() => tell("reloadWindow"), 4000);
  });
  document.addEventListener("htmx:after:swap", fit);
})();
