// The picture of a letterhead (docs/format.md section 13): the one part of a document that nothing proves.

const MOST_PICTURE = 500_000, MOST_PIXELS = 4_000_000;
const PICTURE_BEGINS = /\n<header>\n<img src="data:image\/(?:png|jpeg);base64,/, BEFORE_PICTURE = 16_384;
const PNG_BEGINS = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], JPEG_BEGINS = [0xff, 0xd8, 0xff];
const JPEG_FRAMES = [0xc0, 0xc1, 0xc2];

/** The bytes of the picture at the top of a document; null for none, or for one that cannot be taken out. */
async function pictureIn(kind, bytes) {
  return attempt(() => (kind === "pdf" ? pictureInPdf(bytes) : pictureInPage(bytes)), () => null);
}

function pictureInPage(bytes) {
  const most = BEFORE_PICTURE + Math.ceil(MOST_PICTURE / 3) * 4;
  const text = new TextDecoder("latin1").decode(bytes.subarray(0, most)), begins = PICTURE_BEGINS.exec(text);
  if (begins === null) return null;
  const start = begins.index + begins[0].length, end = text.indexOf('" alt="', start);
  return end <= start ? null : bytesOf(text.slice(start, end));
}

/** `png` or `jpeg`; null for bytes that are no small picture of these two forms. */
function formOf(bytes) {
  if (bytes.length > MOST_PICTURE) return null;
  const begins = (signs) => signs.every((sign, place) => bytes[place] === sign);
  const form = begins(PNG_BEGINS) ? "png" : begins(JPEG_BEGINS) ? "jpeg" : null;
  const [width, height] = form === "png" ? pngSize(bytes) : form === "jpeg" ? jpegSize(bytes) : [0, 0];
  return width * height > 0 && width * height <= MOST_PIXELS ? form : null;
}

const bigEndian = (bytes, from, to) => bytes.subarray(from, to).reduce((sum, byte) => sum * 256 + byte, 0);

/** Of the first chunk, IHDR. */
function pngSize(bytes) {
  const isHead = same(bytes.subarray(12, 16), utf8("IHDR")), isWhole = find(bytes.subarray(-16), utf8("IEND")) >= 0;
  return isHead && isWhole ? [bigEndian(bytes, 16, 20), bigEndian(bytes, 20, 24)] : [0, 0];
}

/** Of the first frame header. */
function jpegSize(bytes) {
  for (let at = 2; at + 9 < bytes.length && bytes[at] === 0xff; at += 2 + bigEndian(bytes, at + 2, at + 4)) {
    if (JPEG_FRAMES.includes(bytes[at + 1])) return [bigEndian(bytes, at + 7, at + 9), bigEndian(bytes, at + 5, at + 7)];
  }
  return [0, 0];
}
