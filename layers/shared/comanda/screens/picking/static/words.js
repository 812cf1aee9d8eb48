// The words of this page: written here in English, in the page's language by what the server put into it.

const known = JSON.parse(document.getElementById("words").textContent);
export const language = document.documentElement.lang;
const numbers = new Intl.NumberFormat(language);

export const number = (value) => numbers.format(value);

export const say = (text, values = {}) => fill(known[text] ?? text, values);

export function sayMany(one, many, n, values = {}) {
  const said = known[one] ?? [one, many];
  return fill(said[n === 1 ? 0 : 1], { n: number(n), ...values });
}

function fill(text, values) {
  return text.replace(/%\((\w+)\)s/g, (all, name) => values[name] ?? all);
}

export function day(stamp) {
  return new Date(stamp).toLocaleDateString(language, { day: "numeric", month: "short" });
}
