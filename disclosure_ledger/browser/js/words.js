// How a client is told: the words of the language at hand, days, and findings in plain sentences.

const CATALOGUE = { en: ENGLISH, es: SPANISH };
let language = "en";

/** The words of the language at hand, with what stands in braces filled in. */
function say(word, values = {}) {
  return CATALOGUE[language][word].replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

const isSaid = (word) => has(CATALOGUE[language], word);

const sayDay = (day) => new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone: "UTC" }).format(new Date(`${day}T00:00:00Z`));

/** A finding in plain words: its own sentence, or else that of its check. */
function sayFinding({ code }) {
  const own = `c_${code}`;
  return say(isSaid(own) ? own : `c_${code.split(".")[0]}`);
}

function sayWhen(row) {
  if (typeof row.date === "string") return sayDay(row.date);
  if (has(row, "count")) return say("times", { count: row.count, first: sayDay(row.first), last: sayDay(row.last) });
  if (has(row.date, "after")) return say("after", { interval: row.date.interval, day: sayDay(row.date.after) });
  return say("from_to", { first: sayDay(row.date.from), last: sayDay(row.date.to) });
}
