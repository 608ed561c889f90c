// The accounting that was printed, as an object (docs/records.md, "What an accounting returns as JSON").

const ACCOUNTING_FAMILY = "disclosure-ledger/accounting/";
const ACCOUNTING_FORMAT = `${ACCOUNTING_FAMILY}v1`;
const RULE_SET = "45-cfr-164.528/2002-08-14";
const ACCOUNTING_MEMBERS = (
  "format practice client request period issued_on due_on fee rules rows research statements checkpoint"
).split(" ");

/** What is needed of an accounting, once it is established that it has its form. */
function readAccounting(value) {
  const announced = isObject(value) ? value.format : null;
  if (announced !== ACCOUNTING_FORMAT) {
    const later = typeof announced === "string" && announced.startsWith(ACCOUNTING_FAMILY);
    throw later ? new UnknownVersion("expected an accounting of version 1") : new Malformed("expected an accounting");
  }
  object(value, ...ACCOUNTING_MEMBERS, ...(has(value, "latest_on") ? ["latest_on"] : []));
  const client = object(value.client, "number", "name"), request = object(value.request, "id", "requested_on", "requester");
  const practice = object(value.practice, "name", "address", "contact");
  [client.number, practice.name, value.rules, ...list(value.statements)].forEach(prose);
  [client.name, practice.address, practice.contact, request.id].forEach(orNull(prose));
  [request.requested_on, value.issued_on].forEach(date);
  [value.due_on, value.latest_on ?? null].forEach(orNull(date));
  if (!["client", "representative"].includes(request.requester)) throw new Malformed("expected a requester");
  if (!/^(?:0|[1-9][0-9]{0,8})\.[0-9]{2}$/.test(string(value.fee))) throw new Malformed("expected an amount");
  return {
    value,
    practice: practice.name,
    client: client.number,
    clientName: client.name,
    requester: request.requester,
    period: readSpan(value.period, "from", "to"),
    issuedOn: value.issued_on,
    rows: list(value.rows).map(expectRow),
    research: list(value.research).map(readStudy),
    checkpoint: string(value.checkpoint),
  };
}

// What records are trimmed of: U+FEFF is no white space to Unicode, though it is to JavaScript.
const AROUND = /^(?!\ufeff)[\s\x1c-\x1f\x85]|(?!\ufeff)[\s\x1c-\x1f\x85]$/;

const isTrimmed = (text) => !AROUND.test(text);

/** Text of 1 to 4,000 characters, trimmed, without control characters but newline. */
function prose(value) {
  const length = Array.from(string(value)).length;
  if (length < 1 || length > 4000 || !isTrimmed(value) || /[\x00-\x09\x0b-\x1f\x7f-\x9f]/.test(value)) {
    throw new Malformed("expected a text of 1 to 4,000 characters");
  }
  return value;
}

const orNull = (read) => (value) => (value === null ? null : read(value));

function readSpan(value, first, last) {
  const found = object(value, first, last);
  if (date(found[last]) < date(found[first])) throw new Malformed("expected a last day not before the first");
  return { from: found[first], to: found[last] };
}

const touches = (one, other) => one.from <= other.to && other.from <= one.to;

/** The days of a release: a date, a range, or an event with its interval, whose day decides. */
function daysOf(value) {
  if (typeof value === "string") return { from: date(value), to: value };
  if (isObject(value) && (has(value, "after") || has(value, "interval"))) {
    const { after, interval } = object(value, "after", "interval");
    prose(interval);
    return { from: date(after), to: after };
  }
  return readSpan(value, "from", "to");
}

/** A recipient as it is printed; `more` are members that stand beside what is printed. */
function readRecipient(value, ...more) {
  if (!isObject(value)) throw new Malformed("expected a recipient");
  const known = ["name", "organization", "address", ...more];
  if (!has(value, "name") || Object.keys(value).some((name) => !known.includes(name))) {
    throw new Malformed("expected a recipient");
  }
  const printed = { name: prose(value.name) };
  for (const name of ["organization", "address"]) if (has(value, name)) orNull(prose)(value[name]);
  for (const name of ["organization", "address"]) if (value[name] != null) printed[name] = value[name];
  return printed;
}

function expectRow(row) {
  const single = isObject(row) && has(row, "date");
  object(row, ...(single ? ["date"] : ["first", "last", "count"]), "recipient", "description", "purpose");
  if (single) daysOf(row.date);
  else if (!isCount(row.count) || row.count < 1) throw new Malformed("expected a row to count whole releases");
  else [row.first, row.last].forEach(date);
  readRecipient(row.recipient);
  [row.description, row.purpose].forEach(prose);
  return row;
}

function readStudy(value) {
  const study = object(
    value, "protocol", "description", "criteria", "information", "from", "last", "sponsor", "researcher", "statement",
  );
  ["protocol", "description", "criteria", "information", "statement"].forEach((name) => prose(study[name]));
  for (const party of [study.sponsor, study.researcher]) {
    Object.values(object(party, "name", "address", "telephone")).forEach(prose);
  }
  return { from: date(study.from), to: date(study.last), name: study.protocol };
}

/** The rule set that a name names, with the readings that were switched, each once and in order. */
function readRules(name) {
  const [set, ...switches] = name.split("+");
  const rules = { without: new Set(), coveredSince: null, switched: switches.length > 0 };
  const order = [];
  for (const one of switches) {
    const code = one.replace(/^without-/, ""), day = /^(part2-accounting-from|covered-since)-([0-9-]{10})$/.exec(one);
    if (one !== code && BASES[code]?.listed === "default") {
      rules.without.add(code);
      order.push(`0${code}`);
    } else if (day) {
      date(day[2]);
      if (day[1] === "covered-since") rules.coveredSince = day[2];
      order.push(day[1] === "covered-since" ? "2" : "1");
    } else {
      throw new UnknownVersion("expected readings that this release knows");
    }
  }
  if (set !== RULE_SET) throw new UnknownVersion("expected a rule set that this release knows");
  if (order.some((one, place) => place > 0 && order[place - 1] >= one)) {
    throw new Malformed("expected the readings once each and in order");
  }
  return rules;
}
