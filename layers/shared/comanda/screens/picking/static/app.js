// The page: which of its faces is shown, and what each key of a round does.

import { shout } from "./alarm.js";
import { Desk } from "./desk.js";
import { Errands } from "./errands.js";
import * as feedback from "./feedback.js";
import { menu } from "./menu.js";
import { finishing, howMany, leaving, notFound } from "./questions.js";
import { Round } from "./round.js";
import { Sender } from "./sender.js";
import { verdictIn } from "./told.js";
import { drawTop } from "./top.js";
import { wanted } from "./wave.js";
import { number, say, sayMany } from "./words.js";

const LOOK_EVERY = 10_000; // milliseconds between two looks whether the round has changed

export class App {
  constructor(kept, found, ofOthers) {
    this.content = document.getElementById("content");
    this.said = document.getElementById("said");
    this.connection = navigator.onLine ? "online" : "offline";
    this.desk = new Desk(kept, found, () => this.changed());
    this.sender = new Sender(this.desk, (connection) => this.connected(connection));
    this.telling = Promise.resolve();
    this.errands = new Errands(this, ofOthers);
    setInterval(() => this.errands.look(), LOOK_EVERY);
    document.addEventListener("visibilitychange", () => this.errands.look());
  }

  async begin() {
    if (this.desk.wave) this.showRound();
    this.drawTop();
    if (this.desk.waiting) await this.sender.now();
    if (this.desk.wave) await this.errands.look();
    else await this.errands.start();
  }

  // ------------------------------------------------------------ what is shown

  show(face) {
    this.face?.close?.();
    this.face = face;
    this.content.replaceChildren(face.element);
    this.changed();
    face.focus?.();
  }

  showRound() {
    this.show(new Round({
      scan: (code) => this.scan(code),
      undo: () => this.undo(),
      many: () => this.many(),
      missing: () => this.missing(),
      choose: (stop) => this.choose(stop),
      finish: () => this.finish(),
      understood: () => this.desk.understood(),
    }));
  }

  changed() {
    this.drawTop();
    if (!(this.face instanceof Round) || !this.desk.wave) return;
    this.face.draw(this.desk);
    shout(this.desk.wave.alarms, (alarm) => this.desk.seen(alarm).then(() => this.goOn()));
  }

  drawTop() {
    const { connection, desk } = this;
    drawTop(document.getElementById("top"), { connection, waiting: desk.waiting, openMenu: () => this.menu() });
  }

  connected(connection) {
    const ended = connection === "signed-out" && this.connection !== "signed-out";
    this.connection = connection;
    this.drawTop();
    if (ended) this.errands.signedOut();
  }

  tell(kind, text) {
    feedback[kind]();
    this.said.textContent = "";
    requestAnimationFrame(() => (this.said.textContent = text));
  }

  // ------------------------------------------------------------ the keys of a round

  scan(code) {
    const { face } = this, quantity = face.many;
    const verdict = this.desk.judge(code, quantity);
    if (verdict.outcome === "picked") face.many = 1;
    const written = this.desk.count(verdict, quantity);
    this.telling = this.telling.then(() => this.tellScan(face, verdict, quantity, written));
  }

  // One after the other as they were scanned, each once it is written.
  async tellScan(face, verdict, quantity, written) {
    try {
      await written;
      const words = verdictIn(verdict, quantity);
      face.tell(words);
      this.changed();
      this.tell(words.kind, `${words.title}. ${words.text}`);
    } catch (failure) {
      face.tell({ kind: "bad", title: say("Not counted"), text: say("The phone cannot write it down: %(why)s", { why: failure.message }) });
      feedback.bad();
    }
    this.sender.run();
  }

  async undo() {
    const stop = await this.desk.undo();
    if (!stop) return;
    const text = say("%(name)s: %(n)s of %(of)s", { name: stop.name, n: number(stop.picked), of: number(wanted(stop)) });
    this.face.tell({ kind: "undone", title: say("Taken back"), text });
    this.tell("undone", [say("Taken back"), text].join(". "));
    this.goOn();
  }

  async many() {
    this.face.many = (await howMany(this.desk.stop)) ?? 1;
    this.goOn();
  }

  async missing() {
    const { stop } = this.desk;
    const lacking = await notFound(stop);
    if (lacking && this.desk.wave) {
      await this.desk.short(stop, lacking.quantity, lacking.reason);
      const text = sayMany("%(name)s: %(n)s unit", "%(name)s: %(n)s units", lacking.quantity, stop);
      this.face.tell({ kind: "", title: say("Noted as lacking"), text });
    }
    this.goOn();
  }

  async choose(stop) {
    await this.desk.choose(stop);
    this.face.tell({ kind: "", title: say("Scan the article"), text: stop.name });
    scrollTo({ top: 0 });
    this.goOn();
  }

  async finish() {
    if (await finishing(this.desk.wave)) await this.errands.end("finish");
    this.face.focus?.();
  }

  goOn() {
    this.changed();
    this.face.focus?.();
    this.sender.run();
  }

  async menu() {
    const online = this.connection === "online", inRound = this.face instanceof Round;
    const chosen = await menu({ inRound, waiting: this.desk.waiting, online });
    if (chosen === "leave" && this.desk.wave && (await leaving(this.desk.wave))) await this.errands.end("release");
    if (chosen === "sign-out") this.errands.signOut();
    this.face?.focus?.();
  }
}
