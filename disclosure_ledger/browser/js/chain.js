// The client's stream: proved by the map, whole, in order; what is opened of it, and what was erased (section 11, check 13).

class Chain {
  constructor(evidence, checkpoint, findings) {
    Object.assign(this, { evidence, checkpoint, findings });
    this.shown = new Shown(checkpoint, findings);
    this.keys = new KeyHistory(this.shown);
    this.chain = []; // the stream's entries, null where one cannot be read
    this.firstErasure = null; // the erasure that the stream's first entry is shown with
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
}
