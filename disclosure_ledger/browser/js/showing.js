// A verdict as a client sees it. Whatever comes from a file reaches the page as text only, in which nothing acts.

const ICONS = {
  verified: [["fill", "M12 1l9 4v6c0 6-4 10-9 12-5-2-9-6-9-12V5z"], ["mark", "M7.5 12l3.2 3.2 5.8-6.4"]],
  failed: [["fill", "M8 1h8l7 7v8l-7 7H8l-7-7V8z"], ["mark", "M8 8l8 8M16 8l-8 8"]],
  incomplete: [["fill", "M12 1a11 11 0 1 0 0 22 11 11 0 0 0 0-22z"], ["mark", "M8.7 9a3.4 3.4 0 1 1 4.6 3.2c-1 .4-1.3 1-1.3 1.9M12 17.4v.1"]],
};
ICONS.unknown = ICONS.incomplete;

/** An element with a class, and text or further elements inside. */
function element(tag, kind, ...inside) {
  const made = document.createElement(tag);
  if (kind) made.className = kind;
  made.append(...inside.filter((one) => one !== null).map((one) => (typeof one === "string" ? visible(one) : one)));
  return made;
}

function icon(outcome) {
  const space = "http://www.w3.org/2000/svg", svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  for (const [kind, path] of ICONS[outcome]) {
    const drawn = document.createElementNS(space, "path");
    drawn.setAttribute("class", kind);
    drawn.setAttribute("d", path);
    svg.append(drawn);
  }
  return svg;
}

/** Everything that is said of a verdict, the word first. */
function shown(verdict) {
  const { outcome, findings } = verdict;
  const parts = [element("div", `verdict ${outcome}`, icon(outcome), element("div", "", ...verdictWords(verdict)))];
  if (findings.length) {
    const failing = findings.filter(fails);
    const told = failing.length ? failing : findings;
    parts.push(element("h3", "", say(failing.length ? "why_title" : "why_incomplete_title")), reasons(told));
  }
  if (verdict.accounting) parts.push(...listOf(verdict));
  if (verdict.notices.length) parts.push(element("h3", "", say("notes_title")), notices(verdict.notices));
  if (outcome !== "unknown") {
    parts.push(element("h3", "", say("limits_title")), element("p", "", say(limitsOf(verdict))), experts(verdict));
  }
  return parts;
}

const limitsOf = ({ kind }) => (kind === "package" || kind === "checkpoint" ? "limits_package" : "limits_list");

function verdictWords({ outcome, kind, findings, document: form }) {
  const word = { evidence: "list", receipt: "receipt", package: "package", checkpoint: "checkpoint" }[kind];
  const isOnlyPrint = outcome === "incomplete" && findings.every((one) => one.code === "14.not-compared");
  const sentence = outcome === "verified" ? `verified_${word}` : isOnlyPrint ? `incomplete_${form === "pdf" ? "pdf" : "print"}` : `${outcome}_any`;
  return [element("h2", "", say(outcome)), element("p", "", say(sentence))];
}

/** Each reason once, in plain words, however many findings it stands for. */
function reasons(findings) {
  const counts = new Map();
  for (const finding of findings) counts.set(sayFinding(finding), (counts.get(sayFinding(finding)) ?? 0) + 1);
  const items = [...counts].map(([text, count]) =>
    element("li", "", text + (count > 1 ? ` (${say("more", { count: count - 1 })})` : "")),
  );
  return element("ul", "plain", ...items);
}

function listOf({ accounting, rows, hidden, findings, outcome, document: kind }) {
  const { period, issuedOn, value } = accounting;
  const facts = element("dl", "facts");
  const client = [accounting.clientName, accounting.client].filter(Boolean).join(", ");
  const span = say("from_to", { first: sayDay(period.from), last: sayDay(period.to) });
  for (const [word, text] of [["practice", value.practice.name], ["client", client], ["period", span], ["issued", sayDay(issuedOn)]]) {
    facts.append(element("dt", "", say(word)), element("dd", "", text));
  }
  const holds = outcome === "verified" || findings.every((one) => OF_THE_PRINT.test(one.code));
  const items = markedRows(accounting, rows, hidden, findings, holds).map(rowShown);
  return [
    element("h3", "", say(holds ? "list_title" : "list_unproved")),
    facts,
    kind === "pdf" || findings.some((one) => one.code === "14.not-compared") ? element("p", "part-text", say("compare_paper")) : null,
    items.length ? element("ol", "rows", ...items) : element("p", "", say("list_none")),
    accounting.research.length ? element("p", "", say("studies_too", { count: accounting.research.length })) : null,
  ].filter((one) => one !== null);
}

