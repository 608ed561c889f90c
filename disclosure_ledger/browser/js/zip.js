// The files of a zip: its central directory, and one file at a time, unpacked only as far as it may be long.

const MOST_PACKED = 100, SMALL_ZIP = 1_000_000;
const ZIP_BEGINS = Uint8Array.of(0x50, 0x4b, 0x03, 0x04);

class Zip {
  constructor(bytes) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const members = this.members().filter((one) => !one.name.endsWith("/"));
    const held = members.reduce((size, one) => size + one.size, 0);
    if (held > SMALL_ZIP && held > MOST_PACKED * bytes.length) {
      throw new Malformed(`expected a zip that holds at most ${MOST_PACKED} times its own size`);
    }
    const top = commonFolder(members);
    this.files = new Map();
    this.strange = []; // what is there and cannot be a file of a package
    for (const one of members) {
      const name = one.name.slice(top.length);
      if (this.files.has(name) || !one.isPlain) this.strange.push(name);
      this.files.set(name, one);
    }
  }

  names() {
    return [...this.files.keys()].sort();
  }

  /** A file's bytes, at most so many. */
  async read(name, most) {
    const one = this.files.get(name);
    if (!one?.isPlain) throw new Malformed("expected the file to be there");
    const start = this.start(one), packed = this.bytes.subarray(start, start + one.packed);
    if (packed.length !== one.packed) throw new Malformed("expected a file that can be unpacked");
    const data = one.method === 0 ? packed : await inflated(packed, "deflate-raw", most);
    if (data.length > most) throw new Malformed(`expected at most ${most} bytes`);
    if (data.length !== one.size || crc32(data) !== one.crc) throw new Malformed("expected a file that can be unpacked");
    return data;
  }

  /** Where a file's bytes begin: behind its local header, whose name and extra field may differ in length. */
  start(one) {
    this.expect(one.offset, 30, 0x04034b50);
    const name = this.view.getUint16(one.offset + 26, true), begin = one.offset + 30;
    if (nameInZip(this.bytes.subarray(begin, begin + name)) !== one.name) throw new Malformed("expected one name of a file");
    return begin + name + this.view.getUint16(one.offset + 28, true);
  }

  members() {
    const { place, count } = this.directory(), found = [];
    let at = place;
    for (let number = 0; number < count; number++) {
      this.expect(at, 46, 0x02014b50);
      const [flags, method] = [this.view.getUint16(at + 8, true), this.view.getUint16(at + 10, true)];
      const lengths = [28, 30, 32].map((offset) => this.view.getUint16(at + offset, true));
      const kind = (this.view.getUint32(at + 38, true) >>> 28) & 0xf; // of a Unix mode: 8 is a plain file, 0 unsaid
      const name = nameInZip(this.bytes.subarray(at + 46, at + 46 + lengths[0]));
      found.push({
        name,
        crc: this.view.getUint32(at + 16, true),
        packed: this.view.getUint32(at + 20, true),
        size: this.view.getUint32(at + 24, true),
        offset: this.view.getUint32(at + 42, true),
        method,
        isPlain: !(flags & 0x61) && (method === 0 || method === 8) && (kind === 0 || kind === 8),
      });
      at += 46 + lengths[0] + lengths[1] + lengths[2];
    }
    return found;
  }

  /** Where the central directory begins, by the record at the end. */
  directory() {
    const last = this.bytes.length - 22;
    for (let at = last; at >= Math.max(0, last - 65_535); at--) {
      if (this.view.getUint32(at, true) !== 0x06054b50) continue;
      if (at + 22 + this.view.getUint16(at + 20, true) !== this.bytes.length) continue;
      const count = this.view.getUint16(at + 10, true), place = this.view.getUint32(at + 16, true);
      if (count === 0xffff || place === 0xffffffff) throw new Malformed("expected a zip of less than 65,535 files");
      return { place, count };
    }
    throw new Malformed("expected a zip that can be read");
  }

  expect(at, size, signature) {
    if (at + size > this.bytes.length || this.view.getUint32(at, true) !== signature) {
      throw new Malformed("expected a zip that can be read");
    }
  }
}

/** A member's name; one that is not UTF-8 is no name of a package's file, and stays apart from all others. */
function nameInZip(bytes) {
  try {
    return textOf(bytes);
  } catch {
    return `\ufffd${hexOf(bytes)}`;
  }
}

/** The folder that every file is in, with its slash; nothing where a file stands at the top. */
function commonFolder(members) {
  const tops = new Set(members.map((one) => one.name.split("/")[0]));
  if (tops.size !== 1 || members.some((one) => !one.name.includes("/"))) return "";
  return `${[...tops][0]}/`;
}

/** What was deflated, unpacked only as far as it may be long: one byte more says that it is longer. */
async function inflated(packed, format, most) {
  const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream(format)).getReader();
  const parts = [];
  let size = 0;
  try {
    for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
      parts.push(value);
      size += value.length;
      if (size > most) {
        await reader.cancel();
        return joined(...parts).subarray(0, most + 1);
      }
    }
  } catch {
    throw new Malformed("expected a file that can be unpacked");
  }
  return joined(...parts);
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  for (let bit = 0; bit < 8; bit++) byte = byte & 1 ? (byte >>> 1) ^ 0xedb88320 : byte >>> 1;
  return byte;
});

function crc32(bytes) {
  let value = 0xffffffff;
  for (const byte of bytes) value = CRC_TABLE[(value ^ byte) & 0xff] ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}
