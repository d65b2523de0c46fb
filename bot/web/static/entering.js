"use strict";

// A frame has just been opened. If its cookie came back, go on by it; else the page itself holds the session: it gets one
// for the code that it came with, keeps it in a variable, and sends it with everything.
(() => {
  const main = document.querySelector("#main");
  const { who, next } = main.dataset;
  const meta = document.querySelector('meta[name="smena-exchange"]');
  const code = meta.content;
  meta.remove();
  const question = document.querySelector("#continue");
  if (question && window.parent === window) { question.hidden = false; return; }

  const send = (path, fields) =>
    fetch(path, { method: "POST", body: new URLSearchParams(fields), headers: { "Smena-Who": who } });

  const hold = async (token) => {
    document.addEventListener("htmx:config:request", (event) => {
      const { request } = event.detail.ctx;
      if (new URL(request.action, location.href).origin === location.origin) request.headers.Authorization = `Bearer ${token}`;
    });
    // What htmx leaves to the browser, files above all, would come without the session: it is fetched here, and kept as a file.
    const take = async (address, options) => {
      const answer = await fetch(address, { ...options, headers: { Authorization: `Bearer ${token}`, "Smena-Who": who } });
      const told = answer.headers.get("Content-Disposition") ?? "";
      if (told.startsWith("attachment")) {
        const link = document.createElement("a");
        link.href = URL.createObjectURL(await answer.blob());
        link.download = decodeURIComponent(told.split("filename*=UTF-8''")[1] ?? "smena");
        link.click();
        setTimeout(() => URL.revokeObjectURL(link.href), 60000);
        return;
      }
      const page = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#page");
      if (!page) return;
      document.querySelector("#page").replaceWith(page);
      htmx.process(page);
    };
    document.addEventListener("submit", (event) => {
      const form = event.target.closest('[hx-boost="false"]');
      if (!form) return;
      event.preventDefault();
      take(form.getAttribute("action"), { method: "POST", body: new URLSearchParams(new FormData(form, event.submitter)) });
    }, true);
    document.addEventListener("click", (event) => {
      const link = event.target.closest('a[hx-boost="false"][href^="/"]');
      if (!link) return;
      event.preventDefault();
      take(link.getAttribute("href"), {});
    }, true);
    htmx.config.history = true; // a page that is loaded anew would know nothing of it
    const stream = document.createElement("div"); // before the page, whose parts listen to it
    stream.id = "stream";
    for (const [name, value] of [["hx-sse:connect", "/live"], ["hx-target", "this"], ["hx-swap", "none"]]) stream.setAttribute(name, value);
    document.body.prepend(stream);
    htmx.process(stream);
    await htmx.ajax("GET", next, { target: "#page", select: "#page", swap: "outerHTML" });
    history.replaceState({ htmx: true }, "", next);
  };

  const go = async () => {
    if ((await send("/me/ping", {})).status === 204) { location.replace(next); return; }
    const answer = await send("/enter/exchange", { code });
    if (!answer.ok) throw new Error(String(answer.status));
    await hold((await answer.json()).token);
  };
  go().catch(() => { document.querySelector("#failed")?.removeAttribute("hidden"); });
})();
