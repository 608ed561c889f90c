// The files that are attached to a PDF: its evidence, and the picture of its letterhead (docs/format.md section 13).

const ATTACHED_PICTURE = /\/Subtype\s*\/image#2F(?:png|jpeg)\b/;
const ATTACHED_KINDS = { "evidence.json": "application#2Fjson", "logo.png": "image#2Fpng", "logo.jpg": "image#2Fjpeg" };
const MOST_ATTACHED = 2, ATTACHED_DICTIONARY = 4096;

/** The dictionary of each attached file, and where its content begins. */
function attachedTo(bytes) {
  const text = new TextDecoder("latin1").decode(bytes), found = [];
  for (const { index: place } of text.matchAll(/\/Type\s*\/EmbeddedFile\b/g)) {
    const before = Math.max(0, place - ATTACHED_DICTIONARY), start = text.slice(before, place).lastIndexOf(" obj");
    const stream = />>\s*stream\r?\n/.exec(text.slice(place, place + ATTACHED_DICTIONARY));
    if (start < 0 || stream === null) throw new Malformed("expected an attached file with its content");
    const dictionary = text.slice(before + start, place + stream.index);
    found.push({ dictionary, begin: place + stream.index + stream[0].length, isPicture: ATTACHED_PICTURE.test(dictionary) });
    if (found.length > MOST_ATTACHED) throw new Malformed("expected one evidence and one picture at most");
  }
  return found;
}

/** The content of an attached file, unpacked. */
async function contentOf(bytes, { dictionary, begin }, most) {
  const length = /\/Length\s+(\d{1,10})\b(?!\s+\d+\s+R)/.exec(dictionary), filter = /\/Filter\s*(?:\[\s*)?\/(\w+)/.exec(dictionary);
  if (length === null || begin + Number(length[1]) > bytes.length) {
    throw new Malformed("expected an attached file of the length that it states");
  }
  const content = bytes.subarray(begin, begin + Number(length[1]));
  if (filter !== null && filter[1] !== "FlateDecode") throw new Malformed("expected a file that is plain or deflated");
  const found = filter === null ? content : await inflated(content, "deflate", most);
  if (found.length > most) throw new Malformed(`expected a file inside of at most ${most} bytes`);
  return found;
}

/** The content of the one attached file that is no picture; null where nothing is attached. */
async function evidenceInPdf(bytes) {
  const files = attachedTo(bytes), evidence = files.filter((one) => !one.isPicture);
  if (!files.length) return null;
  if (evidence.length !== 1) throw new Malformed(`expected one evidence, found ${evidence.length}`);
  return contentOf(bytes, evidence[0], MOST_EVIDENCE);
}

/** The content of the attached picture; null for none. */
async function pictureInPdf(bytes) {
  const [file] = attachedTo(bytes).filter((one) => one.isPicture);
  return file === undefined ? null : contentOf(bytes, file, MOST_PICTURE);
}

/** Whether a PDF has no file but its evidence and a picture, each once, under its own name and of its own kind. */
async function hasItsFiles(pdf, bytes) {
  const files = specifications(pdf), names = files.map((one) => String(one.get("F")));
  const isKnown = files.every((one, at) => {
    const file = pdf.get(one.get("EF"), "F"), kind = String(file?.get?.("Subtype"));
    return one.get("UF") === one.get("F") && has(ATTACHED_KINDS, names[at]) && kind === ATTACHED_KINDS[names[at]];
  });
  if (!isKnown || new Set(names).size !== names.length || names.length !== attachedTo(bytes).length) return false;
  const logo = names.find((name) => name !== "evidence.json");
  if (logo === undefined) return true;
  const picture = await pictureInPdf(bytes);
  return picture !== null && formOf(picture) === (logo === "logo.png" ? "png" : "jpeg");
}

/** Every file specification of a PDF, wherever it stands (ISO 32000-1, 7.11.3). */
function specifications(pdf) {
  const found = [];
  const look = (value) => {
    if (Array.isArray(value)) value.forEach(look);
    if (!(value instanceof Map)) return;
    if (value.has("EF")) found.push(value);
    [...value.values()].forEach(look);
  };
  [pdf.trailer, ...[...pdf.read.values()].map((one) => one.value)].forEach(look);
  return found;
}
