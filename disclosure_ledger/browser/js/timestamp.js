// RFC 3161 responses, as far as they can be judged without certificates: of what they are (section 12, check 10).
//
// Whose stamp counts is for the reader to say, and this page takes no authority to trust: so a timestamp that is of the
// right checkpoint is reported as not checked, never as good.

const SHA256_OID = Uint8Array.of(0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01);

async function checkTimestamp(where, response, text, findings) {
  const imprint = joined(Uint8Array.of(0x04, 0x20), await sha256(text));
  if (!isDer(response)) {
    findings.add("10.timestamp", where, "a response of RFC 3161", "something else");
  } else if (find(response, SHA256_OID) < 0 || find(response, imprint) < 0) {
    findings.add("10.timestamp", where, "a timestamp of this checkpoint", "one of something else");
  } else {
    findings.add("10.authority", where, "a trusted timestamp authority", "this page takes none: use the command line");
  }
}

/** Whether the bytes are one value of DER, a sequence, to their end. */
function isDer(bytes) {
  if (bytes[0] !== 0x30 || bytes.length < 4) return false;
  if (bytes[1] < 0x80) return bytes[1] + 2 === bytes.length;
  const width = bytes[1] & 0x7f;
  let size = 0;
  for (const byte of bytes.subarray(2, 2 + width)) size = size * 256 + byte;
  return width >= 1 && width <= 4 && 2 + width + size === bytes.length;
}
