// What a verification reports (docs/format.md section 12): findings with codes, and the outcome that follows from them.

/** Codes that say: what was checked holds, but something asked for could not be. */
const INCOMPLETE = new Set([
  "1.version", "7.no-trusted-key", "8.signature", "8.unreadable", "8.other-ledger", "8.no-outside", "10.authority",
  "12.not-opened", "13.version", "13.not-covered", "13.client-erased", "14.not-compared",
]);

const MOST_OF_A_CODE = 1000;

const fails = (finding) => !INCOMPLETE.has(finding.code);

class Findings {
  constructor() {
    this.found = [];
    this.counts = new Map();
  }

  /** A finding about one entry. */
  at(index, code, expected = "", found = "") {
    this.take({ code, where: `entry ${index}`, index, expected, found });
  }

  /** A finding about the whole; `rows` are rows as printed that it is about. */
  add(code, where, expected = "", found = "") {
    this.take({ code, where, index: null, expected, found });
  }

  take(finding) {
    const count = (this.counts.get(finding.code) ?? 0) + 1;
    this.counts.set(finding.code, count);
    if (count <= MOST_OF_A_CODE) this.found.push(finding);
  }

  /** Those about entries first, in the entries' order. */
  all() {
    const place = (finding) => finding.index ?? Infinity;
    return [...this.found].sort((one, other) => (place(one) === place(other) ? 0 : place(one) - place(other)));
  }
}

/** Failed where a finding fails, else incomplete where there is one, else verified. */
function outcomeOf(findings) {
  if (findings.some(fails)) return "failed";
  return findings.length ? "incomplete" : "verified";
}

/** Runs what may throw; gives the finding's words for what is malformed or not proved, and passes on anything else. */
async function attempt(work, refused) {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Malformed || error instanceof ProofFailed || error instanceof UnknownVersion)) throw error;
    return refused(error) ?? null;
  }
}
