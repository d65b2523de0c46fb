"use strict";

// What Telegram signed stands behind a "#": it leaves the address before anything else happens, and is sent once.
(() => {
  const data = new URLSearchParams(location.hash.slice(1)).get("tgWebAppData");
  const form = document.getElementById("enter");
  if (!data) { document.getElementById("outside").hidden = false; return; }
  history.replaceState(null, "", location.pathname + location.search);
  const inside = window.parent !== window || window.TelegramWebviewProxy || window.external?.notify;
  form.elements.data.value = data;
  form.elements.inside.value = inside ? "yes" : "";
  form.submit();
})();
