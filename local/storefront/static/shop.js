// Comfort on top of pages that work without it: adding to the cart in place, no form sent twice, delivery
// prices while an address is typed, and an order's page that follows what happens.
document.documentElement.classList.add("js");

document.querySelector("[data-focus]")?.focus();

for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
    event.submitter?.setAttribute("aria-busy", "true");
  });
}
addEventListener("pageshow", () => {  // come back by the browser's button
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
  const ask = async () => {
    const asked = new URLSearchParams({ country: typed("country").value, postal_code: typed("postal_code").value });
    asked.set("delivery", ways.querySelector(":checked")?.value ?? "");
    const answer = await fetch(`/checkout/delivery?${asked}`).catch(() => null);
    if (!answer?.ok) return;  // the review says the price in any case
    ways.querySelectorAll(":scope > :not(legend)").forEach((one) => one.remove());
    ways.insertAdjacentHTML("beforeend", await answer.text());
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
    if (ok) {
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
