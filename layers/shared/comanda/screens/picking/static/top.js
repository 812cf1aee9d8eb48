// The bar above: whether there is a connection, what waits to be sent, sound, and the rest behind a menu.

import { isMuted, mute } from "./feedback.js";
import { button, h, icon, renew, unseen } from "./dom.js";
import { number, say, sayMany } from "./words.js";

export function drawTop(place, { connection, waiting, openMenu }) {
  renew(place,
    h("h1", { class: connection === "online" && !waiting ? "" : "brief" }, say("Picking")),
    state(connection, waiting),
    sound(),
    button([icon("more"), unseen(say("Menu"))], openMenu, { class: "square bare-key", "aria-haspopup": "dialog" }),
  );
}

function state(connection, waiting) {
  const [kind, text] = said(connection, waiting);
  return h("p", { class: `badge ${kind}`, id: "connection", role: "status" }, text);
}

function said(connection, waiting) {
  const toSend = sayMany("%(n)s to send", "%(n)s to send", waiting);
  if (connection === "signed-out") return ["amber", say("signed out")];
  if (connection === "offline") return ["amber", waiting ? [say("offline"), toSend].join(" · ") : say("offline")];
  return waiting ? ["blue", toSend] : ["green", say("online")];
}

function sound() {
  const made = button([], () => {
    mute(!isMuted());
    draw();
  }, { class: "square bare-key" });
  const draw = () => {
    made.replaceChildren(icon(isMuted() ? "mute" : "sound"), unseen(say("Sound")));
    made.setAttribute("aria-pressed", String(!isMuted()));
  };
  draw();
  return made;
}

export const units = (n) => sayMany("%(n)s unit", "%(n)s units", n);
export const outOf = (n, all) => `${number(n)}/${number(all)}`;
