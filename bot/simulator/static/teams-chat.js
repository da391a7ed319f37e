// One chat of Teams: somebody alone with the bot, or the team's channel.

import { h, toast } from "./dom.js";
import { runTeams, desk, teamsPicture } from "./server.js";
import { drawCard } from "./teams-card.js";
import { composer } from "./teams-compose.js";
import { markdown } from "./teams-markdown.js";
import { dayOf, hourOf } from "./times.js";

const CARD = "application/vnd.microsoft.card.adaptive";
const COLOURS = ["violet", "teal", "rust", "blue", "plum", "grey", "grey"];

export class TeamsChat {
  constructor(teams, room) {
    this.teams = teams;
    this.id = room.id;
    this.room = room;
    this.entries = new Map();
    this.shown = new Map();
    this.threads = new Map();
    this.last = null;
    this.writer = room.person?.object_id ?? teams.people[0].object_id;
    this.build();
  }

  get name() {
    return this.room.person?.name ?? this.room.channel.team_name;
  }

  get duty() {
    return this.room.person?.duty ?? this.room.channel.name;
  }

  get initial() {
    return this.name.replace(/^見本\s*/, "").slice(0, 2);
  }

  get colour() {
    return this.room.channel ? "team" : COLOURS[this.teams.people.findIndex((each) => each.chat === this.id) % COLOURS.length];
  }

  get writerName() {
    return this.teams.people.find((each) => each.object_id === this.writer)?.name ?? "";
  }

  build() {
    this.empty = h("p", { class: "t-empty", text: this.room.channel ? `まだ投稿がありません。「@${this.teams.bot} 一覧」のように付けると、窓口に届きます。` : "まだ何も届いていません。住民が申請すると、担当の職員にここで書類のカードが届きます。下の「メニュー」からも始められます。" });
    this.log = h("div", { class: "t-log", role: "log", tabindex: 0, "aria-label": `${this.name}のチャット` }, this.empty);
    this.note = h("p", { class: "t-chat__gone", hidden: true });
    this.toggle = h("button", { type: "button", class: "t-chip", onclick: () => runTeams(this.room.installed ? "uninstall" : "install", { member: this.writer }) });
    const owner = this.room.channel ? this.writers() : h("p", { class: "t-head__sub", text: `${this.name} の画面：アプリとのチャット` });
    this.element = h("section", { class: "t-chat", "aria-label": `${this.name}：${this.duty}` },
      h("header", { class: "t-head" }, this.room.channel ? h("span", { class: "t-face t-face--team", "aria-hidden": "true", text: this.initial }) : h("img", { class: "t-head__face", src: desk, alt: "" }),
        h("div", { class: "t-head__names" }, h("h3", { text: this.room.channel ? `${this.name} › ${this.duty}` : this.teams.bot }), owner),
        this.room.channel ? null : this.toggle),
      this.log, this.note);
    this.composer = composer(this);
    this.element.append(this.composer);
  }

  /** In a channel everybody writes: this one chooses who does now. */
  writers() {
    const choice = h("select", { "aria-label": "このチャネルにだれとして書くか" }, this.teams.people.map((each) => h("option", { value: each.object_id, text: each.name })));
    choice.addEventListener("change", () => {
      this.writer = choice.value;
      this.redraw();
    });
    return h("p", { class: "t-head__sub" }, choice, " の画面");
  }

  // --- what is new

  hear(room) {
    this.room = room;
    this.toggle.textContent = room.installed ? "アプリを外す" : "アプリを入れる";
    this.note.hidden = room.installed;
    this.note.textContent = "アプリが外されています。窓口からは何も届きません。";
    this.composer.hidden = !room.installed;
  }

  put(entry) {
    const before = this.entries.get(entry.id);
    if (before && before.revision === entry.revision) return;
    this.entries.set(entry.id, entry);
    this.empty.remove();
    if (!this.last || entry.id >= this.last.id) this.last = entry;
    const held = this.shown.get(entry.id);
    const focused = held?.contains(document.activeElement);
    const drawn = this.draw(entry);
    if (held) held.replaceWith(drawn);
    else this.placeFor(entry).append(drawn);
    this.shown.set(entry.id, drawn);
    if (focused) drawn.focus({ preventScroll: true });
    if (!held || this.newest === held) this.newest = drawn;
    // What others change stays where one is reading it; what one pressed oneself is shown from its beginning.
    if (!held || focused) this.scroll();
  }

  /** Draw everything anew: another theme, or another pair of eyes. */
  redraw() {
    for (const [id, held] of this.shown) {
      const drawn = this.draw(this.entries.get(id));
      held.replaceWith(drawn);
      this.shown.set(id, drawn);
    }
  }

  placeFor(entry) {
    if (!this.room.channel) return this.divided(entry);
    if (!this.threads.has(entry.thread)) {
      const answers = h("div", { class: "t-thread__answers" });
      const reply = h("button", { type: "button", class: "t-thread__reply", text: "返信", onclick: () => this.answer(entry.thread) });
      this.log.append(h("div", { class: "t-thread" }, answers, reply));
      this.threads.set(entry.thread, answers);
    }
    return this.threads.get(entry.thread);
  }

