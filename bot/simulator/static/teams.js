// Teams beside the phones: who there is on the left, the chosen chat on the right.

import { h, iconButton } from "./dom.js";
import { runTeams } from "./server.js";
import { TeamsChat } from "./teams-chat.js";
import { hourOf } from "./times.js";

const THEME = "simulator.teams.theme";

export class Teams {
  constructor(place) {
    this.place = place;
    this.people = [];
    this.channels = [];
    this.bot = "";
    this.chats = new Map();
    this.rows = new Map();
    this.chosen = null;
    this.build();
    this.dress(localStorage.getItem(THEME) === "dark");
  }

  // --- the window, drawn once

  build() {
    this.persons = h("ul", { class: "t-list" });
    this.teams = h("ul", { class: "t-list" });
    this.theme = iconButton("moon", "暗い画面にする", () => this.dress(!this.dark), { class: "icon-button t-bar__theme" });
    this.stage = h("div", { class: "t-stage" });
    this.place.append(
      h("div", { class: "t-bar" }, h("span", { class: "t-bar__mark", "aria-hidden": "true", text: "T" }), h("h2", { class: "t-bar__title", text: "Teams" }),
        h("p", { class: "t-bar__note", text: "職員それぞれの画面を、左の名前で切り替えます" }), this.theme),
      h("div", { class: "t-body" },
        h("nav", { class: "t-side", "aria-label": "職員とチャネル" }, h("h3", { class: "t-side__head", text: "だれの Teams を見るか" }), this.persons,
          h("h3", { class: "t-side__head", text: "チーム" }), this.teams),
        this.stage));
  }

  dress(dark) {
    this.dark = dark;
    localStorage.setItem(THEME, dark ? "dark" : "light");
    this.place.classList.toggle("teams--dark", dark);
    this.theme.setAttribute("aria-pressed", String(dark));
    this.chats.forEach((chat) => chat.redraw());
  }

  // --- what is new

  update(news) {
    if (!news?.people) return;
    this.bot = news.bot;
    this.people = news.people;
    this.channels = news.channels;
    for (const room of this.rooms()) this.chat(room).hear(room);
    for (const entry of news.entries) this.chats.get(entry.chat)?.put(entry);
    this.drawLists();
    if (!this.chosen) this.choose(this.people[0].chat);
    this.look();
  }

  clear() {
    this.chats.forEach((chat) => chat.element.remove());
    this.chats.clear();
    this.rows.clear();
    this.persons.replaceChildren();
    this.teams.replaceChildren();
    this.chosen = null;
  }

  rooms() {
    return [...this.people.map((person) => ({ id: person.chat, person, seen: person.seen, installed: person.installed })),
      ...this.channels.map((channel) => ({ id: channel.id, channel, seen: channel.seen, installed: channel.installed }))];
  }

  chat(room) {
    if (!this.chats.has(room.id)) {
      const made = new TeamsChat(this, room);
      made.element.hidden = true;
      this.chats.set(room.id, made);
      this.stage.append(made.element);
    }
    return this.chats.get(room.id);
  }

  // --- the lists

  drawLists() {
    for (const chat of this.chats.values()) {
      if (!this.rows.has(chat.id)) this.addRow(chat);
      this.drawRow(chat, this.rows.get(chat.id));
    }
  }

  addRow(chat) {
    const row = { badge: h("span", { class: "t-row__badge" }), time: h("time", { class: "t-row__time" }), last: h("span", { class: "t-row__last" }) };
    row.button = h("button", { type: "button", class: "t-row", "data-chat": chat.id, "data-member": chat.room.person?.object_id, onclick: () => this.choose(chat.id) },
      h("span", { class: `t-face t-face--${chat.colour}`, "aria-hidden": "true", text: chat.initial }),
      h("span", { class: "t-row__names" }, h("b", { text: chat.name }), h("small", { text: chat.duty }), row.last),
      h("span", { class: "t-row__end" }, row.time, row.badge));
    this.rows.set(chat.id, row);
    (chat.room.channel ? this.teams : this.persons).append(h("li", {}, row.button));
  }

  drawRow(chat, row) {
    const count = chat.unread();
    row.badge.textContent = count ? String(count) : "";
    row.badge.hidden = !count;
    row.badge.setAttribute("aria-label", `未読${count}件`);
    row.badge.setAttribute("role", "img");
    row.last.textContent = chat.preview();
    row.time.textContent = chat.last ? hourOf(chat.last.at) : "";
    row.button.classList.toggle("t-row--new", count > 0);
    row.button.setAttribute("aria-current", String(chat.id === this.chosen));
  }

  choose(id) {
    this.chosen = id;
    this.chats.forEach((chat) => (chat.element.hidden = chat.id !== id));
    this.chats.get(id).appear();
    this.drawLists();
    this.look();
  }

  /** Show the chat of whoever has that name: the story leads there. */
  chooseNamed(name) {
    const person = this.people.find((each) => each.name === name);
    if (!person) return;
    this.choose(person.chat);
    this.rows.get(person.chat).button.focus();
  }

  unreadOf(name) {
    const person = this.people.find((each) => each.name === name);
    return person ? (this.chats.get(person.chat)?.unread() ?? 0) : 0;
  }

  /** What stands on the screen has been seen. */
  look() {
    const chat = this.chats.get(this.chosen);
    if (!chat || document.hidden || !this.place.offsetParent || !chat.unread()) return;
    if (this.told === chat.last.id) return;
    this.told = chat.last.id;
    runTeams("see", { chat: chat.id, entry: chat.last.id });
  }
}

