// What the picker hears and feels. Tones are made here; there are no sound files to wait for.

const MUTED = "picking-muted";
const GOOD = [[1760, 0, 0.09]];
const DONE = [[1319, 0, 0.09], [1976, 0.1, 0.16]];
const BAD = [[196, 0, 0.16], [165, 0.18, 0.26]];
const UNDONE = [[988, 0, 0.07], [740, 0.08, 0.1]];
const ALARM = [[880, 0, 0.25], [587, 0.28, 0.25], [880, 0.56, 0.25], [587, 0.84, 0.25]];

let room = null; // made by the first touch or key: browsers are silent before
let ringing = null;

export function listen() {
  for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, wake, { capture: true });
}

function wake() {
  room ??= new AudioContext();
  if (room.state === "suspended") room.resume();
}

export const isMuted = () => localStorage.getItem(MUTED) === "yes";

export function mute(wanted) {
  if (wanted) localStorage.setItem(MUTED, "yes");
  else localStorage.removeItem(MUTED);
}

export const good = () => told("good", GOOD, 40);
export const done = () => told("done", DONE, [40, 60, 90]);
export const bad = () => told("bad", BAD, [180, 80, 180]);
export const undone = () => told("undone", UNDONE, 40);

// Rings until it is silenced: also when muted it trembles.
export function alarm() {
  if (ringing) return;
  const ring = () => told("alarm", ALARM, [400, 120, 400]);
  ring();
  ringing = setInterval(ring, 2_000);
}

export function silence() {
  clearInterval(ringing);
  ringing = null;
  navigator.vibrate?.(0);
}

function told(name, notes, pattern) {
  navigator.vibrate?.(pattern);
  const heard = !isMuted() && room?.state === "running";
  if (heard) for (const [pitch, from, lasts] of notes) tone(pitch, room.currentTime + from, lasts, name === "bad" ? "square" : "sine");
  dispatchEvent(new CustomEvent("picking:tone", { detail: { name, heard } }));
}

function tone(pitch, from, lasts, shape) {
  const source = room.createOscillator(), volume = room.createGain();
  source.type = shape;
  source.frequency.value = pitch;
  volume.gain.setValueAtTime(0, from);
  volume.gain.linearRampToValueAtTime(shape === "square" ? 0.18 : 0.4, from + 0.008);
  volume.gain.setValueAtTime(shape === "square" ? 0.18 : 0.4, from + lasts - 0.02);
  volume.gain.linearRampToValueAtTime(0, from + lasts);
  source.connect(volume).connect(room.destination);
  source.start(from);
  source.stop(from + lasts);
}
