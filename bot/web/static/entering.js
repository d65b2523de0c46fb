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
    htmx.config.history = true; // a page that is loaded anew would know nothing of it
    await htmx.ajax("GET", next, { target: "#page", select: "#page", swap: "outerHTML" });
    history.replaceState({ htmx: true }, "", next);
    const stream = document.createElement("div");
    stream.id = "stream";
    for (const [name, value] of [["hx-sse:connect", "/live"], ["hx-target", "this"], ["hx-swap", "none"]]) stream.setAttribute(name, value);
    document.body.prepend(stream);
    htmx.process(stream);
  };

  const go = async () => {
    if ((await send("/me/ping", {})).status === 204) { location.replace(next); return; }
    const answer = await send("/enter/exchange", { code });
    if (!answer.ok) throw new Error(String(answer.status));
    await hold((await answer.json()).token);
  };
  go().catch(() => { document.querySelector("#failed")?.removeAttribute("hidden"); });
})();
