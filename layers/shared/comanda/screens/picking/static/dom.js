// Elements from data: text is always text, so nothing that somebody typed elsewhere becomes markup.

export function h(tag, given = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "class") made.className = value;
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

export const button = (caption, act, more = {}) => h("button", { type: "button", onclick: act, ...more }, caption);

// What is in `place` anew. What looks the same stays the same element, with its focus and the finger on it: a
// button that is drawn again between press and release would not be pressed.
export function renew(place, ...wanted) {
  const there = [...place.childNodes];
  if (there.length !== wanted.length) return place.replaceChildren(...wanted);
  return there.forEach((one, at) => {
    if (one.nodeName === "UL" && wanted[at].nodeName === "UL") renew(one, ...wanted[at].childNodes);
    else if (!one.isEqualNode(wanted[at])) one.replaceWith(wanted[at]);
  });
}

export const unseen = (text) => h("span", { class: "unseen" }, text);

// A picture of a few strokes; what it means is said beside it or by the button's label.
export function icon(name) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  made.setAttribute("viewBox", "0 0 24 24");
  made.setAttribute("class", "icon");
  made.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(made.namespaceURI, "path");
  path.setAttribute("d", STROKES[name]);
  made.append(path);
  return made;
}

const STROKES = {
  camera: "M4 8h3l2-3h6l2 3h3v11H4z M12 10a3.5 3.5 0 1 0 .01 0",
  undo: "M9 14L4 9l5-5 M4 9h10a6 6 0 0 1 0 12h-3",
  many: "M4 6h6v6H4z M14 6h6v6h-6z M9 15h6v6H9z",
  missing: "M12 3a9 9 0 1 0 .01 0 M6 6l12 12",
  sound: "M4 9v6h4l5 4V5L8 9z M16 9a4 4 0 0 1 0 6 M18.500 6.500a8 8 0 0 1 0 11",
  mute: "M4 9v6h4l5 4V5L8 9z M17 9l5 6 M22 9l-5 6",
  more: "M12 5h.01 M12 12h.01 M12 19h.01",
  keys: "M3 6h18v12H3z M7 10h.01 M11 10h.01 M15 10h.01 M8 14h8",
  close: "M6 6l12 12 M18 6L6 18",
  torch: "M8 3h8v4l-2 3v11h-4V10L8 7z M12 13v2",
  tick: "M5 13l4 4L19 7",
};
