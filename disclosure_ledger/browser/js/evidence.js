// Evidence: that every row is an entry of the ledger, and that none was left out (docs/format.md section 11, check 13).

const EVIDENCE_FAMILY = "disclosure-ledger/evidence/";
const EVIDENCE_FORMAT = `${EVIDENCE_FAMILY}v1`;
const MOST_EVIDENCE = 64_000_000;

/** The values of an evidence file. */
function readEvidence(bytes) {
  if (bytes.length > MOST_EVIDENCE) throw new Malformed(`expected evidence of at most ${MOST_EVIDENCE} bytes`);
  const announced = announcedFormat(bytes);
  if (announced !== null && announced.startsWith(EVIDENCE_FAMILY) && announced !== EVIDENCE_FORMAT) {
    throw new UnknownVersion("expected evidence of version 1");
  }
  const value = object(
    readJson(bytes), "accounting", "checkpoint", "format", "keys", "listed", "stream", "stream_map", "timestamps",
  );
  if (value.format !== EVIDENCE_FORMAT || !isObject(value.accounting)) throw new Malformed("expected evidence");
  const stream = object(value.stream, "entries", "tag");
  const map = object(value.stream_map, "end", "entry", "proof", "siblings");
  return {
    checkpoint: utf8(string(value.checkpoint)),
    timestamps: list(value.timestamps).map((one) => bytesOf(string(one))),
    keys: list(value.keys).map(readKeyShown),
    map: { ...readShown(map), siblings: hashes(map.siblings), end: readEnd(map.end) },
    tag: hashOf(string(stream.tag)),
    stream: list(stream.entries).map(readOpened),
    listed: list(value.listed).map(readOpened),
    accounting: value.accounting,
  };
}

const readShown = ({ entry, proof }) => ({ note: utf8(string(entry)), proof: hashes(proof) });

function readKeyShown(value) {
  const rotates = isObject(value) && (has(value, "handover") || has(value, "consistency"));
  const found = object(value, "entry", "proof", ...(rotates ? ["handover", "consistency"] : []));
  const handover = rotates ? utf8(string(found.handover)) : null;
  return { ...readShown(found), handover, consistency: rotates ? hashes(found.consistency) : null };
}

function readOpened(value) {
  if (isObject(value) && has(value, "erasure")) {
    const found = object(value, "entry", "erasure", "proof");
    return { ...readShown(found), content: null, erasure: readShown(object(found.erasure, "entry", "proof")) };
  }
  const found = object(value, "content", "entry", "proof");
  return { ...readShown(found), content: list(found.content), erasure: null };
}

/** Verifies an evidence file under the reader's trust. */
async function checkEvidence(bytes, trust) {
  const findings = new Findings(), result = new Checked("evidence", findings);
  const evidence = await attempt(() => readEvidence(bytes), (error) => {
    const code = error instanceof UnknownVersion ? "13.version" : "13.form";
    findings.add(code, "evidence", "evidence in its one spelling", error.message);
  });
  if (evidence === null) return result;
  const checkpoint = await attempt(() => readCheckpoint(evidence.checkpoint), (error) => {
    findings.add("7.checkpoint", "checkpoint", "a signed checkpoint", error.message);
  });
  if (checkpoint === null) return result;
  await new Examination(evidence, checkpoint, trust, result).run();
  return result;
}

/** One evidence file under verification. */
class Examination {
  constructor(evidence, checkpoint, trust, result) {
    Object.assign(this, { evidence, checkpoint, trust, result, findings: result.findings });
    this.shown = new Shown(checkpoint, this.findings);
    this.keys = new KeyHistory(this.shown);
    this.firstErasure = null;
    result.checkpoint = checkpoint;
    result.roots.set(checkpoint.size, checkpoint.root);
  }

  async run() {
    const { evidence, result } = this;
    await this.keys.read(evidence.keys);
    const accounting = await this.readAccounting();
    const last = await this.checkMap();
    const stream = await this.open("stream", evidence.stream, accounting);
    const listed = await this.open("listed", evidence.listed, accounting);
    const { size } = this.checkpoint;
    const known = this.keys.keysUpTo(size);
    await this.checkLogKeys(known, last?.recordedAt ?? null);
    if (accounting !== null) this.checkAccounting(accounting, stream, listed, last);
    this.shown.checkNeighbours();
    await this.checkOutside(known);
    this.describe(stream, listed, accounting);
    result.client = accounting?.client ?? null;
    result.tag = evidence.tag;
    result.stream = await Promise.all(evidence.stream.map((one) => leafHash(one.note)));
  }

