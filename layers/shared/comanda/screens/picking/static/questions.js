// The questions of a round: how many at once, what is not there, whether to leave.

import { amount, ask, confirm } from "./sheet.js";
import { button, h } from "./dom.js";
import { left, progress } from "./wave.js";
import { number, say, sayMany } from "./words.js";

// How many units the next scan stands for; null when it was put away.
export function howMany(stop) {
  const most = left(stop);
  return ask(say("How many at once"), (close) => {
    const wanted = amount("many", most, most), wrong = h("p", { class: "error", role: "alert" });
    const take = () => {
      if (wanted.read()) close(wanted.read());
      else wrong.textContent = range(most);
    };
    return [
      h("p", {}, say("%(name)s. Count them, then scan one of them: it stands for all.", stop)),
      h("label", { class: "unseen", for: "many" }, say("Units")), wanted.element, wrong,
      button(say("Scan one for all"), take, { class: "large primary" }),
    ];
  });
}

const range = (most) => say("Type a number from 1 to %(most)s.", { most: number(most) });

const reasons = () => [["missing", say("It is not there")], ["damaged", say("It is damaged")], ["misplaced", say("Something else lies there")]];

const whyLacking = (stop, most) => {
  const place = { name: stop.name, bin: stop.bin };
  if (!stop.bin) return most > 1 ? say("%(name)s. How many are lacking, and why?", place) : say("%(name)s. Why?", place);
  return most > 1 ? say("%(name)s in %(bin)s. How many are lacking, and why?", place) : say("%(name)s in %(bin)s. Why?", place);
};

// Why and how many; answers {quantity, reason} or null.
export function notFound(stop) {
  const most = left(stop);
  return ask(say("Lacking"), (close) => {
    const wanted = amount("lacking", most, most), wrong = h("p", { class: "error", role: "alert" });
    const give = (reason) => () => {
      if (wanted.read()) close({ quantity: wanted.read(), reason });
      else wrong.textContent = range(most);
    };
    return [
      h("p", {}, whyLacking(stop, most)),
      h("label", { class: "unseen", for: "lacking" }, say("Units that are lacking")), most > 1 ? wanted.element : null, wrong,
      ...reasons().map(([code, caption]) => button(caption, give(code), { class: "large" })),
    ].filter(Boolean);
  });
}

export function leaving(wave) {
  const open = wave.stops.filter((stop) => stop.state === "open").length;
  const text = sayMany("%(n)s stop goes back to the list for others. What you have picked stays picked.",
    "%(n)s stops go back to the list for others. What you have picked stays picked.", open);
  return confirm(say("Leave this round"), text, say("Leave the round"), "danger");
}

export function finishing(wave) {
  const { picked, units } = progress(wave);
  return confirm(say("Finish the round"), say("%(n)s of %(of)s units are picked.", { n: number(picked), of: number(units) }), say("Finish"));
}
