// What cannot wait for later: what there is to pick, beginning a round, ending it, looking whether it changed.

import { button, h } from "./dom.js";
import { bad } from "./feedback.js";
import { Round } from "./round.js";
import { roundIn } from "./sender.js";
import { SignedOut, ask } from "./server.js";
import { Start, nothing } from "./start.js";
import { say, sayMany } from "./words.js";

export class Errands {
  constructor(app, ofOthers) {
    this.app = app;
    this.ofOthers = ofOthers;
    this.busy = false; // a round is being begun or ended
  }

  get desk() {
    return this.app.desk;
  }

  // ------------------------------------------------------------ beginning

  async start() {
    const work = await this.asked("GET", "/work");
    if (!work) return;
    if (work.wave) return this.enter(await this.asked("GET", `/waves/${encodeURIComponent(work.wave)}`));
    const face = work.deliveries.length
      ? new Start(work, (wanted) => this.take(wanted), (kind, text) => this.app.tell(kind, text))
      : { element: nothing(() => this.start()) };
    this.app.show(face);
    if (this.ofOthers) face.element.prepend(this.others());
  }

  others() {
    return h("p", { class: "notice info" }, sayMany("%(n)s entry of somebody else waits on this phone until they sign in again.",
      "%(n)s entries of somebody else wait on this phone until they sign in again.", this.ofOthers));
  }

  // One at a time: who taps twice begins, or ends, once.
  async alone(errand) {
    if (this.busy) return null;
    this.busy = true;
    try {
      return await errand();
    } finally {
      this.busy = false;
    }
  }

  take(wanted) {
    return this.alone(() => this.begin(wanted));
  }

  // The same wish has the same id, so that a lost answer does not take a second round.
  async begin(wanted) {
    const before = this.desk.person.wanted;
    const same = before && JSON.stringify(before.wanted) === JSON.stringify(wanted);
    const wave_id = same ? before.wave_id : crypto.randomUUID();
    await this.desk.want({ wave_id, wanted });
    const answer = await this.asked("POST", "/waves", { wave_id, ...wanted });
    if (answer) return this.enter(roundIn(answer));
    return this.refused && this.desk.want(null);
  }

  async enter(wave) {
    if (!wave) return;
    if (wave.state !== "open") return this.ended();
    await this.desk.begin(wave);
    this.app.showRound();
  }

  // ------------------------------------------------------------ ending

  end(how) {
    return this.alone(() => this.close(how));
  }

  // `how` is "finish" or "release". Nothing may wait on the phone then: it would find no round to count in.
  async close(how) {
    const { wave } = this.desk.person;
    if (!wave) return; // it ended elsewhere while this was asked
    await this.app.sender.now();
    if (this.desk.waiting) return this.trouble(say("First everything has to be sent. That needs a connection."));
    if (await this.asked("POST", `/waves/${wave.wave_id}/${how}`, {})) await this.ended();
  }

  async ended() {
    await this.desk.begin(null);
    await this.start();
  }

  signOut() {
    const token = h("input", { type: "hidden", name: "_csrf", value: document.body.dataset.csrf });
    const form = h("form", { method: "post", action: "/back-office/sign-out" }, token);
    document.body.append(form);
    form.submit();
  }

  // ------------------------------------------------------------ looking

  // Never while something waits: what the server has counted of it would stand on the screen twice. And
  // an answer to what was asked before the newest scan, or before the round's end, is out of date.
  async look() {
    const { desk, app } = this, { turn } = desk;
    if (document.hidden || !desk.person.wave || desk.waiting || this.busy || app.connection === "signed-out") return;
    const late = () => this.busy || desk.turn !== turn;
    try {
      const wave = await ask("GET", `/waves/${desk.person.wave.wave_id}`);
      if (late()) return;
      app.connected("online");
      if (wave.state === "open" || wave.alarms.some((alarm) => !alarm.seen)) await desk.settle(wave);
      else await this.ended();
    } catch (failure) {
      if (late()) return;
      if (failure instanceof SignedOut) app.connected("signed-out");
      else if (failure.status === 404) await this.ended();
      else if (!failure.status) app.connected("offline");
    }
  }

  // ------------------------------------------------------------ asking the server

  // Its answer, or null when there is none, which is said.
  async asked(method, path, body) {
    this.refused = false;
    try {
      const answer = await ask(method, path, body);
      this.app.connected("online");
      return answer;
    } catch (failure) {
      this.failed(failure);
      return null;
    }
  }

  failed(failure) {
    if (failure instanceof SignedOut) return this.app.connected("signed-out");
    this.refused = Boolean(failure.status);
    if (!this.refused) this.app.connected("offline");
    return this.trouble(this.refused ? failure.message : say("This needs a connection. Try again where there is one."));
  }

  trouble(text) {
    bad();
    const again = () => (this.app.face instanceof Round ? notice.remove() : this.start());
    const caption = this.app.face instanceof Round ? say("Understood") : say("Try again");
    const notice = h("div", { class: "notice bad trouble", role: "alert" }, h("p", {}, text), button(caption, again));
    this.above(notice);
  }

  signedOut() {
    const { waiting } = this.desk;
    const kept = waiting ? sayMany("%(n)s entry waits on this phone and is sent when you are back.",
      "%(n)s entries wait on this phone and are sent when you are back.", waiting) : "";
    const goOn = this.desk.wave ? say("You can go on scanning.") : "";
    this.above(h("div", { class: "notice warn trouble", role: "alert" }, h("h2", {}, say("Your session has ended")),
      h("p", {}, [goOn, kept].join(" ")), h("a", { class: "button primary", href: "/picking" }, say("Sign in again"))));
  }

  above(notice) {
    this.app.content.querySelector(".trouble")?.remove();
    this.app.content.prepend(notice);
    scrollTo({ top: 0 });
  }
}
