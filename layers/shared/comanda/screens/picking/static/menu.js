// The rest of the page behind a menu: leaving the round, language, colours, signing out.

import { button, h } from "./dom.js";
import { ask } from "./sheet.js";
import { language, say, sayMany } from "./words.js";

const YEAR = 365 * 86_400;

// Answers "leave", "sign-out" or null; language and colours are kept by a cookie of this page alone.
export function menu({ inRound, waiting, online }) {
  return ask(say("Menu"), (close) => [
    inRound ? button(say("Leave this round"), () => close("leave"), { class: "large", disabled: !online || waiting > 0 }) : null,
    group(say("Language"), [["es", "Español"], ["en", "English"]], "language", language, online),
    group(say("Colours"), [["light", say("Light")], ["dark", say("Dark")], ["system", say("As the system")]], "theme", document.body.dataset.themeChosen, online),
    waiting ? h("p", { class: "soft" }, sayMany("%(n)s entry is not sent yet. It stays on this phone until you sign in again.", "%(n)s entries are not sent yet. They stay on this phone until you sign in again.", waiting)) : null,
    button(say("Sign out"), () => close("sign-out"), { class: "large", disabled: !online }),
  ].filter(Boolean));
}

function group(legend, choices, cookie, chosen, online) {
  const choose = (value) => () => {
    document.cookie = `${cookie}=${value}; Path=/picking; Max-Age=${YEAR}; SameSite=Lax; Secure`;
    location.reload();
  };
  return h("fieldset", {}, h("legend", {}, legend), h("div", { class: "row" },
    choices.map(([value, caption]) => button(caption, choose(value), { class: "choice", "aria-current": value === chosen ? "true" : null, disabled: !online, lang: cookie === "language" ? value : null }))));
}
