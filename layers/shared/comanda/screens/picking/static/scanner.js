// The keyboard scanner: a field that takes a code and Enter. Whatever has the focus, a burst of keys lands
// in it; a phone's own keyboard stays away until it is asked for.

import { button, h, icon, unseen } from "./dom.js";
import { say } from "./words.js";

const BURST = 60; // milliseconds between two keys of a scanner; people are slower

export class Scanner {
  constructor(label, taken) {
    this.taken = taken;
    this.field = h("input", {
      id: "code", name: "code", type: "text", inputmode: "none", autocomplete: "off", autocapitalize: "off", autocorrect: "off",
      spellcheck: "false", maxlength: "120", enterkeyhint: "done", placeholder: label, "aria-label": label,
      onkeydown: (event) => this.key(event), onblur: () => this.type(false),
    });
    this.keys = button([icon("keys"), unseen(say("Type the code"))], () => this.type(true), { class: "square" });
    this.element = h("div", { class: "scan" }, this.field, this.keys);
    this.catching = (event) => this.catch(event);
    addEventListener("keydown", this.catching, { capture: true });
  }

  close() {
    removeEventListener("keydown", this.catching, { capture: true });
  }

  focus() {
    this.field.focus({ preventScroll: true });
  }

  // With the phone's keyboard, for a label that cannot be read.
  type(wanted) {
    this.field.inputMode = wanted ? "text" : "none";
    if (!wanted) return;
    this.field.blur();
    this.field.inputMode = "text";
    this.focus();
  }

  key(event) {
    if (event.key !== "Enter" && !(event.key === "Tab" && this.field.value)) return; // some scanners end by Tab
    event.preventDefault();
    const code = this.field.value.trim();
    this.field.value = "";
    if (code) this.taken(code);
  }

  // Keys that fall beside the field, unless somebody types into another one or answers a dialog.
  catch(event) {
    const { target, key } = event;
    const apart = event.ctrlKey || event.metaKey || event.altKey || key.length !== 1 || key === " ";
    if (apart || target === this.field || !this.field.isConnected) return;
    if (document.querySelector("dialog[open]") || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName)) return;
    this.focus();
  }
}

// Whether an Enter follows other keys as fast as only a scanner types: it must press no button.
export function hastyEnters(element) {
  let last = -Infinity;
  element.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.timeStamp - last < BURST) event.preventDefault();
    if (event.key.length === 1) last = event.timeStamp;
  }, { capture: true });
}
