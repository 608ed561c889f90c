// The rows of an accounting, made of opened entries and of nothing else (docs/records.md, "Rows"; 164.528(b)(2), (b)(3)).

const SUMMED_FROM = 3;
const ROW_FIELDS = (
  "basis client counted_as description disclosed_by disclosed_on explanation matter protocol purpose recipient " +
  "service_scope"
).split(" ");

/** The release that the opened fields of an entry tell of. */
function releaseOf(index, fields) {
  for (const name of ["basis", "counted_as"]) {
    if (!has(BASES, string(fields[name]))) throw new Malformed("expected a code of the table of legal bases");
  }
  ["client", "description"].forEach((name) => prose(fields[name]));
  (BASES[fields.counted_as].listed === "no" ? orNull(prose) : prose)(fields.purpose);
  ["disclosed_by", "explanation", "matter", "protocol"].forEach((name) => orNull(prose)(fields[name]));
  if (![null, "general", "minor_consented"].includes(fields.service_scope)) throw new Malformed("expected a scope");
  const recipient = readRecipient(fields.recipient, "type");
  if (!RECIPIENT_TYPES.includes(fields.recipient.type)) throw new Malformed("expected a type of recipient");
  return {
    index,
    recipient,
    countedAs: fields.counted_as,
    date: fields.disclosed_on,
    days: daysOf(fields.disclosed_on),
    description: fields.description,
    purpose: fields.purpose,
    matter: fields.matter,
    protocol: fields.protocol,
    minorConsented: fields.service_scope === "minor_consented",
  };
}

/** Is it listed in an accounting of that period by those rules, if nobody suspends it? */
function isListed(release, period, rules) {
  const covered = rules.coveredSince === null || rules.coveredSince <= release.days.to;
  const basis = BASES[release.countedAs];
  return touches(period, release.days) && covered && basis.listed !== "no" && !rules.without.has(release.countedAs);
}

const inStudy = (release, studies) => studies.has(release.protocol) && BASES[release.countedAs].study;

/** The rows of these releases, each with `printed`, the object, and `entries`, the indexes it stands on. */
function rowsOf(releases, period, rules, studies, summarize) {
  const listed = releases.filter((one) => isListed(one, period, rules) && !inStudy(one, studies));
  const rows = [], groups = new Map();
  for (const release of listed) {
    if (!summarize || !BASES[release.countedAs].summed) {
      rows.push(singleRow(release));
      continue;
    }
    const { name, organization = null } = release.recipient;
    const purpose = JSON.stringify([release.countedAs, name, organization, release.matter]);
    groups.set(purpose, [...(groups.get(purpose) ?? []), singleRow(release)]);
  }
  for (const group of groups.values()) {
    group.sort(byOrder);
    rows.push(...(group.length >= SUMMED_FROM ? [summaryRow(group, period)] : group));
  }
  return rows.sort(byOrder);
}

function singleRow({ index, date: on, days, recipient, description, purpose }) {
  const printed = { date: on, recipient, description, purpose };
  return { printed, first: days.from, last: days.to, entries: [index] };
}

function summaryRow(group, period) {
  const { recipient, description, purpose } = group[0].printed;
  const latest = group.map((row) => row.last).sort().pop();
  const first = group[0].first > period.from ? group[0].first : period.from;
  const last = latest < period.to ? latest : period.to;
  const printed = { first, last, count: group.length, recipient, description, purpose };
  return { printed, first, last, entries: group.flatMap((row) => row.entries).sort((one, other) => one - other) };
}

/** First day, recipient's name, description, purpose, by code point; then what only makes ties have one order. */
function byOrder(one, other) {
  const left = orderOf(one), right = orderOf(other);
  for (let place = 0; place < left.length; place++) {
    const difference = byCodePoint(left[place], right[place]);
    if (difference) return difference;
  }
  return 0;
}

