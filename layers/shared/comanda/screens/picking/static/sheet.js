// Questions from below the screen, near the thumb. Each answers its choice, or null when it was put away.

import { button, h } from "./dom.js";
import { hastyEnters } from "./scanner.js";
import { say } from "./words.js";

const over = document.getElementById("over");

// Show a form; `fill(close)` answers what is in it. Resolves with what `close` was given.
export function ask(title, fill) {
  return new Promise((resolve) => {
    const heading = h("h2", { id: "sheet-title", tabindex: "-1" }, title);
    const sheet = h("dialog", { class: "sheet", "aria-labelledby": "sheet-title" });
    const close = (value) => {
      sheet.close();
      sheet.remove();
      resolve(value);
    };
    sheet.addEventListener("cancel", (event) => {
      event.preventDefault();
      close(null);
    });
    sheet.addEventListener("click", (event) => event.target === sheet && close(null));
    hastyEnters(sheet);
    sheet.append(heading, ...fill(close), button(say("Back"), () => close(null), { class: "large quiet" }));
    over.append(sheet);
    sheet.showModal();
    (sheet.querySelector("[autofocus]") ?? heading).focus();
  });
}

// A whole number from 1 to `most`, by large keys or the phone's own.
export function amount(name, value, most) {
  const field = h("input", { id: name, type: "text", inputmode: "numeric", pattern: "[0-9]*", autocomplete: "off", value: String(value), maxlength: "6" });
  const set = (n) => (field.value = String(Math.min(Math.max(n, 1), most)));
  const read = () => {
    const n = /^\d{1,6}$/.test(field.value.trim()) ? Number(field.value.trim()) : 0;
    return n >= 1 && n <= most ? n : null;
  };
  const element = h("div", { class: "stepper" },
    button("−", () => set((read() ?? 1) - 1), { "aria-label": say("One less") }), field,
    button("+", () => set((read() ?? 0) + 1), { "aria-label": say("One more") }));
  return { element, field, read };
}

export const confirm = (title, text, caption, kind = "primary") =>
  ask(title, (close) => [h("p", {}, text), button(caption, () => close(true), { class: `large ${kind}` })]);
