"use strict";
// Scanned codes go one after the other: what is scanned while one is on its way waits its turn, and the
// field is free at once. Without this file each code is sent by the form itself.
(() => {
  const waiting = [];
  let sending = false;
  const field = () => document.getElementById("code");
  const sends = (element) => element?.matches?.("#add[hx-post]");

  document.addEventListener("click", (event) => {
    const add = event.target.closest?.("button[value^=add]");
    if (!add?.hasAttribute("hx-post")) return;
    if (add.id !== "add") { field().value = ""; return; }
    const code = field().value.trim();
    if (code) { waiting.push(code); field().value = ""; }
    if (sending) { event.preventDefault(); event.stopImmediatePropagation(); return; }
    sending = waiting.length > 0;
  }, true);
  document.addEventListener("htmx:config:request", (event) => {
    const { ctx } = event.detail;
    if (sends(ctx.sourceElement) && waiting.length) ctx.request.body.set("code", waiting[0]);
  });
  // The next one carries the key and the version of the page that answered: only after it is in place.
  const next = () => {
    waiting.shift();
    sending = false;
    field().focus();
    if (waiting.length) setTimeout(() => document.getElementById("add").click());
  };
  document.addEventListener("htmx:after:swap", (event) => {
    const { ctx } = event.detail;
    if (sends(ctx.sourceElement) && sending) next();
    else if (ctx.target?.id === "draft" && document.activeElement === document.body) field().focus();
  });
  document.addEventListener("htmx:error", (event) => { if (sends(event.detail.ctx?.sourceElement)) next(); });
})();
