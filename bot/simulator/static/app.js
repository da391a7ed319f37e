// The screen: phones side by side, Teams and the panel beside them, and what is new every moment.

import { h } from "./dom.js";
import { Panel } from "./panel.js";
import { Phone } from "./phone.js";
import { run, watch } from "./server.js";
import { clockOf, longDayOf } from "./times.js";
import { PROFILE_LANGUAGES } from "./words.js";

class World {
  constructor() {
    this.groups = [];
    this.loading = new Set();
    this.entries = new Map();
    this.now = new Date();
    this.desk = "";
  }

  /** Return every entry, oldest first. */
  all() {
    return [...this.entries.values()].sort((one, other) => one.id - other.id);
  }

  hear(news) {
    this.now = new Date(news.now);
    this.loading = new Set(news.loading);
    if (news.groups) this.groups = news.groups;
    if (news.desk) this.desk = news.desk;
    for (const entry of news.entries ?? []) this.entries.set(entry.id, entry);
  }
}

const place = document.getElementById("phones");
const world = new World();
const phones = new Map();
const panel = new Panel(document.getElementById("panel"));
const stage = document.getElementById("teams") ? await import("./teams-stage.js") : null;
const teams = stage?.open(phones) ?? null;
let boot = null;

function hear(news) {
  if (boot && boot !== news.boot) clear();
  boot = news.boot;
  world.hear(news);
  document.getElementById("now").textContent = `${longDayOf(world.now)} ${clockOf(world.now)}`;
  panel.update(news);
  if (news.residents) draw(news);
  else phones.forEach((phone) => phone.tick());
  teams?.update(news);
}

function draw(news) {
  const here = new Set(news.residents.map((each) => each.user_id));
  for (const [user, phone] of phones) {
    if (here.has(user)) continue;
    phone.element.remove();
    phones.delete(user);
  }
  for (const resident of news.residents) {
    if (!phones.has(resident.user_id)) {
      const phone = new Phone(resident, world);
      phones.set(resident.user_id, phone);
      place.append(phone.element);
      phone.update(resident, world.all());
    } else phones.get(resident.user_id).update(resident, news.entries);
  }
}

function clear() {
  phones.forEach((phone) => phone.element.remove());
  phones.clear();
  world.entries.clear();
  panel.clear();
  teams?.clear();
}

function askForResident() {
  const name = h("input", { required: true, maxLength: 30, value: "見本さん", "aria-label": "名前" });
  const language = h("select", { "aria-label": "プロフィールの言語" }, PROFILE_LANGUAGES.map(([tag, label]) => h("option", { value: tag, text: label })));
  const submit = async (event) => {
    event.preventDefault();
    if (await run("add", { name: name.value, language: language.value })) dialog.close();
  };
  const dialog = h("dialog", { class: "adding", "aria-label": "住民を追加" },
    h("form", { onsubmit: submit }, h("h2", { text: "住民を追加" }), h("label", { text: "名前" }, name), h("label", { text: "プロフィールの言語" }, language),
      h("div", { class: "adding__buttons" }, h("button", { type: "button", class: "plain", text: "やめる", onclick: () => dialog.close() }), h("button", { type: "submit", class: "button", text: "追加" }))));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  name.select();
}

document.getElementById("add").addEventListener("click", askForResident);
watch(hear);
