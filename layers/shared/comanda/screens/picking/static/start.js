// Before a round: what waits, and what to take: a place, a carrier, or orders scanned one after another.

import { Camera } from "./camera.js";
import { button, h, icon, unseen } from "./dom.js";
import { Scanner } from "./scanner.js";
import { units } from "./top.js";
import { day, say, sayMany } from "./words.js";

const MOST = 20; // orders of a round that are chosen one by one

export class Start {
  // `begin` is given {by, location?, carrier?, numbers?}.
  constructor(work, begin, tell) {
    this.work = work;
    this.begin = begin;
    this.tell = tell;
    this.by = work.locations.length > 1 ? "location" : "order";
    this.numbers = [];
    this.scanner = new Scanner(say("Scan an order"), (code) => this.scanned(code));
    this.tabs = h("div", { class: "tabs-of-three", role: "tablist", "aria-label": say("Take by") });
    this.panel = h("div", { role: "tabpanel" });
    this.lensPlace = h("div");
    this.hand = h("div", { class: "hand" });
    this.told = h("div", { class: "told", hidden: true });
    this.element = h("div", { class: "round start" }, this.headline(), this.tabs, this.lensPlace, this.told, this.panel, this.hand);
    this.draw();
  }

  close() {
    this.scanner.close();
    this.lens?.close();
  }

  focus() {
    if (this.by === "order") this.scanner.focus();
  }

  headline() {
    const free = this.free();
    const all = free.reduce((sum, one) => sum + one.units, 0);
    return h("div", { class: "headline" }, h("h2", {}, sayMany("%(n)s delivery waits", "%(n)s deliveries wait", free.length)), h("p", { class: "soft" }, units(all)));
  }

  free() {
    return this.work.deliveries.filter((one) => !one.held && !one.taken_by);
  }

  draw() {
    const tabs = [["location", say("Place")], ["carrier", say("Carrier")], ["order", say("Orders")]];
    this.tabs.replaceChildren(...tabs.map(([by, caption]) => button(caption, () => this.turn(by), { role: "tab", "aria-selected": String(this.by === by) })));
    this.panel.replaceChildren(...(this.by === "order" ? this.orders() : this.places(this.by)));
    this.drawHand();
  }

  turn(by) {
    this.by = by;
    if (by !== "order") this.lens?.close();
    this.told.hidden = true;
    this.draw();
    this.focus();
  }

  places(by) {
    const list = by === "location" ? this.work.locations : this.work.carriers;
    if (!list.length) return [h("p", { class: "soft lone" }, say("Nothing to choose from here. Take orders one by one."))];
    return [h("ul", { class: "choices" }, list.map((one) => h("li", {}, button([h("b", {}, one.title || say("Anywhere")), h("span", { class: "soft" }, sayMany("%(n)s delivery", "%(n)s deliveries", one.open))],
      () => this.begin({ by, [by]: one.code }), { disabled: one.open === 0 }))))];
  }

  orders() {
    return [h("ul", { class: "choices orders" }, this.work.deliveries.map((one) => h("li", {}, this.order(one))))];
  }

  order(one) {
    const taken = this.numbers.includes(one.number), closed = one.held || one.taken_by;
    const why = one.held ? h("span", { class: "badge amber" }, say("on hold")) : one.taken_by ? h("span", { class: "badge neutral" }, say("%(name)s has it", { name: one.taken_by })) : null;
    const more = [units(one.units), one.promised_at ? say("for %(day)s", { day: day(one.promised_at) }) : "", this.carrier(one.carrier)].filter(Boolean).join(" · ");
    return button([h("b", {}, one.number), h("span", { class: "soft" }, more), why ?? h("span", { class: "mark-box" }, taken ? icon("tick") : null)],
      () => this.toggle(one), { disabled: Boolean(closed), "aria-pressed": String(taken) });
  }

  carrier(code) {
    return this.work.carriers.find((one) => one.code === code)?.title ?? code;
  }

  toggle(one) {
    if (this.numbers.includes(one.number)) this.numbers = this.numbers.filter((number) => number !== one.number);
    else if (this.numbers.length < MOST) this.numbers = [...this.numbers, one.number];
    this.draw();
    this.focus();
  }

  // A number from a slip: of the whole order or of one of its deliveries.
  scanned(code) {
    const wanted = code.trim().toUpperCase();
    const found = this.work.deliveries.filter((one) => one.number === wanted || one.number.split("/")[0] === wanted);
    const free = found.filter((one) => !one.held && !one.taken_by && !this.numbers.includes(one.number));
    if (free.length) {
      this.numbers = [...this.numbers, ...free.map((one) => one.number)].slice(0, MOST);
      this.note("good", wanted, sayMany("%(n)s order chosen", "%(n)s orders chosen", this.numbers.length));
    } else this.note("bad", wanted, this.why(found));
    this.draw();
  }

  why(found) {
    if (!found.length) return say("This order has nothing to pick.");
    if (found.some((one) => this.numbers.includes(one.number))) return say("It is chosen already.");
    const [one] = found;
    return one.held ? say("It is on hold.") : say("%(name)s has it.", { name: one.taken_by });
  }

  note(kind, title, text) {
    this.told.hidden = false;
    this.told.className = `told ${kind}`;
    this.told.replaceChildren(h("b", {}, title), h("span", {}, text));
    this.tell(kind, `${title}. ${text}`);
  }

  drawHand() {
    if (this.by !== "order") return this.hand.replaceChildren();
    const lens = button([icon("camera"), unseen(say("Camera"))], () => this.openCamera(), { class: "square primary" });
    const go = button(sayMany("Begin with %(n)s order", "Begin with %(n)s orders", this.numbers.length), () => this.begin({ by: "order", numbers: this.numbers }), { class: "primary", id: "begin", disabled: !this.numbers.length });
    this.scanner.element.replaceChildren(this.scanner.field, this.scanner.keys, lens);
    return this.hand.replaceChildren(this.scanner.element, h("div", { class: "keys" }, go));
  }

  openCamera() {
    if (this.lens) return this.lens.close();
    this.lens = new Camera((code) => this.scanned(code), () => {
      this.lens = null;
    });
    this.lensPlace.append(this.lens.element);
    return this.lens.open();
  }
}

export function nothing(again) {
  return h("div", { class: "empty" }, h("p", { class: "sign", "aria-hidden": "true" }, icon("tick")), h("h2", {}, say("Nothing to pick")),
    h("p", {}, say("Orders appear here once they are approved and paid as the shop wants it. Look again in a moment.")),
    button(say("Look again"), again, { class: "large primary" }));
}

