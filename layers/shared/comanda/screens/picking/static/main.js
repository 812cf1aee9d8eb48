// Begins here: one window at a time, what this person left on the phone, then the page itself.

import { App } from "./app.js";
import { warm } from "./camera.js";
import { h } from "./dom.js";
import { listen } from "./feedback.js";
import { Kept } from "./kept.js";
import { say } from "./words.js";

const content = document.getElementById("content");
const { who } = document.body.dataset;

function empty(title, text) {
  content.replaceChildren(h("div", { class: "empty" }, h("h2", {}, title), h("p", {}, text)));
}

async function begin() {
  try {
    const kept = await Kept.open(who);
    const app = new App(kept, await kept.load(), await kept.ofOthers());
    await app.begin();
  } catch (failure) {
    console.error(failure);
    empty(say("This phone keeps nothing"), say("Picking writes each scan on the phone before it counts. Leave private browsing, or free some space, and open the page again."));
  }
}

listen();
navigator.storage?.persist?.();
navigator.serviceWorker?.register("/picking/worker.js", { scope: "/picking" }).then(() => navigator.serviceWorker.ready).then(warm);
const elsewhere = setTimeout(() => empty(say("Open in another window"), say("Go on there, or close it: the round moves here by itself.")), 600);
navigator.locks.request(`picking-${who}`, () => {
  clearTimeout(elsewhere);
  begin();
  return new Promise(() => {}); // until the window is closed
});
