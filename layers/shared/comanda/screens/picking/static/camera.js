// The camera as a scanner: the browser's own reader of barcodes where it has one, else the one we bring.

import { button, h, icon, unseen } from "./dom.js";
import { say } from "./words.js";

const FORMATS = ["ean_13", "ean_8", "upc_a", "upc_e", "code_128", "code_39", "itf", "qr_code", "data_matrix"];
const EVERY = 120; // milliseconds between two looks
const GONE = 900; // milliseconds out of sight, however long one look takes, after which a label counts again
const here = new URL(".", import.meta.url);

// Have what we bring on the phone before it is without a connection.
export async function warm() {
  if (await own()) return;
  for (const name of ["barcode-detector.min.js", "zxing_reader.wasm"]) fetch(new URL(name, here)).catch(() => {});
}

async function own() {
  if (!("BarcodeDetector" in window)) return null;
  const able = await window.BarcodeDetector.getSupportedFormats().catch(() => []);
  const wanted = FORMATS.filter((one) => able.includes(one));
  return wanted.includes("ean_13") && wanted.includes("code_128") ? new window.BarcodeDetector({ formats: wanted }) : null;
}

async function detector() {
  const found = await own();
  if (found) return found;
  if (!window.BarcodeDetectionAPI) await script(new URL("barcode-detector.min.js", here));
  const { BarcodeDetector, prepareZXingModule } = window.BarcodeDetectionAPI;
  await prepareZXingModule({ overrides: { locateFile: (name) => new URL(name, here).href }, fireImmediately: true });
  return new BarcodeDetector({ formats: FORMATS });
}

function script(address) {
  return new Promise((resolve, reject) => {
    document.head.append(h("script", { src: address.href, onload: resolve, onerror: () => reject(new Error("no decoder")) }));
  });
}

export class Camera {
  constructor(taken, closed) {
    this.taken = taken;
    this.closed = closed;
    this.video = h("video", { playsinline: true, muted: true, "aria-label": say("What the camera sees") });
    this.note = h("p", { class: "camera-note", role: "status" }, say("The camera starts."));
    this.torch = button([icon("torch"), unseen(say("Lamp"))], () => this.light(), { class: "square", hidden: true, "aria-pressed": "false" });
    const away = button([icon("close"), unseen(say("Close the camera"))], () => this.close(), { class: "square" });
    this.element = h("section", { class: "camera", "aria-label": say("Camera") }, this.video, h("i", { class: "aim" }), this.note, h("div", { class: "camera-keys" }, this.torch, away));
  }

  async open() {
    try {
      if (!navigator.mediaDevices?.getUserMedia) throw new DOMException("", "NotFoundError");
      const wanted = { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } };
      const [stream, reader] = await Promise.all([navigator.mediaDevices.getUserMedia({ video: wanted, audio: false }), detector()]);
      if (this.over) return stream.getTracks().forEach((track) => track.stop());
      await this.start(stream, reader);
    } catch (failure) {
      this.stop();
      this.element.classList.add("without");
      this.note.textContent = reason(failure);
    }
    return null;
  }

  async start(stream, reader) {
    this.stream = stream;
    this.video.srcObject = stream;
    await this.video.play();
    const [track] = stream.getVideoTracks();
    track.addEventListener("ended", () => this.close());
    this.torch.hidden = !track.getCapabilities?.().torch;
    this.note.textContent = say("Hold the label in the frame.");
    this.look(reader, new Map());
  }

  // `seen`: each label with the moment since when it has been out of sight, or null while it is in sight.
  async look(reader, seen) {
    if (this.over) return;
    const found = this.video.readyState >= 2 && !document.hidden ? await reader.detect(this.video).catch(() => []) : [];
    const now = performance.now(), labels = new Set(found.map(({ rawValue }) => rawValue).filter(Boolean));
    for (const [label, since] of seen) {
      if (labels.has(label)) continue;
      if (since === null) seen.set(label, now);
      else if (now - since > GONE) seen.delete(label);
    }
    for (const label of labels) {
      const fresh = !seen.has(label);
      seen.set(label, null);
      if (fresh && !this.over && !document.querySelector("dialog[open]")) this.taken(label);
    }
    setTimeout(() => this.look(reader, seen), EVERY);
  }

  async light() {
    const on = this.torch.getAttribute("aria-pressed") !== "true";
    await this.stream.getVideoTracks()[0].applyConstraints({ advanced: [{ torch: on }] }).catch(() => {});
    this.torch.setAttribute("aria-pressed", String(on));
  }

  stop() {
    this.over = true;
    this.stream?.getTracks().forEach((track) => track.stop());
  }

  close() {
    this.stop();
    this.element.remove();
    this.closed();
  }
}

function reason({ name }) {
  if (name === "NotAllowedError") return say("The camera is not allowed here. Allow it in the browser's settings for this page, or use a scanner or the keyboard.");
  if (name === "NotFoundError" || name === "OverconstrainedError") return say("This device has no camera. Use a scanner or the keyboard.");
  if (name === "NotReadableError") return say("Another app uses the camera. Close it and try again.");
  return say("The camera cannot be started now. Use a scanner or the keyboard.");
}
