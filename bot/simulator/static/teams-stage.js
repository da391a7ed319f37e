// Puts Teams on the screen: its window, the story that leads through both, and what small screens show.

import { h } from "./dom.js";
import { Teams } from "./teams.js";

const WIDE = 1700; // CSS pixels at which the panel has room beside both
const UNASKED = 10_000; // ms after the last word of the phone's owner
const VIEWS = [["phones", "電話（LINE）"], ["teams", "Teams"], ["panel", "しくみ"]];
const STORY = [
  ["住民が申請する", null, "左の電話で友だちに追加し、「申請する」から進みます"],
  ["係が確認する", "見本 係", "Teams に届いたカードの内容を見て押します"],
  ["係長が承認する", "見本 係長", "係が押すと、係長のカードにボタンが出ます"],
  ["課長が決定する", "見本 課長", "ここで許可番号が付きます"],
  ["電話に結果が届く", null, "左の電話に、番号と次にすることが届きます"],
];

class Stage {
  constructor(phones) {
    this.phones = phones;
    this.teams = new Teams(document.getElementById("teams"));
    this.buildStory();
    this.buildViews();
    this.buildToggle();
    this.who = document.getElementById("who");
    document.getElementById("phones").addEventListener("focusin", () => this.answered());
  }

  buildStory() {
    this.steps = STORY.map(([title, name, note], number) => {
      const go = () => {
        this.view(name ? "teams" : "phones");
        if (name) this.teams.chooseNamed(name);
        else this.reach(this.rang ?? this.phones.keys().next().value);
      };
      const dot = h("span", { class: "story__dot", hidden: true, role: "img", "aria-label": "新しいものがあります" });
      return { name, dot, element: h("li", {}, h("button", { type: "button", class: "story__step", title: note, onclick: go }, h("span", { class: "story__number", "aria-hidden": "true", text: String(number + 1) }), h("span", {}, title), dot)) };
    });
    document.getElementById("story").append(h("ol", { class: "story__steps" }, this.steps.map((each) => each.element)));
  }

  buildViews() {
    this.desk = document.getElementById("desk");
    this.tabs = VIEWS.map(([key, label]) => h("button", { type: "button", class: "views__tab", "data-view": key, text: label, onclick: () => this.view(key) }));
    document.getElementById("views").append(...this.tabs);
    this.view("phones");
  }

  view(key) {
    this.desk.dataset.view = key;
    this.tabs.forEach((tab) => tab.setAttribute("aria-pressed", String(tab.dataset.view === key)));
    this.teams.look();
  }

  buildToggle() {
    const button = document.getElementById("works");
    const set = (open) => {
      this.desk.classList.toggle("desk--plain", !open);
      button.setAttribute("aria-expanded", String(open));
    };
    button.addEventListener("click", () => set(this.desk.classList.contains("desk--plain")));
    set(window.innerWidth >= WIDE);
  }

  // --- the phones

  /** Offer every phone by its owner's name: on most screens only one has room. */
  drawWho() {
    const names = [...this.phones.values()].map((phone) => [phone.user, phone.resident.name]);
    const key = JSON.stringify(names);
    if (this.whoKey === key) return;
    this.whoKey = key;
    this.who.replaceChildren(...names.map(([user, name]) => h("button", { type: "button", class: "who__name", "data-user": user, title: name, text: name.replace(/^見本さん（(.*)）$/, "$1"), onclick: () => this.reach(user) })));
  }

  reach(user) {
    const phone = this.phones.get(user);
    phone.element.scrollIntoView({ inline: "center", block: "nearest" });
    phone.element.querySelector("textarea, .invitation .button")?.focus({ preventScroll: true });
  }

  /** A phone rings where the desk speaks without having been spoken to. */
  ring(entries) {
    for (const entry of entries ?? []) {
      const phone = this.phones.get(entry.chat);
      const before = phone && [...phone.world.all()].filter((each) => each.chat === entry.chat && each.side === "me" && each.id < entry.id).pop();
      if (entry.side !== "desk" || !phone || !before || entry.at - before.at < UNASKED) continue;
      phone.element.classList.remove("phone--rings");
      requestAnimationFrame(() => phone.element.classList.add("phone--rings"));
      phone.showBeginning(entry);
      this.rang = entry.chat;
      this.steps.at(-1).dot.hidden = false;
    }
  }

  answered() {
    this.steps.at(-1).dot.hidden = true;
  }

  update(whole) {
    const news = whole.teams;
    if (whole.residents) this.drawWho();
    if (this.begun) this.ring(whole.entries);
    this.begun = true;
    this.teams.update(news);
    for (const { name, dot } of this.steps) if (name) dot.hidden = this.teams.unreadOf(name) === 0;
  }

  clear() {
    this.begun = false;
    this.teams.clear();
  }
}

/** Open Teams beside the phones. */
export function open(phones) {
  return new Stage(phones);
}
