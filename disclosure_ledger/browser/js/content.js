// Content: one hash a field under one root, so that a field can be shown without the others (docs/format.md section 5).

const SALT_SIZE = 16;

const fieldHash = (item) => sha256(Uint8Array.of(0x20), utf8(writeJson(item)));
const contentRoot = (hashes) => sha256(Uint8Array.of(0x21), ...hashes);

/** The fields that opened content shows, once it is established that they are those of this root. */
async function openContent(kind, root, content) {
  const order = SEALED_KINDS[kind];
  if (list(content).length !== order.length) throw new Malformed(`expected opened content of ${order.length} places`);
  const hashes = [], fields = Object.create(null);
  for (const [place, item] of content.entries()) {
    if (typeof item === "string") {
      hashes.push(hashOf(item));
      continue;
    }
    const [salt, name] = list(item);
    if (item.length !== 3 || name !== order[place] || bytesOf(string(salt)).length !== SALT_SIZE) {
      throw new Malformed("expected an open field as its salt, its name and its value, in its place");
    }
    hashes.push(await fieldHash(item));
    fields[name] = item[2];
  }
  await expectRoot(root, hashes);
  return fields;
}

/** The same where everything is open: by the salt root and the map of fields. */
async function openWhole(kind, root, fields, saltRoot) {
  const order = SEALED_KINDS[kind];
  if (Object.keys(fields).some((name) => !order.includes(name))) throw new Malformed("expected only fields of this kind");
  const key = await crypto.subtle.importKey("raw", saltRoot, "HKDF", false, ["deriveBits"]);
  const info = utf8("disclosure-ledger/field-salts/v1"), salt = new Uint8Array();
  const bits = await crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-256", info, salt }, key, order.length * 128);
  const salts = new Uint8Array(bits), hashes = [];
  for (const [place, name] of order.entries()) {
    const own = salts.subarray(place * SALT_SIZE, (place + 1) * SALT_SIZE);
    hashes.push(await fieldHash([base64Of(own), name, has(fields, name) ? fields[name] : null]));
  }
  await expectRoot(root, hashes);
}

async function expectRoot(root, hashes) {
  if (!same(root, await contentRoot(hashes))) throw new ProofFailed("the content is not what the entry commits to");
}
