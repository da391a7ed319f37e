// One resident's phone: LINE as it looks on it.

import { perform } from "./actions.js";
import { drawContent } from "./bubbles.js";
import { h, icon, iconButton } from "./dom.js";
import { richMenu } from "./richmenu.js";
import { desk, run } from "./server.js";
import { openSettings, openAttachments, openMessage } from "./settings.js";
import { dayOf, fieldOf, hourOf } from "./times.js";
import { sentOf, wordsOf } from "./words.js";

const STAYING = new Set(["camera", "cameraRoll", "location", "datetimepicker", "uri", "clipboard"]);
const TOGETHER = 60_000;

export class Phone {
  constructor(resident, world) {
    this.user = resident.user_id;
    this.chat = this.user;
    this.world = world;
    this.resident = resident;
    this.used = null; // the message whose quick replies were tapped away
    this.menuOpen = true;
    this.shown = new Map();
    this.build();
  }

  get words() {
    return wordsOf(this.resident.language);
  }

  today() {
    return fieldOf(this.world.now).slice(0, 10);
  }

  // --- the frame, drawn once

  build() {
    this.clock = h("span", { class: "status__clock" });
    this.title = h("h2", { class: "head__title" });
    this.subtitle = h("p", { class: "head__subtitle" });
    this.back = iconButton("back", "トーク一覧", () => this.showTalks());
    this.log = h("div", { class: "chat", role: "log", tabindex: 0, "aria-live": "polite" });
    // A picture takes its room only when it has come.
    this.log.addEventListener("load", () => this.scroll(), true);
    new ResizeObserver(() => this.scroll()).observe(this.log);
    this.dots = h("div", { class: "dots", hidden: true, role: "status", "aria-label": "…" }, h("i"), h("i"), h("i"));
    this.quick = h("div", { class: "quick", role: "group" });
    this.foot = h("div", { class: "foot" });
    this.screen = h("div", { class: "screen" },
      h("div", { class: "status", "aria-hidden": "true" }, this.clock, h("span", { class: "status__icons" }, icon("signal"), icon("battery"))),
      h("div", { class: "head" }, this.back, h("div", { class: "head__names" }, this.title, this.subtitle),
        iconButton("more", "この電話の設定", () => openSettings(this))),
      h("div", { class: "body" }, this.log, this.quick), this.foot);
    this.element = h("section", { class: "phone", "data-user": this.user }, this.label(), h("div", { class: "phone__case" }, this.screen));
    this.buildInput();
  }

  label() {
    this.name = h("span", { class: "phone__name" });
    this.tags = h("span", { class: "phone__tags" });
    return h("header", { class: "phone__label" }, this.name, this.tags);
  }

  buildInput() {
    this.field = h("textarea", { class: "input__field", rows: 1 });
    this.field.addEventListener("keydown", (event) => {
      // Enter that ends a Japanese conversion does not send.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.send();
    });
    this.sendButton = iconButton("send", "送信", () => this.send(), { class: "icon-button input__send" });
    this.menuButton = iconButton("grid", "メニュー", () => this.toggleMenu());
    this.input = h("div", { class: "input" }, this.menuButton, iconButton("plus", "写真・場所・スタンプなど", () => openAttachments(this)), this.field, this.sendButton);
    this.menu = h("div", { class: "menu" });
  }

  // --- what is new

  /** Draw what changed: `entries` of all chats, oldest first. */
  update(resident, entries) {
    this.resident = resident;
    this.element.setAttribute("aria-label", `${resident.name}の電話`);
    this.name.textContent = resident.name;
    this.drawTags();
    this.clock.textContent = hourOf(this.world.now);
    this.drawHead();
    const mine = entries.filter((entry) => entry.chat === this.chat);
    for (const entry of mine) this.put(entry);
    this.drawFoot();
    this.drawQuick();
    this.drawDots();
    if (mine.length) this.scroll();
  }

  drawTags() {
    const tags = [this.resident.language, this.resident.pc ? "PC版" : null].filter(Boolean);
    if (this.tags.textContent === tags.join("")) return;
    this.tags.replaceChildren(...tags.map((tag) => h("span", { class: "tag", text: tag })));
  }

  tick() {
    this.clock.textContent = hourOf(this.world.now);
    this.drawDots();
  }

  drawHead() {
    const group = this.world.groups.find((each) => each.group_id === this.chat);
    this.title.textContent = group ? group.name : this.world.desk;
    this.subtitle.textContent = group ? (group.joined ? "グループ" : "窓口は退出しました") : this.words.added;
    this.back.hidden = !this.world.groups.some((each) => each.owner === this.user);
    this.log.setAttribute("aria-label", this.title.textContent);
    this.element.classList.toggle("phone--pc", this.resident.pc);
  }

  // --- the chat

  put(entry) {
    const drawn = this.draw(entry);
    const before = this.shown.get(entry.id);
    if (!before) this.begin = null;
    if (before) before.replaceWith(drawn);
    else {
      this.divide(entry);
      this.log.insertBefore(drawn, this.dots.parentNode === this.log ? this.dots : null);
    }
    this.shown.set(entry.id, drawn);
    this.last = !this.last || entry.id >= this.last.id ? entry : this.last;
  }

  divide(entry) {
    const day = dayOf(entry.at);
    if (day === this.day) return;
    this.day = day;
    this.log.append(h("p", { class: "day" }, h("span", { text: day })));
  }

