// Documents that a client holds, a page or a PDF: the evidence in them, and whether they print what it proves.

const SCRIPT_BEGINS = '<script type="application/json" id="evidence">', SCRIPT_ENDS = "<\/script>";

/** The evidence in a page: the JSON of the one element of that name, as it was before it was escaped; null for none. */
function evidenceInPage(bytes) {
  const begins = utf8(SCRIPT_BEGINS), first = find(bytes, begins);
  if (first < 0 || find(bytes, begins, first + 1) >= 0) return null;
  const start = first + begins.length, end = find(bytes, utf8(SCRIPT_ENDS), start);
  if (end <= start) return null;
  const plain = { "\\u003c": "<", "\\u003e": ">", "\\u0026": "&" };
  // canonical JSON never escapes these three, so that nothing else is changed by taking the escapes away
  return utf8(textOf(bytes.subarray(start, end)).replace(/\\(?:u003c|u003e|u0026|.)/gs, (found) => plain[found] ?? found));
}

/** The evidence that is attached to a PDF; null where it holds none, or more than one. */
async function evidenceInPdf(bytes) {
  const text = new TextDecoder("latin1").decode(bytes);
  const places = [...text.matchAll(/\/Type\s*\/EmbeddedFile\b/g)].map((found) => found.index);
  if (places.length !== 1) return null;
  const start = text.lastIndexOf(" obj", places[0]);
  const stream = /^[^]{0,4096}?>>\s*stream\r?\n/.exec(text.slice(places[0]));
  if (start < 0 || stream === null) return null;
  const begin = places[0] + stream[0].length, dictionary = text.slice(start, begin);
  const length = /\/Length\s+(\d{1,10})\b(?!\s+\d+\s+R)/.exec(dictionary), filter = /\/Filter\s*(?:\[\s*)?\/(\w+)/.exec(dictionary);
  if (length === null || begin + Number(length[1]) > bytes.length) return null;
  const content = bytes.subarray(begin, begin + Number(length[1]));
  if (filter === null) return content;
  if (filter[1] !== "FlateDecode") return null;
  return attempt(() => inflated(content, "deflate", MOST_EVIDENCE), () => null);
}

/** A document that carries evidence, verified by it. */
async function checkDocument(kind, bytes, trust) {
  const evidence = await attempt(() => (kind === "pdf" ? evidenceInPdf(bytes) : evidenceInPage(bytes)), () => null);
  if (evidence === null) return null;
  const result = await checkEvidence(evidence, trust);
  result.document = kind;
  result.findings.add("13.not-compared", "document", "the list as it is printed", "not compared with the evidence");
  return result;
}