  async checkLogKeys(history, last) {
    const { checkpoint, trust, findings } = this, keys = this.keys.keysAt(checkpoint.size);
    const doubt = (code) => this.keys.doubt(code);
    const doubtTrust = async (code) => ((await this.keys.mayBeTrusted(checkpoint, trust)) ? "1.version" : code);
    await checkLogKeys(checkpoint, { keys, history, last, trust, findings, doubt, doubtTrust });
  }

  async readAccounting() {
    return attempt(() => readAccounting(this.evidence.accounting), (error) => {
      const code = error instanceof UnknownVersion ? "13.version" : "13.form";
      this.findings.add(code, "accounting", "an accounting as it is printed", error.message);
    });
  }

  /** An entry, found in the tree and signed by who was entitled. */
  async read(where, shown) {
    const entry = await this.shown.read(where, shown);
    if (entry !== null) await this.keys.checkSignature(entry);
    return entry;
  }

  /** The map is the checkpoint's last entry and holds the stream's end. */
  async checkMap() {
    const { map, tag } = this.evidence, entry = await this.read("stream_map", map);
    if (entry === null) {
      if (this.shown.unknown.get("stream_map") !== this.checkpoint.size - 1) {
        const expected = "a stream map as the checkpoint's last entry";
        this.findings.add("13.stream-map", "stream_map", expected, "what cannot be read as one");
      }
      return null;
    }
    if (entry.kind !== "stream_map" || entry.index !== this.checkpoint.size - 1) {
      this.findings.at(entry.index, "13.stream-map", "a stream map as the checkpoint's last entry", entry.kind);
      return null;
    }
    const refused = (error) => {
      this.findings.at(entry.index, "13.stream-map", "a proof that leads to the map's root", error.message);
      return true;
    };
    if (!(await attempt(() => checkMapProof(tag, map.siblings, map.end, entry.map.root), refused))) {
      this.findings.at(entry.index, "13.stream-map", "the stream's own leaf", "another's");
    }
    return entry;
  }

  /** Each entry of the stream, or of what is listed, read, and what is opened of it. */
  async open(name, shown, accounting) {
    const read = [], items = [];
    for (const [place, one] of shown.entries()) read.push(await this.read(`${name}[${place}]`, one));
    if (name === "stream") {
      this.chain = read;
      await this.checkLinks(shown, read);
    }
    for (const [place, one] of shown.entries()) {
      const entry = read[place];
      if (entry === null) continue;
      if (name === "listed" && entry.stream !== null) {
        this.findings.at(entry.index, "13.listed", "an entry of no stream", "one of a stream");
      }
      if (name === "listed" && one.erasure !== null) {
        this.findings.at(entry.index, "13.listed", "an entry that a row is made of", "one that was erased");
      }
      const item = await this.openOne(entry, one, accounting);
      if (item !== null) items.push({ ...item, isFirst: name === "stream" && place === 0 && this.isProved(entry) });
    }
    return items;
  }

  isProved({ index, leaf }) {
    const proved = this.shown.proved.get(index);
    return proved !== undefined && same(proved.leaf, leaf);
  }

  async openOne(entry, shown, accounting) {
    if (shown.erasure !== null) {
      const erasure = await this.checkErasure(entry, shown.erasure, accounting);
      if (shown === this.evidence.stream[0]) this.firstErasure = erasure;
      return null;
    }
    const refused = (error) => {
      this.findings.at(entry.index, "13.opened", "an opening of this entry", error.message);
    };
    const item = await attempt(async () => {
      if (entry.root === null) throw new Malformed("expected an entry with sealed content");
      return itemOf(entry, await openContent(entry.kind, entry.root, shown.content));
    }, refused);
    if (item !== null) await this.checkDay(entry, item);
    return item;
  }

  /** Nothing is recorded before it happened. Where it was recorded the day may be one ahead of UTC's. */
  async checkDay(entry, { fields }) {
    if (fields.disclosed_on == null) return;
    const days = await attempt(() => daysOf(fields.disclosed_on), () => null); // whoever judges what is open says so
    const recordedOn = dayOf(entry.recordedAt);
    if (days !== null && dayNumber(days.to) > dayNumber(recordedOn) + 1) {
      this.findings.at(entry.index, "13.day", `at most a day after ${recordedOn}, when it was recorded`, "a later day");
    }
  }

