// Comfort on top of pages that work without it: adding to the cart in place, no form sent twice, delivery
// prices while an address is typed, and an order's page that follows what happens.
document.documentElement.classList.add("js");

document.querySelector("[data-focus]")?.focus();

let leaving = false;  // for the page that a form asked for
document.addEventListener("submit", (event) => {  // also of forms that the page was given later
  const form = event.target;
  if (form.matches("[data-once]")) {
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
    event.submitter?.setAttribute("aria-busy", "true");
  }
  leaving ||= !event.defaultPrevented;
  return undefined;
});
addEventListener("pageshow", () => {  // come back by the browser's button
  leaving = false;
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
  }
});

for (const form of document.querySelectorAll("form[data-quantity]")) {
  form.querySelector("[name=quantity]").addEventListener("change", () => form.requestSubmit());
}

async function read(address, options) {
  const answer = await fetch(address, options);
  return { ok: answer.ok, page: new DOMParser().parseFromString(await answer.text(), "text/html") };
}

const toast = document.getElementById("added");
let fading;
for (const form of document.querySelectorAll("form[data-add]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = event.submitter;
    if (button.ariaBusy === "true") return;
    button.ariaBusy = "true";
    const { ok, page } = await read("/cart", { method: "POST", body: new URLSearchParams(new FormData(form)) })
      .catch(() => ({ ok: false }));
    button.ariaBusy = "false";
    if (!ok) return form.submit();  // the server's own page says why
    const badge = document.getElementById("in-cart");
    badge.textContent = page.getElementById("in-cart").textContent;
    badge.hidden = false;
    const name = form.closest(".card").querySelector(".name").textContent;
    toast.querySelector("span").textContent = `${toast.dataset.text} ${name}.`;
    toast.hidden = false;
    clearTimeout(fading);
    fading = setTimeout(() => { toast.hidden = true; }, 6000);
  });
}

// What is chosen here now, and where the cursor is; answers how to put it back.
function choices(place) {
  const chosen = new Map([...place.elements].filter((one) => one.type !== "radio" || one.checked).map((one) => [one.name, one.value]));
  const at = place.contains(document.activeElement) ? document.activeElement : null;
  return () => {
    for (const one of place.elements) {
      const value = chosen.get(one.name);
      if (one.type === "radio") one.checked ||= one.value === value;
      else if ([...one.options].some((option) => option.value === value)) one.value = value;
      if (one.name === at?.name && (one.type !== "radio" || one.value === at.value)) one.focus();
    }
  };
}

const ways = document.getElementById("deliveries");
if (ways) {
  const address = document.getElementById("address");
  const typed = (name) => document.getElementById(`shipping_address.${name}`);
  const follow = () => {
    const needed = Boolean(ways.querySelector(":checked")?.hasAttribute("data-address"));
    address.hidden = !needed;
    for (const name of ["line1", "postal_code", "city"]) typed(name).required = needed;
    for (const method of document.querySelectorAll("[data-collected]")) {
      method.closest(".choice").hidden = needed;
      if (needed) method.checked = false;
    }
  };
  let turn = 0;
  const ask = async () => {
    const own = ++turn;
    const asked = new URLSearchParams({ country: typed("country").value, postal_code: typed("postal_code").value });
    asked.set("delivery", ways.querySelector(":checked")?.value ?? "");
    const answer = await fetch(`/checkout/delivery?${asked}`).catch(() => null);
    if (!answer?.ok) return;  // the review says the price in any case
    const text = await answer.text();
    if (own !== turn) return;  // asked again since
    const asWas = choices(ways);
    ways.querySelectorAll(":scope > :not(legend)").forEach((one) => one.remove());
    ways.insertAdjacentHTML("beforeend", text);
    asWas();
    follow();
  };
  ways.addEventListener("change", follow);
  typed("postal_code").addEventListener("change", ask);
  typed("country").addEventListener("change", ask);
  follow();
  if (typed("postal_code").value) ask();
}

const state = document.getElementById("state");
if (state) {
  let left = 60;
  const look = async () => {
    const { ok, page } = await read(location.href).catch(() => ({ ok: false }));
    if (ok && !leaving) {
      const typing = document.getElementById("card") && page.getElementById("card");
      const phase = (there) => there.getElementById("state")?.dataset.phase;
      if (phase(page) !== phase(document) && !typing) return location.replace(location.pathname);
      for (const one of document.querySelectorAll("[data-live]")) {
        const now = page.getElementById(one.id);
        if (now && now.innerHTML !== one.innerHTML && !one.contains(document.activeElement)) one.replaceWith(now);
      }
    }
    if (--left) setTimeout(look, Number(document.getElementById("state").dataset.every));
    return undefined;
  };
  setTimeout(look, Number(state.dataset.every));
}