  divided(entry) {
    const day = dayOf(entry.at);
    if (day !== this.day) this.log.append(h("p", { class: "t-day" }, h("span", { text: day })));
    this.day = day;
    return this.log;
  }

  answer(thread) {
    this.composer.answer(thread);
  }

  unread() {
    return [...this.entries.values()].filter((each) => each.id > this.room.seen && each.author === "" && each.state !== "deleted").length;
  }

  preview() {
    if (!this.last) return "";
    const { content, author } = this.last;
    const card = (content.attachments ?? []).find((each) => each.contentType === CARD);
    const words = content.text || content.summary || (card ? (card.content.fallbackText ?? firstWords(card.content)) : content.file ? "写真・ファイル" : "");
    return `${author ? "自分: " : ""}${words}`;
  }

  appear() {
    this.scroll();
  }

  /** Show the newest message: its end, or its beginning where it is longer than the window. */
  scroll() {
    requestAnimationFrame(() => {
      const { log, newest } = this;
      const tall = newest && newest.offsetHeight > log.clientHeight - 24;
      log.scrollTop = tall ? newest.offsetTop - log.offsetTop - 6 : log.scrollHeight;
    });
  }

  // --- one message

  draw(entry) {
    const mine = !this.room.channel && entry.author === this.writer;
    const author = entry.author ? (this.teams.people.find((each) => each.object_id === entry.author)?.name ?? "") : this.teams.bot;
    const face = entry.author ? h("span", { class: "t-face t-face--small", "aria-hidden": "true", text: author.replace(/^見本\s*/, "").slice(0, 1) }) : h("img", { class: "t-msg__face", src: desk, alt: "" });
    const meta = h("p", { class: "t-msg__meta" }, mine ? null : h("b", { text: author }), h("time", { text: hourOf(entry.at) }), entry.edited && entry.state !== "deleted" ? h("span", { text: "編集済み" }) : null);
    const failed = entry.state === "failed" ? h("p", { class: "t-msg__lost", text: "送信できませんでした" }) : null;
    return h("div", { class: `t-msg t-msg--${mine ? "mine" : "theirs"}`, "data-message": entry.message_id, "data-entry": entry.id, tabindex: -1 },
      mine ? null : face, h("div", { class: "t-msg__box" }, meta, this.content(entry), failed));
  }

  content(entry) {
    if (entry.state === "deleted") return h("p", { class: "t-msg__gone", text: "このメッセージは削除されました。" });
    const { text, file, attachments } = entry.content;
    const words = text ? bubble(text, !entry.author) : null;
    const cards = (attachments ?? []).filter((each) => each.contentType === CARD).map((each, number) => this.card(entry, number === 0 ? (entry.views[this.writer] ?? each.content) : each.content));
    const other = (attachments ?? []).filter((each) => each.contentType !== CARD).map((each) => h("p", { class: "t-bubble", text: `［${each.contentType}］` }));
    return h("div", { class: "t-msg__content" }, words, file ? fileOf(file) : null, cards, other);
  }

  card(entry, content) {
    const said = h("p", { class: "t-card__said", role: "status" });
    const frame = h("div", { class: "t-card", role: "group", "aria-label": "カード" });
    const act = async (doing) => {
      if (frame.getAttribute("aria-busy") === "true") return;
      frame.setAttribute("aria-busy", "true");
      const answer = await doing();
      frame.removeAttribute("aria-busy");
      said.textContent = answer?.said ?? "";
    };
    frame.append(drawCard(content, {
      dark: this.teams.dark,
      execute: (action) => act(() => runTeams("execute", { member: this.writer, message: entry.message_id, action })),
      submit: (value) => act(() => this.submit(entry, value)),
    }));
    return h("div", { class: "t-card__outer" }, frame, said);
  }

  /** Send a card's values; Teams turns some of them into a typed message. */
  submit(entry, value) {
    const { msteams, ...rest } = value ?? {};
    const said = { imBack: msteams?.value, messageBack: msteams?.text }[msteams?.type];
    if (said) return runTeams("say", { member: this.writer, text: said, ...this.where() });
    if (msteams && msteams.type !== "messageBack") {
      toast(`この種類のボタンはシミュレーターにありません：${msteams.type}`);
      return null;
    }
    return runTeams("submit", { member: this.writer, message: entry.message_id, value: rest });
  }

  where(thread = "") {
    return this.room.channel ? { chat: this.id, thread } : {};
  }
}

function bubble(text, formatted) {
  if (!formatted) return h("p", { class: "t-bubble", text });
  const made = h("div", { class: "t-bubble" });
  made.append(...markdown(text));
  return made;
}

function fileOf(file) {
  if (file.mime?.startsWith("image/")) return h("img", { class: "t-photo", src: teamsPicture(file.id), alt: file.name ?? "写真" });
  return h("p", { class: "t-bubble", text: `📎 ${file.name ?? "ファイル"}` });
}

function firstWords(card) {
  const stack = [...(card.body ?? [])];
  while (stack.length) {
    const each = stack.shift();
    const text = each.text ?? each.inlines?.map((one) => one.text ?? "").join("");
    if (text) return text;
    stack.unshift(...(each.items ?? each.columns ?? []));
  }
  return "カード";
}
