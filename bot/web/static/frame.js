"use strict";

// The portal's frame: what it is told goes to the portal's own address alone, which the server has verified.
(() => {
  const { portal, sid, finish } = document.currentScript.dataset;
  if (window.parent === window || !portal || !sid) return;
  const key = () => Math.random().toString(36).slice(2, 10);
  const tell = (...parts) => window.parent.postMessage([...parts, key(), sid].join(":"), portal);
  const fit = () => {
    const height = Math.max(document.documentElement.scrollHeight, 420);
    tell("resizeWindow", JSON.stringify({ width: "100%", height }));
  };
  window.addEventListener("load", () => {
    fit();
    if (finish === "yes") tell("setInstallFinish");
  });
})();
