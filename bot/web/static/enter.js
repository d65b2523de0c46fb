"use strict";

// The token of a one-time link stands behind a "#": it leaves the address before anything else happens.
(() => {
  const token = location.hash.slice(1);
  const form = document.getElementById("enter");
  if (!token || !form) return;
  history.replaceState(null, "", location.pathname + location.search);
  form.elements.secret.value = token;
  form.submit();
})();
