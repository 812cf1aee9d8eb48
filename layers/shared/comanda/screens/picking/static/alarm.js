// The alarm: an order of this round is not what it was. It fills the screen and rings until it is touched;
// it stays until somebody says that the goods are back. A scanner's keys cannot answer it.

import { button, h } from "./dom.js";
import { alarm as ring, silence } from "./feedback.js";
import { hastyEnters } from "./scanner.js";
import { number, say } from "./words.js";

const over = document.getElementById("over");
let shown = null;

const TITLES = {
  cancelled: (number) => say("%(number)s is cancelled", { number }),
  held: (number) => say("%(number)s is on hold", { number }),
  changed: (number) => say("%(number)s was changed", { number }),
};

// Show the first alarm that nobody has answered; `seen` is told which one was.
export function shout(alarms, seen) {
  const [alarm] = alarms;
  if (shown?.id === alarm?.alarm_id) return;
  quiet();
  if (!alarm) return;
  const dialog = draw(alarm, () => {
    quiet();
    seen(alarm);
  });
  shown = { id: alarm.alarm_id, dialog };
  over.append(dialog);
  dialog.showModal();
  dialog.querySelector("h2").focus();
  ring();
}

function quiet() {
  if (!shown) return;
  silence();
  shown.dialog.close();
  shown.dialog.remove();
  shown = null;
}

function draw(alarm, seen) {
  const dialog = h("dialog", { class: "alarm", role: "alertdialog", "aria-labelledby": "alarm-title", "aria-describedby": "alarm-text" },
    h("div", { class: "sign", "aria-hidden": "true" }, "!"),
    h("h2", { id: "alarm-title", tabindex: "-1" }, (TITLES[alarm.kind] ?? TITLES.changed)(alarm.number)),
    h("div", { id: "alarm-text" }, ...back(alarm)),
    button(alarm.put_back.length ? say("It is in its place again") : say("Understood"), seen, { class: "large" }));
  dialog.addEventListener("pointerdown", silence); // heard; what is to be done stays on the screen
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  hastyEnters(dialog);
  return dialog;
}

function back({ kind, put_back: list }) {
  if (!list.length) {
    const text = kind === "held" ? say("Leave its articles where they are until it is released.") : say("There is nothing to put back.");
    return [h("p", {}, text)];
  }
  const heading = kind === "held" ? say("Put aside, do not ship:") : say("Put back:");
  const rows = list.map((one) => h("li", {}, h("b", { class: "times" }, `${number(one.quantity)} ×`), h("span", {}, one.name, h("small", {}, one.sku)), h("b", { class: "bin" }, one.bin)));
  return [h("p", {}, heading), h("ul", {}, rows)];
}
