// Sends what was done in its order, until the server has answered for each: as often as it takes, and the
// server counts each id once. Its answer is the truth; where it differs from the phone's, that is told.

import { Refused, SignedOut, ask } from "./server.js";

const MOST = 50; // scans of one message
const FIRST_WAIT = 1_000, LONGEST_WAIT = 30_000; // milliseconds

export class Sender {
  constructor(desk, told) {
    this.desk = desk;
    this.told = told; // how it stands: "online", "offline" or "signed-out"
    this.wait = FIRST_WAIT;
    addEventListener("online", () => this.now());
    addEventListener("offline", () => this.told("offline"));
  }

  // Begin at once, or look again at once when it waits.
  now() {
    this.wait = FIRST_WAIT;
    clearTimeout(this.timer);
    return this.run();
  }

  // One at a time; whoever asks meanwhile waits for the same end.
  run() {
    this.running ??= this.empty().then((sent) => {
      this.running = null;
      return sent && this.desk.waiting ? this.run() : null;
    });
    return this.running;
  }

  async empty() {
    try {
      while (this.desk.waiting) await this.step();
      this.wait = FIRST_WAIT;
      return true;
    } catch (failure) {
      this.failed(failure);
      return false;
    }
  }

  failed(failure) {
    if (failure instanceof SignedOut) return this.told("signed-out");
    this.told("offline");
    clearTimeout(this.timer);
    const jitter = 0.75 + Math.random() / 2;
    this.timer = setTimeout(() => this.run(), this.wait * jitter);
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
    return null;
  }

  async step(most = MOST) {
    const wanted = next(this.desk.actions, most);
    await this.desk.writing.catch(() => {}); // each has its place on the phone before the server hears of it
    const batch = wanted.filter((one) => one.seq !== undefined && this.desk.actions.includes(one));
    if (!batch.length) return null; // the phone could not write it down, or it was taken back: nothing was done
    for (const one of batch) one.tried = true;
    try {
      const wave = await this.send(batch);
      this.told("online");
      await this.desk.settle(wave.wave, batch, [...wave.notes, ...elsewhere(this.desk.person.wave, wave.wave, batch)]);
    } catch (failure) {
      if (!(failure instanceof Refused)) throw failure;
      if (batch.length > 1) return this.step(1); // one bad entry must not hold up the others
      await this.refused(batch[0], failure);
    }
    return null;
  }

  // What the server will never take is not kept for ever; the picker is told what did not count and why.
  async refused(action, failure) {
    const stop = this.desk.person.wave.stops.find((one) => one.stop_id === action.stop_id);
    const note = { outcome: "refused", name: stop?.name ?? "", quantity: action.quantity ?? 0, detail: failure.message };
    const wave = await ask("GET", `/waves/${action.wave_id}`).catch(() => this.desk.person.wave);
    await this.desk.settle(wave, [action], [note]);
  }

  async send(batch) {
    const [first] = batch, path = `/waves/${first.wave_id}`;
    if (first.kind === "scan") {
      const scans = batch.map(({ id, code, stop_id, quantity, at }) => ({ scan_id: id, code, stop_id, quantity, at }));
      const { results, wave } = await ask("POST", `${path}/scans`, { scans });
      return { wave, notes: differences(batch, results, wave) };
    }
    const answer = await ask("POST", ...request(path, first));
    return { wave: roundIn(answer) ?? (await ask("GET", path)), notes: [] };
  }
}

// As many scans as stand together, else the one other thing.
function next(actions, most) {
  if (actions[0].kind !== "scan") return [actions[0]];
  const end = actions.findIndex((one) => one.kind !== "scan" || one.wave_id !== actions[0].wave_id);
  return actions.slice(0, end === -1 ? actions.length : end).slice(0, most);
}

function request(path, { kind, id, ...given }) {
  const { scan_id, stop_id, quantity, reason } = given;
  if (kind === "undo") return [`${path}/undo`, { scan_id, undo_id: id }];
  if (kind === "short") return [`${path}/short`, { short_id: id, stop_id, quantity, reason }];
  return [`${path}/alarms/${encodeURIComponent(id)}/seen`, {}];
}

export function roundIn(answer) {
  return answer.wave_id && answer.stops ? answer : answer.wave?.stops ? answer.wave : null;
}

// What the server did not count though the phone had.
function differences(batch, results, wave) {
  const said = new Map(results.map((one) => [one.scan_id, one]));
  const notes = [];
  for (const scan of batch) {
    const outcome = said.get(scan.id)?.outcome ?? "refused";
    scan.counted = outcome === "picked" || outcome === "already";
    if (scan.counted) continue;
    const stop = wave.stops.find((one) => one.stop_id === scan.stop_id);
    notes.push({ outcome, name: stop?.name ?? scan.code, number: stop?.number ?? "", quantity: scan.quantity });
  }
  return notes;
}

// What was counted on another phone, in another window or by a colleague in the meantime.
function elsewhere(before, after, batch) {
  const notes = [];
  for (const stop of after.stops) {
    const was = before.stops.find((one) => one.stop_id === stop.stop_id);
    const ours = batch.filter((one) => one.stop_id === stop.stop_id).reduce((sum, one) => sum + counts(one), 0);
    const more = stop.picked - (was?.picked ?? 0) - ours;
    if (was && more > 0) notes.push({ outcome: "elsewhere", name: stop.name, number: stop.number, quantity: more });
  }
  return notes;
}

function counts(action) {
  if (action.kind === "scan") return action.counted ? action.quantity : 0;
  return action.kind === "undo" ? -action.quantity : 0;
}
