// What a round looks like with everything this phone has done and not sent yet, and what a code means in it.
// No clock, no storage, no network: the same input gives the same answer.

const CLOSED = ["cancelled", "held"];

// The server's round with `actions` (oldest first) laid over it.
export function project(wave, actions) {
  const stops = wave.stops.map((stop) => ({ ...stop }));
  const byId = new Map(stops.map((stop) => [stop.stop_id, stop]));
  const seen = new Set();
  for (const action of actions) {
    if (action.kind === "seen") seen.add(action.id);
    const stop = byId.get(action.stop_id);
    if (!stop) continue;
    if (action.kind === "scan") stop.picked += action.quantity;
    if (action.kind === "undo") stop.picked = Math.max(0, stop.picked - action.quantity);
    if (action.kind === "short") stop.short += action.quantity;
  }
  for (const stop of stops) stop.state = stateOf(stop);
  return { ...wave, stops, alarms: wave.alarms.filter((alarm) => !alarm.seen && !seen.has(alarm.alarm_id)) };
}

function stateOf(stop) {
  if (CLOSED.includes(stop.state)) return stop.state;
  if (left(stop) > 0) return "open";
  return stop.short > 0 ? "short" : "done";
}

export const left = (stop) => wanted(stop) - stop.picked;

// What is to be fetched here in the end: without what was told lacking.
export const wanted = (stop) => stop.quantity - stop.short;

export const isOpen = (stop) => stop.state === "open";

// The stop that stands on top: the chosen one while it is open, else the next open one on the way.
export function current(wave, chosen) {
  const at = wave.stops.findIndex((stop) => stop.stop_id === chosen);
  const way = [...wave.stops.slice(Math.max(at, 0)), ...wave.stops.slice(0, Math.max(at, 0))];
  return way.find(isOpen) ?? null;
}

export function progress(wave) {
  const counted = wave.stops.filter((stop) => !CLOSED.includes(stop.state));
  return {
    units: counted.reduce((sum, stop) => sum + wanted(stop), 0),
    picked: counted.reduce((sum, stop) => sum + stop.picked, 0),
    stops: counted.length,
    closed: counted.filter((stop) => !isOpen(stop)).length,
  };
}

// Whether a scanned text is one of a stop's codes; answers the code as the server knows it, or "".
// Readers give UPC-A with twelve digits or, as EAN-13, with a zero before them.
export function fits(stop, scanned) {
  const wanted = same(scanned);
  return stop.codes.find((code) => same(code) === wanted) ?? "";
}

function same(code) {
  const text = code.trim();
  return /^0\d{12}$/.test(text) ? text.slice(1) : text.toUpperCase();
}

// What `scanned` means while `stop` is on top. Only the outcome `picked` counts anything.
export function judge(wave, stop, scanned, quantity) {
  if (stop) {
    const code = fits(stop, scanned);
    if (code && quantity <= left(stop)) return { outcome: "picked", stop, code, done: quantity === left(stop) };
    if (code) return { outcome: "over_scan", stop };
  }
  const others = wave.stops.filter((other) => other !== stop && fits(other, scanned));
  const found = others.find(isOpen) ?? others[0];
  if (!found) return { outcome: "unknown_code", expected: stop, scanned };
  if (isOpen(found)) return { outcome: "wrong_item", stop: found, expected: stop };
  if (CLOSED.includes(found.state)) return { outcome: found.state, stop: found, expected: stop };
  return { outcome: "over_scan", stop: found, expected: stop };
}