  /** Positions and links are whole, the kinds are an accounting stream's, and the map's end is reached. */
  async checkLinks(shown, read) {
    const { tag, map: { end } } = this.evidence;
    if (!shown.length) this.findings.add("13.stream", "stream", "at least its first entry", "none");
    for (const [position, entry] of read.entries()) {
      if (entry === null) continue;
      const before = position ? await leafHash(shown[position - 1].note) : null;
      this.checkLink(entry, position, before, tag);
    }
    if (shown.length !== end.length) {
      this.findings.add("13.stream", "stream", `${end.length} entries`, `${shown.length} entries`);
    } else if (shown.length && !same(await leafHash(shown[shown.length - 1].note), end.head)) {
      this.findings.add("13.stream", "stream", base64Of(end.head), "another last entry");
    }
  }

  checkLink(entry, position, before, tag) {
    const link = entry.stream, kinds = position ? STREAM_FOLLOWS : [STREAM_BEGINS];
    const fault = (expected, found) => this.findings.at(entry.index, "13.stream", expected, found);
    if (!kinds.includes(entry.kind)) fault(kinds.join(" or "), entry.kind);
    if (link === null || !same(link.tag, tag)) fault("an entry of the client's stream", "one of another, or of none");
    else if (link.position !== position) fault(`position ${position}`, `position ${link.position}`);
    else if ((before === null) !== (link.previous === null) || (before !== null && !same(before, link.previous))) {
      fault("the hash of the stream's entry before it", "another");
    }
  }

  /** The erasure lists the entry, which is older than the period and was not erased too early. */
  async checkErasure(entry, shown, accounting) {
    const { index } = entry, recordedOn = dayOf(entry.recordedAt);
    const erasure = await this.read(`entry ${index}, erasure`, shown);
    if (erasure === null) return null;
    if (erasure.kind !== "erasure" || !erasure.erased.some(([first, last]) => first <= index && index <= last)) {
      this.findings.at(index, "13.erasure", "an erasure that lists it", `entry ${erasure.index}`);
    } else if (dayOf(erasure.recordedAt) < keptUntil(recordedOn)) {
      this.findings.at(index, "12.too-early", `erased from ${keptUntil(recordedOn)} on`, dayOf(erasure.recordedAt));
    }
    if (accounting !== null && dayNumber(recordedOn) >= dayNumber(accounting.period.from) - 1) {
      const expected = `recorded earlier than the day before ${accounting.period.from}`;
      this.findings.at(index, "13.erasure", expected, `recorded on ${recordedOn}`);
    }
    return erasure;
  }

  /** The accounting against the entries that stand. */
  checkAccounting(accounting, stream, listed, last) {
    const standing = new Standing(accounting, this.findings, this.shown.unknownIn("stream"));
    this.checkFirst(standing, stream);
    const following = stream.filter((item) => !item.isFirst);
    standing.takeStream(following);
    standing.takeListed(listed, following);
    this.checkSameCheckpoint(accounting);
    this.checkRows(accounting, standing);
    const until = [accounting.issuedOn, accounting.period.to].sort().pop();
    if (last !== null && dayNumber(until) - dayNumber(dayOf(last.recordedAt)) > 1) {
      this.findings.add("13.not-covered", "accounting", `a map of ${until}`, `the map is of ${dayOf(last.recordedAt)}`);
    }
  }

  checkFirst(standing, stream) {
    const first = stream.find((item) => item.isFirst);
    if (first && Object.keys(first.fields).join() === "client") standing.checkClient(first);
    else if (first) this.findings.at(first.index, "13.opened", "client", Object.keys(first.fields).join(", ") || "nothing");
    else if (this.beganBeforeErasure()) {
      if (!stream.some((item) => has(item.fields, "client"))) {
        this.findings.add("13.client-erased", "stream", "an entry that names the client", "none");
      }
    } else if (!this.shown.unknown.has("stream[0]")) this.findings.add("13.stream", "stream", "a first entry whose client is open", "none");
  }

  /** Whether the stream's first entry was erased: then all of the stream that there was, or it is a fault. */
  beganBeforeErasure() {
    const { stream } = this.evidence, [first] = this.chain, erasure = this.firstErasure;
    if (!stream.length || stream[0].erasure === null || !first || erasure === null) return false;
    for (const entry of this.chain.filter((one, place) => one !== null && stream[place].erasure === null)) {
      if (entry.index < erasure.index && this.isProved(entry)) {
        this.findings.at(entry.index, "13.erasure", "erased with the stream's first entry", "not erased");
      }
    }
    return first.kind === STREAM_BEGINS;
  }

