// Evidence: that every row is an entry of the ledger, and that none was left out (docs/format.md section 11, check 13).

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
class Examination extends Chain {
  constructor(evidence, checkpoint, trust, result) {
    super(evidence, checkpoint, result.findings);
    Object.assign(this, { trust, result });
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
    if (accounting !== null) {
      this.checkAccounting(accounting, stream, listed, last);
      await this.checkSameCheckpoint(accounting);
    }
    this.shown.checkNeighbours();
    await this.checkOutside(known);
    this.describe(stream, listed, accounting);
    result.client = this.clientNumber();
    result.tag = evidence.tag;
    result.stream = await Promise.all(evidence.stream.map((one) => leafHash(one.note)));
  }

  /** The client number as the accounting spells it, whatever else is wrong with that. */
  clientNumber() {
    const { client } = this.evidence.accounting;
    return (isObject(client) && typeof client.number === "string" && client.number) || null;
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

  /** The accounting against the entries that stand. */
  checkAccounting(accounting, stream, listed, last) {
    const standing = new Standing(accounting, this.findings, this.shown.unknownIn("stream"));
    this.checkFirst(standing, stream);
    const following = stream.filter((item) => !item.isFirst);
    standing.takeStream(following);
    standing.takeListed(listed, following);
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

  /** The copy has the same text, and both of the log's lines; cosignatures may differ. */
  async checkSameCheckpoint(accounting) {
    const { checkpoint } = this, fault = (...said) => this.findings.add("13.checkpoint", "accounting", ...said);
    let copy;
    try {
      copy = readCheckpoint(utf8(accounting.checkpoint));
    } catch (error) {
      fault(checkpoint.text, error.message);
      return;
    }
    if (copy.text !== checkpoint.text) {
      fault(checkpoint.text, copy.text);
      return;
    }
    if (same(copy.note.raw, checkpoint.note.raw)) return;
    for (const key of this.keys.keysAt(checkpoint.size) ?? []) {
      if ((await isLineGood(checkpoint, key)) && !(await isLineGood(copy, key))) {
        fault(`a line of ${nameOf(key)} that verifies`, "none");
      }
    }
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
    const logKeys = [...known, ...trustedFor(this.checkpoint, this.trust)];
    const own = new Set([...this.keys.recorderKeys(), ...logKeys.map((key) => key.hex)]);
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
