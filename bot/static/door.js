// The door of a meeting.  What is noted is kept on this telephone first and sent whenever there is a network;
// each entry has an id of its own, so that sending it again changes nothing.
const DAY = 24 * 3600 * 1000;
const EVERY = 20_000;
const root = document.querySelector("#door");
const words = JSON.parse(root.dataset.words);
const base = location.pathname.replace(/\/$/, "");
const key = `door:${base}`;
const find = (name) => document.querySelector(`#${name}`);
const made = (name, text = "", className = "") => Object.assign(document.createElement(name), { textContent: text, className });
const said = (text, facts) => text.replace(/\{(\w+)\}/g, (_, name) => facts[name]);
const clock = (at) => new Date(at).toLocaleTimeString("ja-JP", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Tokyo" });
const fresh = () => ({ until: Date.now() + DAY, people: {}, came: {}, walkins: [], queue: [] });
// Who was just noted stays in the list: nobody else comes under the finger that taps twice.
const stays = new Set();
let online = true, chosen = "", signedOut = false;

// Names of any meeting go after a day; what could not be sent yet stays.
for (const name of Object.keys(localStorage).filter((each) => each.startsWith("door:"))) forget(name, Date.now());

function forget(name, before = Infinity) {
  const kept = JSON.parse(localStorage.getItem(name) ?? "null");
  if (!kept || kept.until > before) return;
  if (kept.queue.length) localStorage.setItem(name, JSON.stringify({ ...fresh(), queue: kept.queue }));
  else localStorage.removeItem(name);
}

const load = () => JSON.parse(localStorage.getItem(key) ?? "null") ?? fresh();
// Read and written in one go: two windows of one telephone lose nothing of each other.
function change(edit) {
  const kept = load();
  edit(kept);
  localStorage.setItem(key, JSON.stringify(kept));
  draw();
}

function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (each) => each.toString(16).padStart(2, "0")).join("");
}

function note(entry) {
  const sent = { id: newId(), at: Date.now(), ...entry };
  change((kept) => { kept.queue.push(sent); });
  sync();
}

// What is noted here counts at once, before the server has heard of it.
function standing(kept) {
  const came = { ...kept.came };
  const walkins = [...kept.walkins];
  for (const each of kept.queue) {
    const noted = { entry: each.id, at: each.at, people: each.people };
    if (each.what === "in") came[each.reference] ??= noted;
    if (each.what === "walkin" && !walkins.some((one) => one.entry === each.id)) walkins.push({ ...noted, kind: each.kind });
  }
  for (const { of } of kept.queue.filter((each) => each.what === "undo")) {
    for (const number of Object.keys(came)) if (came[number].entry === of) delete came[number];
    const at = walkins.findIndex((one) => one.entry === of);
    if (at >= 0) walkins.splice(at, 1);
  }
  return { came, walkins };
}

let syncing = null, again = false;
function sync() {
  if (syncing) again = true;
  else syncing = exchange().finally(() => { syncing = null; if (again) { again = false; sync(); } });
  return syncing;
}

async function exchange() {
  const kept = load();
  const body = { seal: root.dataset.seal, known: Object.keys(kept.people), entries: kept.queue.slice(0, 200) };
  try {
    const headers = { "Content-Type": "application/json" };
    const answer = await fetch(`${base}/sync`, { method: "POST", headers, body: JSON.stringify(body) });
    if (answer.status === 401) { signedOut = true; return end(); }
    if (!answer.ok) throw new Error(answer.status);
    online = true;
    signedOut = false;
    take(await answer.json());
  } catch { online = false; draw(); }
}

function take(told) {
  change((kept) => { kept.queue = kept.queue.filter((each) => !told.taken.includes(each.id)); });
  if (!told.open) return end();
  root.querySelector("#closed").hidden = true;
  change((kept) => {
    for (const each of told.people) kept.people[each.number] = each;
    for (const number of told.gone) delete kept.people[number];
    kept.came = told.came;
    kept.walkins = told.walkins;
  });
  if (load().queue.length) again = true;
}

// The door is closed, or we are no longer let in: nothing about anybody stays here.
function end() {
  forget(key);
  if (!signedOut) navigator.serviceWorker?.controller?.postMessage({ forget: true });
  root.querySelector("#closed").hidden = false;
  draw();
}

const folded = (text) => text.normalize("NFKC").toLowerCase().replace(/\s/g, "")
  .replace(/[\u3041-\u3096]/g, (each) => String.fromCharCode(each.charCodeAt(0) + 0x60));

