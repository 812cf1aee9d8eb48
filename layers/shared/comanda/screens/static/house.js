"use strict";
// Keyboard, dialogs and the line that says something is being done. Every page works without it.
(() => {
  const typing = (element) => element.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
  const rows = () => [...document.querySelectorAll("table.list tbody tr")];
  // The page itself remembers the row one is at: a part of it drawn anew elsewhere does not forget the row.
  const current = () => document.querySelector("table.list tbody tr.at");
  let goes = 0;

  const move = (step) => {
    const all = rows(), from = current();
    if (!all.length) return;
    const row = all[Math.min(Math.max(all.indexOf(from) + step, 0), all.length - 1)];
    from?.classList.remove("at");
    row.classList.add("at");
    row.querySelector("a")?.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  };
  const does = {
    "/": () => document.querySelector("[type=search]")?.focus(),
    j: () => move(1),
    k: () => move(-1),
    x: () => current()?.querySelector("input[type=checkbox]")?.click(),
    o: () => current()?.querySelector("a")?.click(),
    "?": () => document.getElementById("keys")?.showModal(),
    g: () => { goes = Date.now(); },
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (typing(event.target)) { if (event.key === "Escape") event.target.blur(); return; }
    if (goes && Date.now() - goes < 1500) {
      goes = 0;
      const link = document.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
      if (link) { event.preventDefault(); link.click(); }
      return;
    }
    const own = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (own) { event.preventDefault(); own.click(); return; }
    if (does[event.key]) { event.preventDefault(); does[event.key](); }
  });

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener && !("commandForElement" in opener)) document.getElementById(opener.dataset.opens)?.showModal();
    const copies = event.target.closest("[data-copy]");
    if (copies) navigator.clipboard?.writeText(copies.dataset.copy).then(() => {
      copies.classList.add("copied");
      setTimeout(() => copies.classList.remove("copied"), 1200);
    });
    if (event.target.closest("[data-closes]")) event.target.closest("dialog")?.close();
    for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });

  const busy = (on) => document.querySelector(".busy")?.classList.toggle("on", on);
  // A form is sent once, and waited for; not one whose answer opens beside this page, or closes a dialog.
  document.addEventListener("submit", (event) => {
    const { target: form, submitter } = event, method = form.getAttribute("method");
    if (event.defaultPrevented || method === "dialog" || (submitter?.formTarget || form.target) === "_blank") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    if (method === "post") form.dataset.sent = "1";
    busy(true);
  });
  window.addEventListener("pageshow", () => {
    busy(false);
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });
  document.addEventListener("htmx:before:request", () => busy(true));
  document.addEventListener("htmx:finally:request", () => busy(false));
  // What is asked again by a clock is not drawn anew under somebody's hands: the clock comes round again.
  // Nor is a gateway's failure put in the place of a part of the page: what was typed stays.
  const inHand = "details[open], :is(input, select, textarea):focus, :is(a, button, summary, label):active, form[data-sent]";
  document.addEventListener("htmx:before:swap", (event) => {
    const { sourceElement, target, response, text } = event.detail.ctx;
    const failed = response?.status >= 500 || response?.status === 429;
    if (failed && !(target?.id && text.includes(`id="${target.id}"`))) event.preventDefault();
    if (sourceElement?.getAttribute("hx-trigger")?.startsWith("every ") && target?.querySelector?.(inHand)) event.preventDefault();
  });
  document.querySelector(".notice.bad")?.focus();
  // The browser puts the cursor there when it first draws; a scanner does not wait for that.
  if (document.activeElement === document.body) document.querySelector("[autofocus]")?.focus();

  // Who else has it open: asked while the page is being looked at, and at once when it is again.
  const place = document.querySelector("[data-here]");
  if (place) {
    const ask = () => {
      if (document.hidden) return;
      const headers = { "hx-request": "true", "hx-request-type": "partial", "x-csrf": place.dataset.token };
      fetch(place.dataset.here, { method: "POST", headers }).then((told) => (told.ok ? told.text() : "")).then((text) => {
        const said = new DOMParser().parseFromString(text, "text/html").body.textContent.trim();
        if (place.textContent !== said) place.textContent = said;
      }).catch(() => {});
    };
    ask();
    setInterval(ask, 30000);
    document.addEventListener("visibilitychange", ask);
  }

  // On narrow screens the navigation is one row: show the part of it where one is.
  const here = document.querySelector(".side [aria-current]"), side = document.querySelector(".side");
  if (here && side && side.scrollWidth > side.clientWidth) side.scrollLeft = here.offsetLeft - side.offsetLeft - 8;

  // What scrolls sideways can be scrolled by keyboard too.
  const reachable = () => {
    for (const one of document.querySelectorAll(".scroll, .wide-scroll")) {
      const over = one.scrollWidth > one.clientWidth + 1;
      if (over && !one.hasAttribute("tabindex")) one.tabIndex = 0;
      else if (!over && one.tabIndex === 0) one.removeAttribute("tabindex");
    }
  };
  document.addEventListener("htmx:after:swap", reachable);
  window.addEventListener("resize", reachable);
  reachable();

  // What is selected stays selected over pages, filters and reloads, until something is done with it.
  const kept = (name) => new Set(JSON.parse(sessionStorage.getItem(`selection:${name}`) || "[]"));
  const keep = (name, ids) => sessionStorage.setItem(`selection:${name}`, JSON.stringify([...ids]));
  const boxes = () => [...document.querySelectorAll("input[type=checkbox][form][name=id]")];
  const show = () => {
    const form = document.querySelector("form[data-selection]"), bar = document.querySelector(".bulkbar");
    if (!form || !bar) return;
    const ids = kept(form.dataset.selection), here = boxes();
    for (const box of here) box.checked = ids.has(box.value);
    for (const old of form.querySelectorAll("input[data-elsewhere]")) old.remove();
    const shown = new Set(here.map((box) => box.value));
    for (const id of ids) if (!shown.has(id)) {
      const input = Object.assign(document.createElement("input"), { type: "hidden", name: "id", value: id });
      input.dataset.elsewhere = "";
      form.append(input);
    }
    const count = bar.querySelector("[data-count]"), all = bar.querySelector("[name=all]");
    count.textContent = ids.size === 1 ? count.dataset.one : count.dataset.many.replace("#", ids.size);
    bar.classList.toggle("on", ids.size > 0 || all?.checked);
    const every = document.querySelector("[data-all]");
    if (every) every.checked = here.length > 0 && here.every((box) => box.checked);
  };
  document.addEventListener("change", (event) => {
    const form = document.querySelector("form[data-selection]"), box = event.target;
    if (!form) return;
    const ids = kept(form.dataset.selection);
    if (box.matches("[data-all]")) for (const one of boxes()) box.checked ? ids.add(one.value) : ids.delete(one.value);
    else if (box.matches("input[form][name=id]")) box.checked ? ids.add(box.value) : ids.delete(box.value);
    keep(form.dataset.selection, ids);
    show();
  });
  document.addEventListener("click", (event) => {
    const form = document.querySelector("form[data-selection]");
    if (form && event.target.closest("[data-none]")) { keep(form.dataset.selection, []); show(); }
  });
  if (location.pathname.includes("/jobs/")) for (const key of Object.keys(sessionStorage)) if (key.startsWith("selection:")) sessionStorage.removeItem(key);

  // One more parcel: the last one again, empty, under the next number; the address says how many there are.
  document.addEventListener("click", (event) => {
    const more = event.target.closest("[data-one-more]");
    const last = more && [...document.querySelectorAll("fieldset[data-parcel]")].pop();
    if (!last) return;
    event.preventDefault();
    const from = Number(last.dataset.parcel), copy = last.cloneNode(true);
    copy.dataset.parcel = from + 1;
    copy.querySelector("legend").textContent = last.querySelector("legend").textContent.replace(/\d+/, from + 2);
    for (const one of copy.querySelectorAll("p.error")) one.remove();
    for (const one of copy.querySelectorAll("[name], [id], [for], [aria-describedby]")) {
      for (const name of ["name", "id", "for", "aria-describedby"]) if (one.hasAttribute(name))
        one.setAttribute(name, one.getAttribute(name).replaceAll(`parcels.${from}.`, `parcels.${from + 1}.`));
      if (one.matches("select")) one.selectedIndex = 0;
      else if (one.matches("input:not([type=hidden])")) one.value = one.name.endsWith(".quantity") ? "0" : "";
    }
    last.after(copy);
    const page = more.closest("form").elements._page, next = (text) => text.replace(/parcels=\d+/, `parcels=${from + 2}`);
    page.value = next(page.value);
    history.replaceState(history.state, "", next(location.href));
    more.href = more.href.replace(/parcels=\d+/, `parcels=${from + 3}`);
    copy.querySelector("input:not([type=hidden])")?.focus();
  });

  // After a part of the page was swapped its form says what the address says; not what was chosen since it was
  // asked for, which is sent in a moment.
  let chosen = false;
  document.addEventListener("change", (event) => { if (event.target.form?.matches("[data-mirrors]")) chosen = true; });
  document.addEventListener("htmx:before:request", (event) => {
    if (event.detail.ctx.sourceElement.matches("[data-mirrors]")) chosen = false;
  });
  const mirror = () => {
    const asked = new URLSearchParams(location.search);
    for (const hidden of document.querySelectorAll("[data-query]")) hidden.value = location.search.slice(1);
    if (chosen) return;
    for (const form of document.querySelectorAll("form[data-mirrors]")) for (const field of form.elements) {
      if (!field.name || field === document.activeElement) continue;
      const values = [...asked.getAll(field.name), ...asked.getAll(`not.${field.name}`)].flatMap((value) => value.split(","));
      if (field.type === "checkbox") {
        if (field.name === "negate") field.checked = asked.has(`not.${field.value}`);
        else if (field.name === "columns" && !asked.has("columns")) field.checked = "usual" in field.dataset;
        else field.checked = values.includes(field.value);
      } else if (field.type === "hidden") { field.value = values.join(","); } else field.value = asked.get(field.name) ?? "";
    }
  };
  document.addEventListener("htmx:after:swap", show);
  document.addEventListener("htmx:after:history:update", mirror);
  window.addEventListener("popstate", () => setTimeout(mirror, 50));
  window.addEventListener("pageshow", show);
  show();
})();
