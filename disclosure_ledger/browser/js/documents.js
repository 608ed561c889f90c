// Documents that a client holds, a page or a PDF: the evidence in them, and whether they show what it makes.

const SCRIPT_BEGINS = '<script type="application/json" id="evidence">', SCRIPT_ENDS = "<\/script>";
const MOST_BESIDE = 1_000_000, MOST_UNPROVED = 2_000_000;
const MOST_DOCUMENT = 2 * MOST_EVIDENCE;

/** The evidence in a document; null for none. */
async function evidenceIn(kind, bytes) {
  if (bytes.length > MOST_DOCUMENT) throw new Malformed(`expected a document of at most ${MOST_DOCUMENT} bytes`);
  return kind === "pdf" ? evidenceInPdf(bytes) : evidenceInPage(bytes);
}

/** The JSON of the one element of that name, as it was before it was escaped. */
function evidenceInPage(bytes) {
  const begins = utf8(SCRIPT_BEGINS), first = find(bytes, begins);
  if (first < 0) return null;
  if (find(bytes, begins, first + 1) >= 0) throw new Malformed("expected one evidence, found more");
  const start = first + begins.length, end = find(bytes, utf8(SCRIPT_ENDS), start);
  if (end <= start) throw new Malformed("expected evidence that ends");
  const plain = { "\\u003c": "<", "\\u003e": ">", "\\u0026": "&" };
  // canonical JSON never escapes these three, so that nothing else is changed by taking the escapes away
  return utf8(textOf(bytes.subarray(start, end)).replace(/\\(?:u003c|u003e|u0026|.)/gs, (found) => plain[found] ?? found));
}

/** A document that carries evidence, verified by it, and held against what it makes (check 14); null without any. */
async function checkDocument(kind, bytes, trust) {
  const damaged = new Checked("evidence", new Findings());
  damaged.document = kind;
  const evidence = await attempt(async () => (await evidenceIn(kind, bytes)) ?? "none", (error) => {
    damaged.findings.add("14.evidence", "document", "one evidence that can be taken out", error.message);
  });
  if (evidence === null) return damaged;
  if (evidence === "none") return null;
  const result = await checkEvidence(evidence, trust);
  result.document = kind;
  const picture = await pictureIn(kind, bytes);
  await checkShown(kind, bytes, evidence, picture, result);
  if (picture !== null) result.notices.push({ word: "picture" });
  return result;
}

/** Whether making it again would take as long as somebody likes. */
function isTooLong(evidence, accounting, findings) {
  if (evidence.length > MOST_UNPROVED && findings.all().some(fails)) return true;
  return accounting !== null && utf8(writeJson({ ...accounting.value, rows: [] })).length > MOST_BESIDE;
}

/** Check 14. */
async function checkShown(kind, bytes, evidence, picture, result) {
  const { findings } = result;
  // what is printed can be compared even where nothing proves it
  const accounting = await attempt(() => readAccounting(readEvidence(evidence).accounting), () => null);
  if (isTooLong(evidence, accounting, findings)) {
    findings.add("14.not-compared", "document", "a document that is made again in a short time", "one that is not");
    return;
  }
  const { told, hidden = [] } = kind === "pdf" ? await comparePdf(bytes, accounting) : await attempt(
    () => comparePage(bytes, evidence, picture, accounting),
    () => ({ told: "unknown" }), // bytes that are no text
  );
  result.hidden = hidden.map(writeJson);
  if (told === "different") findings.add("14.different", "document", "what the evidence makes", "something else");
  if (told === "unknown" || kind === "pdf") {
    findings.add("14.not-compared", "document", "a document that can be made again here", "one that cannot");
  }
}