function codeOf(text) {
  const held = text.match(/[?&]code=([^&#]+)/);
  return (held ? decodeURIComponent(held[1]) : text).normalize("NFKC").trim().toUpperCase();
}

function tell(text, wrong = false) {
  const line = find("told");
  line.textContent = text;
  line.classList.toggle("late", wrong);
}

function arrive(number) {
  const { people } = load();
  const there = standing(load()).came[number];
  const facts = { number, name: people[number]?.name ?? "", at: there ? clock(there.at) : "" };
  if (!people[number]) return tell(said(words.unknown, facts), true);
  if (there) return tell(said(words.already, facts));
  stays.add(number);
  note({ what: "in", reference: number, people: people[number].people });
  tell(said(words.done, facts));
}

function undo(entry, facts) {
  note({ what: "undo", of: entry, people: 1 });
  tell(said(words.undone, facts));
}

function line(each, there) {
  const item = made("li", "", there ? "came" : "");
  const about = made("p");
  about.append(made("strong", each.name || each.number), made("span", ` ${each.kana}`), made("br"));
  about.append(said(words.line, { number: each.number, kind: each.kind || "—", people: each.people }));
  const press = made("button", there ? said(words.undo, {}) : said(words.check, {}), there ? "button" : "button primary");
  press.type = "button";
  press.setAttribute("aria-label", `${press.textContent} ${each.name || each.number}`);
  press.addEventListener("click", () => (there ? undo(there.entry, each) : arrive(each.number)));
  if (there) about.append(made("span", ` ${said(words.at, { at: clock(there.at) })}`, "mark"));
  item.append(about, press);
  return item;
}

function draw() {
  const kept = load();
  const { came, walkins } = standing(kept);
  const wanted = folded(find("search").value);
  const people = Object.values(kept.people);
  const found = people.filter((each) => each.number === chosen || (wanted && folded(each.number + each.name + each.kana).includes(wanted)));
  const shown = wanted || chosen ? found : people.filter((each) => !came[each.number] || stays.has(each.number));
  shown.sort((one, other) => one.kana.localeCompare(other.kana, "ja"));
  find("people").replaceChildren(...shown.slice(0, 50).map((each) => line(each, came[each.number])));
  find("none").hidden = !wanted || found.length > 0;
  const there = people.filter((each) => came[each.number]);
  const total = [...there.map((each) => came[each.number]), ...walkins].reduce((sum, each) => sum + each.people, 0);
  find("count").textContent = said(words.count, { came: total, expected: people.reduce((sum, each) => sum + each.people, 0) });
  find("unsent").textContent = kept.queue.length ? said(words.unsent, { count: kept.queue.length }) : words.sent;
  find("network").textContent = signedOut ? words.signed_out : online ? words.online : words.offline;
  root.classList.toggle("offline", !online);
  find("walkins").replaceChildren(...walkins.map(walkIn));
}

function walkIn(each) {
  const item = made("li");
  const kind = find("kind")?.querySelector(`option[value="${CSS.escape(each.kind)}"]`)?.textContent ?? "";
  const press = made("button", words.undo, "button");
  press.type = "button";
  press.setAttribute("aria-label", `${words.undo} ${clock(each.at)} ${kind}`);
  press.addEventListener("click", () => undo(each.entry, { name: "", number: words.walkin }));
  item.append(made("p", `${clock(each.at)} ${kind} ${said(words.people, { people: each.people })}`), press);
  return item;
}

async function scan() {
  const video = find("camera");
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  Object.assign(video, { srcObject: stream, hidden: false });
  await video.play();
  for (let last = "", until = Date.now() + 60_000; Date.now() < until && !video.hidden; ) {
    const [code] = await detector.detect(video);
    if (code && code.rawValue !== last) arrive(codeOf((last = code.rawValue)));
    await new Promise((done) => setTimeout(done, 200));
  }
  stream.getTracks().forEach((each) => each.stop());
  video.hidden = true;
}

function begin() {
  root.hidden = false;
  chosen = codeOf(new URLSearchParams(location.search).get("code") ?? "");
  find("search").addEventListener("input", () => { chosen = ""; stays.clear(); draw(); });
  find("find").addEventListener("submit", (event) => {
    event.preventDefault();
    const number = codeOf(find("search").value);
    if (load().people[number]) { chosen = number; arrive(number); find("search").value = ""; draw(); }
  });
  find("walkin").addEventListener("submit", (event) => {
    event.preventDefault();
    const kind = find("kind")?.value ?? "";
    note({ what: "walkin", kind, name: find("walkin-name").value, people: Number(find("walkin-people").value) || 1 });
    event.target.reset();
    tell(words.walkin_done);
  });
  if ("BarcodeDetector" in window && navigator.mediaDevices) {
    find("scan").hidden = false;
    find("scan").addEventListener("click", () => scan().catch(() => tell(words.no_camera, true)));
  }
  addEventListener("online", sync);
  addEventListener("offline", () => { online = false; draw(); });
  addEventListener("storage", draw);
  setInterval(sync, EVERY);
  draw();
  sync();
}

async function keepPage() {
  if (!("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register(`${base}/worker.js`, { scope: base });
  const ready = await navigator.serviceWorker.ready;
  const needed = [...document.querySelectorAll("link[href], script[src], header img")].map((each) => each.href ?? each.src);
  ready.active.postMessage({ keep: [base, ...needed] });
}

begin();
keepPage().catch(() => {});