function orderOf({ printed, first, last }) {
  const { recipient, description, purpose, count = 0 } = printed;
  const form = isObject(printed.date) ? writeJson(printed.date) : "";
  return [
    first, recipient.name, description, purpose, recipient.organization ?? "", recipient.address ?? "", last,
    String(count).padStart(16, "0"), form,
  ];
}

/**
 * The form of the rows that equals what is printed; else the one closest to it, with how the first differs.
 * unknown: how many entries of an unknown version may each be one release more.
 */
function compareRows(accounting, stream, listed, rules, studies, unknown) {
  const printed = accounting.rows.map(writeJson), forms = [];
  for (const all of accounting.requester === "representative" ? [true, false] : [true]) {
    const seen = stream.filter((release) => all || !release.minorConsented);
    for (const summarize of [true, false]) {
      forms.push(rowsOf([...seen, ...listed], accounting.period, rules, studies, summarize));
    }
  }
  const made = forms.map((rows) => rows.map((row) => writeJson(row.printed)));
  const place = made.findIndex((rows) => rows.join("\n") === printed.join("\n"));
  if (place >= 0) return { rows: forms[place], explained: false, difference: null };
  const explained = unknown > 0 && made.some((rows) => mayBeExplained(accounting.rows, printed, rows, unknown));
  return { rows: closest(forms, made, printed), explained, difference: differenceOf(printed, made[0]) };
}

/**
 * Whether so many entries of an unknown version may make the difference: each a row of its own, or one release of a
 * summary, which then stands for two rows that there were, or for a summary of one less.
 */
function mayBeExplained(rows, printed, made, unknown) {
  const more = without(printed, made), less = without(made, printed);
  const summed = more.filter((text) => has(rows[printed.indexOf(text)], "count")).length;
  const inBoth = (those, others) => [...new Set(those.filter((text) => others.includes(text)))].join("\n");
  return inBoth(printed, made) === inBoth(made, printed) && more.length <= unknown && less.length <= (SUMMED_FROM - 1) * summed;
}

/** What is left of a list when another list is taken away from it, each as often as it stands. */
function without(those, others) {
  const left = [...those];
  for (const one of others) if (left.includes(one)) left.splice(left.indexOf(one), 1);
  return left;
}

/** Those of the rows that a document does not show, each as often as it lacks it. */
function lacking(rows, made, printed) {
  const left = new Map();
  for (const one of printed) left.set(one, (left.get(one) ?? 0) + 1);
  return rows.filter((_, place) => {
    const count = left.get(made[place]) ?? 0;
    left.set(made[place], count - 1);
    return count < 1;
  });
}

/** Of the forms of the rows the one that has most rows in common with what is printed: it shows best what is wrong. */
function closest(forms, made, printed) {
  const shared = made.map((rows) => rows.filter((row) => printed.includes(row)).length - rows.length / 1e6);
  return forms[shared.indexOf(Math.max(...shared))];
}

function differenceOf(printed, made) {
  const most = Math.max(printed.length, made.length);
  const place = Array.from({ length: most }, (_, at) => at).find((at) => printed[at] !== made[at]) ?? most;
  const shown = printed.length === 1 ? "1 row" : `${printed.length} rows`;
  return `${shown} printed, but the entries make ${made.length}; the first that differs is row ${place + 1}`;
}

/** What the research printed lacks of the studies that cover releases; null for nothing. */
function studyMissing(accounting, covered) {
  const studies = new Set(covered.map((one) => one.protocol)).size;
  if (studies > accounting.research.length) {
    return `${accounting.research.length} studies printed, ${studies} cover releases`;
  }
  const { period } = accounting;
  for (const { days } of covered) {
    const from = days.from > period.from ? days.from : period.from, to = days.to < period.to ? days.to : period.to;
    if (!accounting.research.some((study) => study.from <= from && to <= study.to)) {
      return "no study printed whose dates hold a release that it covers";
    }
  }
  return null;
}