  draw(entry) {
    if (entry.side === "note" || entry.state === "unsent") return this.note(entry);
    const follows = this.last && this.last.id < entry.id && this.last.side === entry.side && entry.at - this.last.at < TOGETHER;
    const content = drawContent(entry, (action) => perform(this, action), this.words);
    const kind = `line line--${entry.side}${follows && entry.side === "desk" ? " line--follows" : ""}`;
    const face = entry.side === "desk" ? h("img", { class: "line__face", src: desk, alt: "" }) : null;
    return h("div", { class: kind, "data-message": entry.message_id, "data-entry": entry.id },
      face, h("div", { class: "line__content" }, content), this.meta(entry));
  }

  note(entry) {
    const text = entry.state === "unsent" ? this.words.unsent : entry.content.text;
    return h("p", { class: "day day--note", "data-entry": entry.id }, h("span", { text }));
  }

  meta(entry) {
    const mine = entry.side === "me";
    const seen = mine && entry.state === "read" ? h("span", { text: this.words.read }) : null;
    const lost = mine && entry.state === "failed" ? h("span", { class: "line__lost", text: "未達" }) : null;
    const more = mine && entry.message_id
      ? h("button", { type: "button", class: "line__more", "aria-label": "このメッセージのメニュー", onclick: () => openMessage(this, entry), text: "⋯" })
      : null;
    return h("div", { class: "line__meta" }, more, seen, lost, h("time", { text: hourOf(entry.at) }));
  }

  scroll() {
    requestAnimationFrame(() => (this.log.scrollTop = this.begin ? this.begin.offsetTop - this.log.offsetTop - 4 : this.log.scrollHeight));
  }

  /** Show the beginning of `entry` until the next message: LINE would show the end of a long one. */
  showBeginning(entry) {
    this.begin = this.shown.get(entry.id) ?? null;
    this.scroll();
  }

  drawDots() {
    const loading = this.chat === this.user && this.world.loading.has(this.user);
    if (loading !== this.dots.hidden) return;
    this.dots.hidden = !loading;
    if (!loading) return;
    this.log.append(this.dots);
    this.scroll();
  }

  // --- quick replies: of the last message, on phones, until the next

  drawQuick() {
    const last = this.last;
    const items = last?.side === "desk" ? (last.content.quickReply?.items ?? []) : [];
    const visible = items.length > 0 && !this.resident.pc && this.resident.friend && !this.resident.blocked && this.used !== last.id;
    const key = visible ? last.id : 0;
    if (this.quickKey === key) return;
    this.quickKey = key;
    this.quick.hidden = !visible;
    this.quick.setAttribute("aria-label", "クイックリプライ");
    this.quick.replaceChildren(...(visible ? items.map((each) => this.chip(each.action, last)) : []));
    this.quick.scrollLeft = 0;
    this.scroll();
  }

  chip(action, entry) {
    const sign = { camera: "camera", cameraRoll: "photo", location: "pin", datetimepicker: "calendar", uri: "out" }[action.type];
    const tap = () => {
      if (!STAYING.has(action.type)) this.used = entry.id;
      perform(this, action);
      this.drawQuick();
    };
    return h("button", { type: "button", class: "chip", onclick: tap }, sign ? icon(sign) : null, action.label);
  }

  // --- the foot: add the desk, unblock it, or talk to it

  drawFoot() {
    const { friend, blocked, pc, language, menu } = this.resident;
    const key = JSON.stringify([friend, blocked, pc, language, this.menuOpen, menu?.richMenuId, this.chat]);
    if (this.footKey === key) return;
    this.footKey = key;
    this.field.placeholder = this.words.input;
    this.field.setAttribute("aria-label", this.words.input);
    this.sendButton.title = this.words.send;
    this.sendButton.setAttribute("aria-label", this.words.send);
    this.log.classList.toggle("chat--stranger", !friend);
    if (!friend || blocked) this.foot.replaceChildren(this.invitation(blocked));
    else this.foot.replaceChildren(this.input, ...(this.hasMenu() ? [this.drawMenu()] : []));
    this.menuButton.hidden = !this.hasMenu();
    this.menuButton.setAttribute("aria-expanded", String(this.menuOpen));
    this.scroll();
  }

  hasMenu() {
    return !this.resident.pc && this.chat === this.user;
  }

  invitation(blocked) {
    const label = blocked ? this.words.unblock : this.words.addFriend;
    return h("div", { class: "invitation" },
      h("img", { src: desk, alt: "" }), h("p", { class: "invitation__name", text: this.world.desk }),
      h("p", { class: "invitation__note", text: blocked ? this.words.blocked : this.words.added }),
      h("button", { type: "button", class: "button button--wide", text: label, onclick: () => run("befriend", { user: this.user }) }));
  }

  drawMenu() {
    this.menu.hidden = !this.menuOpen;
    const say = (key) => run("say", { user: this.user, text: sentOf(this.resident.language)[key] });
    this.menu.replaceChildren(richMenu(this.resident.menu, this.words, say, (action) => perform(this, action)));
    return this.menu;
  }

  // --- hands

  async send() {
    const text = this.field.value.replace(/\s+$/, "");
    if (!text) return;
    const group = this.chat === this.user ? "" : this.chat;
    if (await run("say", { user: this.user, text, group })) this.field.value = "";
  }

  type(text) {
    this.field.value = text;
    this.field.focus();
  }

  openMenu() {
    this.menuOpen = true;
    this.drawFoot();
  }

  closeMenu() {
    this.menuOpen = false;
    this.drawFoot();
  }

  toggleMenu() {
    this.menuOpen = !this.menuOpen;
    this.drawFoot();
  }

  showTalks() {
    const groups = this.world.groups.filter((each) => each.owner === this.user);
    openSettings(this, groups);
  }

  /** Show another chat of this phone: the desk's own, or a group. */
  show(chat) {
    Object.assign(this, { chat, day: null, last: null, quickKey: undefined, footKey: undefined });
    this.shown.clear();
    this.log.replaceChildren();
    this.update(this.resident, this.world.all());
  }
}
