// What a scan came to, in words: for the eye, and for who listens to a screen reader.

import { left, wanted } from "./wave.js";
import { number, say } from "./words.js";

// Answers {kind, title, text}: kind is "good", "done" or "bad".
export function verdictIn(verdict, quantity) {
  const { outcome, stop } = verdict;
  if (outcome === "picked") return counted(verdict, quantity);
  return { kind: "bad", ...refusal[outcome](verdict, quantity, stop) };
}

function counted({ stop, done }, quantity) {
  const figures = { name: stop.name, n: number(stop.picked + quantity), of: number(wanted(stop)) };
  if (done) return { kind: "done", title: say("Complete: %(n)s of %(of)s", figures), text: stop.name };
  return { kind: "good", title: say("%(n)s of %(of)s", figures), text: stop.name };
}

const refusal = {
  wrong_item: ({ stop, expected }) => ({ title: say("Wrong article"), text: both(say("This is %(name)s.", { name: brief(stop.name) }), expectation(expected)) }),
  unknown_code: ({ scanned, expected }) => ({ title: say("Not in this round"), text: both(say("Nothing here has the code %(code)s.", { code: scanned }), expectation(expected)) }),
  over_scan: ({ expected }, quantity, stop) => ({ title: say("Too many"), text: both(tooMany(stop, quantity), expectation(expected)) }),
  cancelled: ({ expected }, quantity, stop) => ({ title: say("Cancelled"), text: both(say("%(name)s of %(number)s is not wanted any more: leave it.", stop), expectation(expected)) }),
  held: ({ expected }, quantity, stop) => ({ title: say("On hold"), text: both(say("%(name)s of %(number)s waits: leave it for now.", stop), expectation(expected)) }),
};

function tooMany(stop, quantity) {
  if (left(stop) > 0) return say("%(name)s: only %(left)s missing, not %(n)s.", { name: brief(stop.name), left: number(left(stop)), n: number(quantity) });
  return say("%(name)s is complete with %(n)s.", { name: brief(stop.name), n: number(stop.picked) });
}

function expectation(stop) {
  if (!stop) return "";
  if (!stop.bin) return say("Expected: %(name)s.", { name: brief(stop.name) });
  return say("Expected: %(bin)s, %(name)s.", { name: brief(stop.name), bin: stop.bin });
}

const both = (first, second) => [first, second].filter(Boolean).join(" ").replaceAll("….", "…");

const brief = (name) => (name.length > 48 ? `${name.slice(0, 46).trimEnd()}…` : name);

const NOTES = {
  elsewhere: (note) => say("%(name)s, %(number)s: %(quantity)s counted elsewhere.", note),
  cancelled: (note) => say("%(name)s, %(number)s: cancelled in the meantime, %(quantity)s not counted.", note),
  held: (note) => say("%(name)s, %(number)s: put on hold in the meantime, %(quantity)s not counted.", note),
  closed: (note) => say("%(name)s, %(number)s: the round had ended, %(quantity)s not counted.", note),
  over_scan: (note) => say("%(name)s, %(number)s: already complete, %(quantity)s not counted.", note),
};

// What the server knew better, one sentence each.
export function noteIn(note) {
  const said = { ...note, quantity: number(note.quantity) };
  if (NOTES[note.outcome]) return NOTES[note.outcome](said);
  return both(say("%(name)s: %(quantity)s not counted.", said), note.detail ?? "");
}
