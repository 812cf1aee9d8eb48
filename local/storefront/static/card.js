// Stands in for Stripe.js: the card's number goes from here to the payment provider, never to the shop.
const form = document.getElementById("card");
const problem = document.getElementById("card-error");

for (const button of document.querySelectorAll("[data-card]")) {
  button.addEventListener("click", () => {
    form.number.value = button.dataset.card;
    form.expiry.value ||= "12/34";
    form.cvc.value ||= "123";
    form.number.focus();
  });
}

function tell(text) {
  problem.textContent = text;
  problem.hidden = false;
  problem.scrollIntoView({ block: "center" });
}

function confirmation() {
  const [month, year] = form.expiry.value.split("/").map((part) => part.trim());
  return new URLSearchParams({
    key: form.dataset.key,
    client_secret: form.dataset.secret,
    return_url: location.origin + location.pathname,
    "payment_method_data[type]": "card",
    "payment_method_data[card][number]": form.number.value.replaceAll(" ", ""),
    "payment_method_data[card][exp_month]": month,
    "payment_method_data[card][exp_year]": year,
    "payment_method_data[card][cvc]": form.cvc.value,
  });
}

async function pay() {
  const address = `${form.dataset.stripe}/v1/payment_intents/${form.dataset.intent}/confirm`;
  const answer = await fetch(address, { method: "POST", body: confirmation() });
  const told = await answer.json();
  if (told.status === "requires_action") return location.assign(told.next_action.redirect_to_url.url);
  if (answer.ok) return location.assign(`${location.pathname}?redirect_status=succeeded`);
  const code = told.error?.code;
  tell(code === "card_declined" ? form.dataset.declined : code === "incorrect_number" ? form.dataset.number : form.dataset.failed);
  return undefined;
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("button");
  if (button.ariaBusy === "true") return;
  button.ariaBusy = "true";
  problem.hidden = true;
  await pay().catch(() => tell(form.dataset.failed));
  button.ariaBusy = "false";
});