/** The rows that the entries make and those printed, in the order of the list, each with what is to be said of it. */
function markedRows(accounting, rows, hidden, findings, holds) {
  const left = accounting.rows.map(writeJson), unseen = [...hidden];
  const faulty = new Set(findings.filter((one) => fails(one) && one.index !== null).map((one) => one.index));
  const marked = rows.map((row) => {
    const text = writeJson(row.printed);
    const isPrinted = taken(left, text), isShown = !taken(unseen, text);
    const isFaulty = row.entries.some((index) => faulty.has(index));
    const state = !isPrinted || !isShown ? "missing" : isFaulty ? "bad" : holds ? "good" : "doubtful";
    return { row: row.printed, state };
  });
  const extra = left.map((text) => ({ row: readJson(utf8(text)), state: "extra" }));
  const first = ({ row }) => row.first ?? daysOf(row.date).from;
  return [...marked, ...extra].sort((one, other) => (first(one) < first(other) ? -1 : first(one) > first(other) ? 1 : 0));
}

/** Whether a text was in a list, out of which it is taken once. */
function taken(texts, text) {
  const place = texts.indexOf(text);
  if (place >= 0) texts.splice(place, 1);
  return place >= 0;
}

/** Codes that say what is wrong with a list, and nothing against the entries that its evidence shows. */
const OF_THE_PRINT = /^(?:13\.rows|14\..*)$/;

const ROW_KINDS = { good: "", doubtful: "doubtful", missing: "wrong", extra: "wrong", bad: "wrong" };
const ROW_TEXTS = { good: "good-text", doubtful: "part-text", missing: "bad-text", extra: "bad-text", bad: "bad-text" };
const ROW_SIGNS = { good: "✓ ", doubtful: "? ", missing: "✗ ", extra: "✗ ", bad: "✗ " };

function rowShown({ row, state }) {
  const { name, organization, address } = row.recipient;
  const labelled = (word, text) => element("p", "", element("span", "label", `${say(word)}: `), text);
  const made = element(
    "li", ROW_KINDS[state],
    element("p", "when", sayWhen(row)),
    element("p", "who", [name, organization, address].filter(Boolean).join(", ")),
    labelled("what", row.description),
    labelled("why", row.purpose),
    element("p", `state ${ROW_TEXTS[state]}`, ROW_SIGNS[state] + say(`row_${state}`)),
  );
  made.dir = "auto";
  return made;
}

function notices(found) {
  const items = found.map(({ word, ...values }) => {
    const told = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, name === "day" ? sayDay(value) : value]));
    return element("li", "", say(`n_${word}`, told));
  });
  return element("ul", "plain", ...items);
}

/** Codes and places, as other people's reports name them. */
function experts({ findings, accusations, checkpoint }) {
  const box = element("details", "", element("summary", "", say("experts_title")));
  for (const { where, known, shown: other } of accusations) {
    box.append(element("p", "", say("accusation", { where })), element("pre", "", known), element("pre", "", other));
  }
  if (findings.length) box.append(element("div", "scroll", table(findings)));
  else box.append(element("p", "", say("expert_none")));
  if (checkpoint) box.append(element("p", "", say("expert_checkpoint")), element("pre", "", checkpoint));
  return box;
}

function table(findings) {
  const heads = ["expert_code", "expert_place", "expert_said", "expert_expected", "expert_found"].map((word) => {
    const head = element("th", "", say(word));
    head.scope = "col";
    return head;
  });
  const rows = findings.map(({ code, where, expected, found }) =>
    element("tr", "", ...[code, where, SENTENCES[code] ?? "", expected, found].map((text) => element("td", "", text))),
  );
  return element("table", "", element("thead", "", element("tr", "", ...heads)), element("tbody", "", ...rows));
}
