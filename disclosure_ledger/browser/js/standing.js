// What is opened of each entry, and which entries stand (docs/format.md section 11).

const OF_ANY = ["disclosed_on"], OF_A_STUDY = ["client", "disclosed_on", "protocol"], OF_A_CORRECTION = ["corrects", "retract"];

/** Refuses a text in it that begins or ends with white space: no record has any (docs/records.md). */
function expectTrimmed(value) {
  const left = [value];
  while (left.length) {
    const one = left.pop();
    if (typeof one === "string" && !isTrimmed(one)) throw new Malformed("expected text without white space around it");
    for (const part of one !== null && typeof one === "object" ? Object.values(one) : []) left.push(part);
  }
}

/** An entry of the stream or of what is listed, with the fields that it shows. */
function itemOf(entry, fields) {
  expectTrimmed(fields);
  const item = { index: entry.index, kind: entry.kind, fields, corrects: null, retracts: false };
  if (entry.kind !== "correction" || !OF_A_CORRECTION.every((name) => has(fields, name))) return item;
  const { corrects, retract, disclosed_on: on } = fields;
  if (!isCount(corrects) || corrects >= entry.index) throw new Malformed("expected a correction of an earlier entry");
  if (![null, true, false].includes(retract)) throw new Malformed("expected a correction that retracts or does not");
  if (retract === true && on != null) throw new Malformed("expected a retraction without a day");
  return { ...item, corrects, retracts: retract === true };
}

/** The releases that stand in an accounting's period, as evidence opens them. */
class Standing {
  /** unknown: the entries of the stream that are of an unknown version. Each may correct one entry before it. */
  constructor(accounting, findings, unknown) {
    Object.assign(this, { accounting, findings, unknown, excused: 0, stream: [], listed: [], covered: [] });
  }

  /** The entries of the accounting stream after its first. */
  takeStream(items) {
    const corrected = new Set();
    for (const { index, corrects } of items) {
      if (corrects === null) continue;
      if (corrected.has(corrects)) this.fault("13.stream", index, `entry ${corrects} corrected once`, "corrected before");
      corrected.add(corrects);
    }
    for (const item of items) {
      const release = this.judge(item, !corrected.has(item.index) && !item.retracts);
      if (release) this.stream.push(release);
    }
  }

  /** The entries that are listed from no stream: each stands, is of the period, and is listed once. */
  takeListed(items, ofTheStream) {
    const corrected = new Set([...items, ...ofTheStream].map((item) => item.corrects)), seen = new Set();
    for (const item of items) {
      if (seen.has(item.index)) this.fault("13.listed", item.index, "an entry that is listed once", "listed before");
      seen.add(item.index);
      const release = this.judgeListed(item, corrected);
      if (release) this.listed.push(release);
    }
  }

  judgeListed(item, corrected) {
    if (corrected.has(item.index) || item.retracts) {
      return this.fault("13.listed", item.index, "an entry that stands", "one that was replaced or retracts");
    }
    if (!this.isOfThePeriod(item)) return this.fault("13.listed", item.index, "a release of the period", "none");
    if (!ROW_FIELDS.every((name) => has(item.fields, name))) {
      return this.fault("13.opened", item.index, "everything that its row is made of", "less");
    }
    return this.judge(item, true);
  }

  /** The release that an entry tells of, where it stands in the period and no study covers it. */
  judge(item, stands) {
    const inPeriod = stands && this.isOfThePeriod(item);
    const more = item.kind === "correction" ? OF_A_CORRECTION : [];
    const sets = item.kind === STREAM_BEGINS ? [["client"]] : inPeriod ? [ROW_FIELDS, OF_A_STUDY] : [OF_ANY];
    const shown = Object.keys(item.fields).sort().join(", ");
    const place = sets.findIndex((names) => [...names, ...(item.kind === STREAM_BEGINS ? [] : more)].sort().join(", ") === shown);
    if (place < 0 && stands && this.mayBeCorrected(item, [...OF_ANY, ...more])) {
      this.excused++;
      return this.fault("1.version", item.index, "everything that its row is made of", "less: it may be corrected");
    }
    if (place < 0) return this.fault("13.opened", item.index, sets.map((names) => names.join(", ")).join(" or "), shown);
    if (!inPeriod) return null;
    this.checkClient(item);
    return place === 0 && item.kind !== STREAM_BEGINS ? this.release(item) : this.cover(item);
  }

  /** Whether what is open of an entry is what would be if one of an unknown version corrected it. */
  mayBeCorrected(item, names) {
    const later = this.unknown.filter((index) => index > item.index).length;
    return this.excused < later && [...names].sort().join() === Object.keys(item.fields).sort().join();
  }

  checkClient(item) {
    if (item.fields.client !== this.accounting.client) {
      this.fault("13.client", item.index, "the client of the accounting", "another");
    }
  }

  isOfThePeriod(item) {
    const on = item.fields.disclosed_on;
    if (on == null) {
      if (!item.retracts && has(item.fields, "disclosed_on")) {
        this.fault("13.opened", item.index, "a release with its day", "none");
      }
      return false;
    }
    try {
      return touches(this.accounting.period, daysOf(on));
    } catch (error) {
      this.fault("13.opened", item.index, "a day, a range or an event", error.message);
      return false;
    }
  }

  release(item) {
    const { counted_as: counted, basis } = item.fields;
    if (counted !== basis && counted !== "impermissible") {
      this.fault("13.stream", item.index, "a release that counts as it was stated, or as impermissible", "another");
    }
    try {
      return releaseOf(item.index, item.fields);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      return this.fault("13.opened", item.index, "what a row is made of", error.message);
    }
  }

  /** A release that a study stands for. */
  cover(item) {
    const { protocol, disclosed_on: on } = item.fields;
    if (typeof protocol !== "string" || !protocol || on == null) {
      return this.fault("13.opened", item.index, "everything that its row is made of: no study covers it", "less");
    }
    this.covered.push({ protocol, days: daysOf(on) });
    return null;
  }

  fault(code, index, expected, found) {
    this.findings.at(index, code, expected, found);
    return null;
  }
}
