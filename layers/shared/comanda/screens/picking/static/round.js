// A round: the stop in hand, large; what the last scan came to; the rest of the way; keys for the thumb.

import { Camera } from "./camera.js";
import { button, h, icon, renew, unseen } from "./dom.js";
import { Scanner } from "./scanner.js";
import { noteIn } from "./told.js";
import { outOf } from "./top.js";
import { isOpen, progress, wanted } from "./wave.js";
import { number, say, sayMany } from "./words.js";

const STATES = {
  open: () => null,
  done: () => ["green", say("complete")],
  short: () => ["amber", say("short")],
  cancelled: () => ["red", say("cancelled")],
  held: () => ["amber", say("on hold")],
};

export class Round {
  // `does`: scan, undo, many, missing, choose, finish, understood.
  constructor(does) {
    this.does = does;
    this.many = 1;
    this.scanner = new Scanner(say("Scan the article"), (code) => does.scan(code));
    this.progress = h("div", { class: "progress" });
    this.now = h("section", { class: "now", "aria-label": say("The stop in hand") });
    this.told = h("div", { class: "told" });
    this.notes = h("div", { class: "notes" });
    this.rest = h("section", { class: "rest" });
    this.keys = h("div", { class: "keys" });
    this.camera = button([icon("camera"), unseen(say("Camera"))], () => this.openCamera(), { class: "square primary", id: "camera" });
    this.scanner.element.append(this.camera);
    this.hand = h("div", { class: "hand" }, this.scanner.element, this.keys);
    this.element = h("div", { class: "round" }, this.progress, this.now, this.told, this.notes, this.rest, this.hand);
  }

  close() {
    this.scanner.close();
    this.lens?.close();
  }

  focus() {
    this.scanner.focus();
  }

  openCamera() {
    if (this.lens) return this.lens.close();
    this.lens = new Camera((code) => this.does.scan(code), () => {
      this.lens = null;
      this.focus();
    });
    this.now.before(this.lens.element);
    return this.lens.open();
  }

  tell({ kind, title, text }) {
    this.told.hidden = false;
    this.told.className = `told ${kind}`;
    this.told.replaceChildren(h("b", {}, title), h("span", {}, text));
  }

  draw(desk) {
    const { wave, stop } = desk;
    if (this.top !== stop?.stop_id) this.turn(stop);
    this.drawProgress(wave);
    renew(this.now, ...(stop ? this.stopIn(stop) : this.end(wave)));
    this.now.classList.toggle("ended", !stop);
    this.drawNotes(desk.person.notes);
    this.drawRest(wave, stop);
    this.drawKeys(desk, stop);
  }

  // Another stop is on top: what was typed for the one before is not meant for it.
  turn(stop) {
    const stale = this.top === undefined || this.told.hidden || this.told.classList.contains("bad");
    this.top = stop?.stop_id ?? null;
    this.many = 1;
    if (!stop) this.told.hidden = true;
    else if (stale) this.tell({ kind: "", title: say("Scan the article"), text: stop.name });
  }

  drawProgress(wave) {
    const { units, picked, stops, closed } = progress(wave);
    renew(this.progress,
      h("progress", { max: Math.max(units, 1), value: picked, "aria-label": say("Picked so far") }),
      h("p", {}, h("span", {}, sayMany("%(picked)s of %(n)s unit", "%(picked)s of %(n)s units", units, { picked: number(picked) })),
        h("span", {}, sayMany("%(closed)s of %(n)s stop", "%(closed)s of %(n)s stops", stops, { closed: number(closed) }))));
  }

  stopIn(stop) {
    return [
      h("p", { class: "where" }, unseen(say("Bin")), h("b", { class: stop.bin ? "" : "none" }, stop.bin || say("no bin"))),
      h("p", { class: "figure" }, h("b", {}, number(stop.picked)), h("span", {}, `/${number(wanted(stop))}`)),
      h("h2", { class: stop.name.length > 44 ? "long" : "" }, stop.name),
      h("p", { class: "which" }, h("code", {}, stop.sku), h("span", {}, stop.number)),
      this.many > 1 ? h("p", { class: "for-all" }, say("The next scan counts %(n)s", { n: number(this.many) })) : null,
    ].filter(Boolean);
  }

  end(wave) {
    const { picked } = progress(wave);
    return [h("p", { class: "sign", "aria-hidden": "true" }, icon("tick")), h("h2", {}, say("Everything is picked")),
      h("p", { class: "soft" }, sayMany("%(n)s unit. Take it to the packing table and finish the round.", "%(n)s units. Take them to the packing table and finish the round.", picked))];
  }

  drawNotes(notes) {
    renew(this.notes, ...(notes.length ? [h("div", { class: "notice warn", role: "status" }, h("h2", {}, say("The list has changed")),
      h("ul", {}, notes.map((note) => h("li", {}, noteIn(note)))), button(say("Understood"), this.does.understood))] : []));
  }

  drawRest(wave, stop) {
    const others = wave.stops.filter((one) => one !== stop && one.stop_id !== stop?.stop_id);
    const rows = [...others.filter(isOpen), ...others.filter((one) => !isOpen(one))].map((one) => this.row(one));
    const open = others.filter(isOpen).length;
    renew(this.rest, ...(rows.length ? [h("h2", {}, open ? sayMany("Then %(n)s more stop", "Then %(n)s more stops", open) : say("Behind you")), h("ul", {}, rows)] : []));
  }

  row(stop) {
    const state = STATES[stop.state]();
    const inside = [h("b", { class: "bin" }, stop.bin || "–"), h("span", { class: "what" }, h("span", { class: "name" }, stop.name), h("small", {}, `${stop.sku} · ${stop.number}`),
      state ? h("span", { class: `badge ${state[0]}` }, state[1]) : null), h("span", { class: "figure" }, outOf(stop.picked, wanted(stop)))];
    if (!isOpen(stop)) return h("li", { class: "closed" }, h("div", {}, inside));
    return h("li", {}, button(inside, () => this.does.choose(stop), { "data-stop": stop.stop_id }));
  }

  drawKeys(desk, stop) {
    const key = (name, caption, act, able) => button([icon(name), caption], act, { disabled: !able });
    const keys = [key("undo", say("Undo"), this.does.undo, desk.last)];
    if (stop) keys.push(key("many", say("Several"), this.does.many, stop), key("missing", say("Lacking"), this.does.missing, stop));
    else keys.push(button(say("Finish the round"), this.does.finish, { class: "primary", id: "finish" }));
    renew(this.keys, ...keys);
  }
}
