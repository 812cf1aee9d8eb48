"use strict";
// Scanned codes go one after the other: what is scanned while one is on its way waits its turn, and the
// field is free at once. Without this file each code is sent by the form itself.
(() => {
  const AGAIN = 3000; // milliseconds until a code that got no answer is sent once more
  const waiting = [];
  let sending = false, lost = null; // what got no answer, to be sent as it was: its key stands for just that
  const field = () => document.getElementById("code");
  const sends = (element) => element?.matches?.("#add[hx-post]");

  document.addEventListener("click", (event) => {
    const add = event.target.closest?.("button[value^=add]");
    if (!add?.hasAttribute("hx-post")) return;
    if (add.id !== "add") { field().value = ""; return; }
    const code = event.isTrusted ? field().value.trim() : ""; // our own click finds somebody in the midst of typing
    if (code) { waiting.push(code); field().value = ""; }
    if (sending) { event.preventDefault(); event.stopImmediatePropagation(); return; }
    sending = waiting.length > 0;
  }, true);
  document.addEventListener("htmx:config:request", (event) => {
    const { ctx } = event.detail;
    if (!sends(ctx.sourceElement) || !waiting.length) return;
    if (lost) ctx.request.body = new URLSearchParams(lost.body);
    else ctx.request.body.set("code", waiting[0]);
  });
  const goOn = () => { if (waiting.length && !sending) document.getElementById("add").click(); };
  // The next one carries the key and the version of the page that answered: only after it is in place.
  const next = () => {
    waiting.shift();
    sending = false;
    lost = null;
    if (!document.activeElement?.closest("#draft")) field().focus();
    setTimeout(goOn);
  };
  // Nothing was drawn: no answer, a failure, or another button's answer took the place of this one's.
  document.addEventListener("htmx:finally:request", (event) => {
    const { ctx } = event.detail;
    if (!sends(ctx.sourceElement) || !sending) return;
    sending = false;
    lost ??= { body: new URLSearchParams(ctx.request.body), asked };
    setTimeout(goOn, AGAIN);
  });

  // What is typed while an answer is on its way is not in it: it is put back where it stood.
  const fields = () => [...document.querySelectorAll("#draft :is(input:not([type=hidden]), select, textarea)")];
  const which = (one) => `${one.closest("tr")?.querySelector("[name$='.sku']")?.value ?? ""} ${one.name.replace(/^lines\.\d+/, "")}`;
  const said = (one) => (one.type === "checkbox" ? one.checked : one.value);
  let asked = new Map(), typed = new Map(), at = "";
  const draft = (event) => event.detail.ctx?.target?.id === "draft";

  document.addEventListener("htmx:before:request", (event) => {
    if (draft(event) && sends(event.detail.ctx.sourceElement) && sending && lost) asked = lost.asked;
    else if (draft(event)) asked = new Map(fields().map((one) => [which(one), said(one)]));
  });
  document.addEventListener("htmx:before:swap", (event) => {
    if (!draft(event)) return;
    const since = fields().filter((one) => asked.has(which(one)) && asked.get(which(one)) !== said(one));
    typed = new Map(since.map((one) => [which(one), said(one)]));
    at = document.activeElement?.matches("#draft :is(input, select, textarea)") ? which(document.activeElement) : "";
  });
  const restore = () => {
    for (const one of fields()) {
      if (typed.has(which(one))) {
        one[one.type === "checkbox" ? "checked" : "value"] = typed.get(which(one));
        one.dispatchEvent(new Event("change", { bubbles: true }));
      }
      if (at === which(one)) one.focus();
    }
  };
  document.addEventListener("htmx:after:swap", (event) => {
    const { ctx } = event.detail;
    if (draft(event)) restore();
    if (sends(ctx.sourceElement) && sending) { if (ctx.response.status < 500) next(); }
    else if (draft(event) && document.activeElement === document.body) field().focus();
  });
})();