  checkSameCheckpoint(accounting) {
    let found;
    try {
      found = readCheckpoint(utf8(accounting.checkpoint)).text;
    } catch (error) {
      found = error.message;
    }
    if (found !== this.checkpoint.text) this.findings.add("13.checkpoint", "accounting", this.checkpoint.text, found);
  }

  checkRows(accounting, standing) {
    let rules;
    try {
      rules = readRules(accounting.value.rules);
    } catch (error) {
      const code = error instanceof UnknownVersion ? "13.version" : "13.form";
      this.findings.add(code, "accounting, rules", "rules that this release knows", error.message);
      return;
    }
    const studies = new Set(standing.covered.map((one) => one.protocol));
    for (const one of standing.listed) {
      if (isListed(one, accounting.period, rules) && !inStudy(one, studies)) continue;
      this.findings.add("13.listed", `entry ${one.index}`, "a release that makes a row", "one that does not");
    }
    const unknown = this.shown.unknownIn("stream").length + this.shown.unknownIn("listed").length;
    const compared = compareRows(accounting, standing.stream, standing.listed, rules, studies, unknown);
    const missing = studyMissing(accounting, standing.covered);
    for (const [code, found] of [[compared.explained ? "1.version" : "13.rows", compared.difference], ["13.rows", missing]]) {
      if (found !== null) this.findings.add(code, "accounting", "the rows that the opened entries make", found);
    }
    Object.assign(this.result, { accounting, rows: compared.rows });
    this.checkCovered(accounting, standing, rules);
    if (rules.switched) this.result.notices.push({ word: "switched", rules: accounting.value.rules });
  }

  /** A practice that was not covered when it issued the accounting had none to give (164.528(a)(1)(ix)). */
  checkCovered(accounting, standing, { coveredSince }) {
    const { notices } = this.result;
    if (standing.covered.length) notices.push({ word: "covered", count: standing.covered.length });
    if (coveredSince === null) return;
    if (coveredSince > accounting.issuedOn) {
      const expected = `rules that hold on ${accounting.issuedOn}, the day of issue`;
      this.findings.add("13.rows", "accounting, rules", expected, `covered since ${coveredSince}`);
    }
    const count = standing.stream.filter((release) => release.days.to < coveredSince).length;
    if (count) notices.push({ word: "before", day: coveredSince, count });
  }

  /** Checks 4, 8, 9 and 10. */
  async checkOutside(known) {
    const { result, shown } = this;
    const own = new Set([...this.keys.recorderKeys(), ...known.map((key) => key.hex)]);
    for (const [index, entry] of shown.proved) result.leaves.set(index, entry.leaf);
    for (const [size, root] of this.keys.roots) result.roots.set(size, root);
    Object.assign(result, { history: known, own, size: shown.count });
    await checkWitnesses(this.checkpoint, this.trust, own, shown.latest(), this.findings);
    for (const [place, response] of this.evidence.timestamps.entries()) {
      await checkTimestamp(`timestamps[${place}]`, response, this.checkpoint.note.text, this.findings);
    }
  }

  /** What a reader should know beside the verdict. */
  describe(stream, listed, accounting) {
    const { notices } = this.result, first = stream.find((item) => item.isFirst);
    const entry = first && this.shown.proved.get(first.index);
    if (entry) notices.push({ word: "begins", day: dayOf(entry.recordedAt) });
    for (const { index, corrects, retracts } of [...stream, ...listed]) {
      if (corrects !== null) notices.push({ word: retracts ? "retracted" : "replaced", entry: corrects, by: index });
    }
    for (const [place, { erasure }] of this.evidence.stream.entries()) {
      if (erasure !== null && this.chain[place]) notices.push({ word: "erased", entry: this.chain[place].index });
    }
    if (listed.length) notices.push({ word: "listed", entries: listed.map((item) => item.index).join(", ") });
    const own = Object.keys(LETTER.languages["en-US"].statements).slice(0, 7);
    if (accounting && accounting.value.statements.join("\n") !== own.join("\n")) notices.push({ word: "statements" });
    if (accounting?.research.length) notices.push({ word: "studies", count: accounting.research.length });
  }
}
