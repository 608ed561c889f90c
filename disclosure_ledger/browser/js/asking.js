// The page: what it asks for, and when it checks. Every change checks again; the last one asked for is shown.

const at = (id) => document.getElementById(id);
const chosen = { name: null, file: null, known: [], verdict: null, error: null, asked: 0, choices: 0 };

const fileOf = async (file) => ({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) });

/** One that was kept from before: where it cannot be read it is nothing, which the verdict then says. */
const keptFileOf = (file) => fileOf(file).catch(() => ({ name: file.name, bytes: new Uint8Array() }));

/** The keys that whoever made this page put into it, and those that the reader entered. */
function trustedKeys() {
  const given = [...document.querySelectorAll("#given input:checked")].flatMap((box) => box.value.split(" "));
  const entered = at("keys").value.split("\n").map((line) => line.trim());
  return { given, entered };
}

/** The entered keys that can be read; the first that cannot is told beside the field. */
async function enteredKeys(lines) {
  const good = [];
  at("keys-fault").textContent = "";
  for (const [place, line] of lines.entries()) {
    if (!line) continue;
    try {
      good.push((await readKey(line)).vkey);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      at("keys-fault").textContent = say("trust_bad", { line: place + 1 });
    }
  }
  at("keys").toggleAttribute("aria-invalid", at("keys-fault").textContent !== "");
  return good;
}

async function check() {
  const { given, entered } = trustedKeys(), number = ++chosen.asked, { file, known } = chosen;
  Object.assign(chosen, { verdict: null, error: null }); // of another file, or under other keys: never shown again
  const vkeys = [...new Set([...given, ...(await enteredKeys(entered))])];
  if (file === null) return;
  showBusy();
  const onProgress = (done, count) => {
    if (number === chosen.asked) at("result").replaceChildren(element("p", "", say("checked_count", { done, count })));
  };
  let verdict = null, error = null;
  try {
    verdict = await verifyFile(file, { vkeys, known, onProgress });
  } catch (caught) {
    error = { word: "broken", reason: caught.message };
  }
  if (number !== chosen.asked) return;
  Object.assign(chosen, { verdict, error });
  show();
  at("result").focus({ preventScroll: true });
  at("result").scrollIntoView({ block: "start" });
}

function showBusy() {
  at("result").hidden = false;
  at("result").setAttribute("aria-busy", "true");
  at("result").replaceChildren(element("p", "", say("checking")));
}

/** The last verdict, in the language at hand. */
function show() {
  const { verdict, error } = chosen;
  if (verdict === null && error === null) return;
  const parts = verdict ? shown(verdict) : [element("p", "fault", say(error.word, error))];
  at("result").setAttribute("aria-busy", "false");
  at("result").dataset.outcome = verdict ? verdict.outcome : error.word;
  at("result").replaceChildren(...parts);
}

/** Another file: what is shown of the one before goes at once, for this one may never be read. */
async function choose(file) {
  const number = ++chosen.choices;
  chosen.asked++;
  Object.assign(chosen, { name: file.name, file: null, verdict: null, error: null });
  showName();
  showBusy();
  let read = null, error = null;
  try {
    read = await fileOf(file);
  } catch (caught) {
    error = { word: "unreadable", reason: caught.message };
  }
  if (number !== chosen.choices) return;
  Object.assign(chosen, { file: read, error });
  if (error) show();
  else await check();
}

const showName = () => at("chosen").replaceChildren(visible(say("chosen", { name: chosen.name })));

function speak(code) {
  language = code;
  document.documentElement.lang = code;
  for (const place of document.querySelectorAll("[data-word]")) place.textContent = say(place.dataset.word);
  for (const place of document.querySelectorAll("[data-origin]")) {
    const { origin: name, keys, count } = place.dataset;
    place.textContent = say(count === "1" ? "given" : "given_several", { name, keys, count });
  }
  for (const button of document.querySelectorAll("[data-language]")) {
    button.setAttribute("aria-pressed", String(button.dataset.language === code));
  }
  if (chosen.name !== null) showName();
  show();
}

/** The keys in the page, each with a box that can be unticked. */
function offerKeys() {
  const vkeys = JSON.parse(at("given-keys").textContent);
  const nameOfKey = (vkey) => vkey.split("+")[0];
  for (const owner of new Set(vkeys.map(nameOfKey))) {
    const box = element("input", ""), own = vkeys.filter((vkey) => nameOfKey(vkey) === owner);
    Object.assign(box, { type: "checkbox", checked: true, value: own.join(" ") });
    const name = element("span", "");
    Object.assign(name.dataset, { origin: owner, keys: own.map((vkey) => vkey.split("+")[1]).join(", "), count: own.length });
    box.addEventListener("change", check);
    at("given").append(element("label", "", box, name));
  }
  if (!vkeys.length) return;
  const why = element("p", "hint");
  why.dataset.word = "given_why";
  at("given").append(why);
  at("given").hidden = false;
  at("own").open = false;
}

/** The files that were chosen; the field is emptied, for of the file that stands in it a browser tells no second choice. */
function takenFrom(input) {
  const files = [...input.files];
  input.value = "";
  return files;
}

function listen() {
  const drop = at("drop");
  at("file").addEventListener("change", () => takenFrom(at("file")).slice(0, 1).forEach(choose));
  at("known").addEventListener("change", async () => {
    chosen.known = await Promise.all(takenFrom(at("known")).map(keptFileOf));
    at("known-list").replaceChildren(...chosen.known.map(({ name }) => element("li", "", name)));
    await check();
  });
  at("key-file").addEventListener("change", async () => {
    const texts = await Promise.all(takenFrom(at("key-file")).map((file) => file.text()));
    at("keys").value = [at("keys").value, ...texts].map((text) => text.trim()).filter(Boolean).join("\n");
    await check();
  });
  at("keys").addEventListener("change", check);
  for (const button of document.querySelectorAll("[data-language]")) {
    button.addEventListener("click", () => speak(button.dataset.language));
  }
  for (const event of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(event, (happened) => {
      happened.preventDefault();
      drop.classList.toggle("over", event === "dragover");
      if (event === "drop" && happened.dataTransfer.files[0]) choose(happened.dataTransfer.files[0]);
    });
  }
}

offerKeys();
listen();
speak(navigator.language.startsWith("es") ? "es" : "en");
globalThis.disclosureLedgerVerifier = { verifyFile, isSigned, readKey, sha256 }; // for experts, and for the tests
