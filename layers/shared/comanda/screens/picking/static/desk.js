// The round in hand: what the server said last, what was done since, and every way to do something more.

import { judge, project, current, left } from "./wave.js";

const REMEMBERED = 30; // scans that can be taken back after they were sent

export class Desk {
  constructor(kept, { person, actions }, changed) {
    this.kept = kept;
    this.person = person;
    this.actions = actions;
    this.changed = changed;
    this.writing = Promise.resolve();
    this.turn = 0; // grows with everything done here and every answer: what was asked before is older
  }

  get wave() {
    return this.person.wave && project(this.person.wave, this.actions);
  }

  get stop() {
    return this.person.wave && current(this.wave, this.person.chosen);
  }

  get waiting() {
    return this.actions.length;
  }

  // What a code means now. Judged and counted without a pause between, so that a burst is taken one by one.
  judge(scanned, quantity) {
    return judge(this.wave, this.stop, scanned, quantity);
  }

  // Count what was judged right; answered when it is written.
  async count({ outcome, stop, code }, quantity) {
    if (outcome !== "picked") return;
    this.person.chosen = stop.stop_id;
    await this.add({ kind: "scan", id: crypto.randomUUID(), stop_id: stop.stop_id, code, quantity });
  }

  // The newest scan that still counts, sent or not.
  get last() {
    const undone = new Set(this.actions.filter((one) => one.kind === "undo").map((one) => one.scan_id));
    const all = [...this.person.sent, ...this.actions.filter((one) => one.kind === "scan")];
    return all.filter((one) => !undone.has(one.id)).at(-1) ?? null;
  }

  // What nobody has sent yet is simply forgotten; anything else is taken back by an entry of its own, since
  // the server may have counted it though no answer came.
  async undo() {
    await this.writing.catch(() => {});
    const { last } = this;
    if (!last) return null;
    this.person.chosen = last.stop_id;
    const untried = this.actions.find((one) => one.id === last.id && !one.tried);
    if (untried) await this.settle(this.person.wave, [untried]);
    else await this.add({ kind: "undo", id: crypto.randomUUID(), scan_id: last.id, stop_id: last.stop_id, quantity: last.quantity });
    return this.wave.stops.find((stop) => stop.stop_id === last.stop_id);
  }

  async short(stop, quantity, reason) {
    this.person.chosen = stop.stop_id;
    await this.add({ kind: "short", id: crypto.randomUUID(), stop_id: stop.stop_id, quantity: Math.min(quantity, left(stop)), reason });
  }

  seen(alarm) {
    return this.add({ kind: "seen", id: alarm.alarm_id });
  }

  choose(stop) {
    this.person.chosen = stop.stop_id;
    return this.settle(this.person.wave);
  }

  // Counted only when written: what the phone cannot keep is taken back and the failure passed on.
  async add(what) {
    const action = { ...what, wave_id: this.person.wave.wave_id, at: new Date().toISOString(), tried: false };
    this.actions.push(action);
    this.turn += 1;
    this.writing = this.writing.catch(() => {}).then(async () => (action.seq = await this.kept.add(action)));
    try {
      await this.writing;
    } catch (failure) {
      this.actions = this.actions.filter((one) => one !== action);
      throw failure;
    } finally {
      this.changed();
    }
  }

  // The server's round anew, without the actions that are part of it now.
  async settle(wave, gone = [], notes = []) {
    this.turn += 1;
    const sent = gone.filter((one) => one.kind === "scan" && one.counted);
    const undone = new Set(gone.filter((one) => one.kind === "undo").map((one) => one.scan_id));
    this.person = {
      ...this.person,
      wave,
      sent: [...this.person.sent, ...sent].filter((one) => !undone.has(one.id)).slice(-REMEMBERED),
      notes: [...this.person.notes, ...notes],
    };
    this.actions = this.actions.filter((one) => !gone.includes(one));
    await this.kept.settle(this.person, gone.map((one) => one.seq));
    this.changed();
  }

  // Another round, or none: nothing of the one before can be taken back any more.
  begin(wave) {
    this.person = { ...this.person, chosen: null, sent: [], notes: [], wanted: null };
    return this.settle(wave);
  }

  want(wanted) {
    this.person = { ...this.person, wanted };
    return this.settle(this.person.wave);
  }

  understood() {
    this.person = { ...this.person, notes: [] };
    return this.settle(this.person.wave);
  }
}
