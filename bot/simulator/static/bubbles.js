// One message of a chat as an element.

import { h, icon, safe } from "./dom.js";
import { drawFlex } from "./flex.js";
import { picture, sticker as stickerPicture } from "./server.js";

/** Return what stands inside the bubble of `entry`, or the whole card where LINE draws one. */
export function drawContent(entry, tap, words) {
  if (entry.state === "unsent") return null;
  const draw = KINDS[entry.content.type] ?? unknown;
  return draw(entry.content, tap, words, entry);
}

const KINDS = { text, textV2: text, flex, template, image, video, audio, file, location, sticker };

function unknown(content) {
  return balloon(`［${content.type}］`);
}

function balloon(text, ...more) {
  return h("div", { class: "balloon" }, linked(text), more);
}

const ADDRESS = /(https?:\/\/[^\s<>"'）」]+)/g;

/** Return `text` with its web addresses as links. */
function linked(text) {
  return String(text).split(ADDRESS).map((part) => {
    if (!/^https?:\/\//.test(part)) return document.createTextNode(part);
    return h("a", { href: safe(part), target: "_blank", rel: "noopener noreferrer", text: part });
  });
}

function text(content) {
  return balloon(content.text ?? "");
}

function flex(content, tap) {
  const made = drawFlex(content.contents, tap);
  made.setAttribute("data-alt", content.altText ?? "");
  return made;
}

function template(content, tap) {
  const drawn = (TEMPLATES[content.template?.type] ?? unknown)(content.template ?? {}, tap);
  drawn.setAttribute("data-alt", content.altText ?? "");
  return drawn;
}

const TEMPLATES = { buttons, confirm, carousel, image_carousel: imageCarousel };

function buttons(value, tap) {
  return h("div", { class: "card" }, cardPicture(value, value.thumbnailImageUrl), cardWords(value), actions(value.actions, tap));
}

function cardPicture(value, address) {
  if (!safe(address)) return null;
  const kind = `card__picture card__picture--${value.imageAspectRatio ?? "rectangle"}`;
  return h("img", { class: kind, src: safe(address), alt: "", loading: "lazy" });
}

function cardWords(value) {
  const title = value.title ? h("p", { class: "card__title", text: value.title }) : null;
  return h("div", { class: "card__words" }, title, h("p", { class: "card__text", text: value.text ?? "" }));
}

function actions(list, tap) {
  const made = (list ?? []).map((action) =>
    h("button", { type: "button", class: "card__action", text: action.label, onclick: () => tap(action) }));
  return h("div", { class: "card__actions" }, made);
}

function confirm(value, tap) {
  return h("div", { class: "card card--confirm" }, cardWords(value), actions(value.actions, tap));
}

function carousel(value, tap) {
  const columns = (value.columns ?? []).map((column) => buttons({ ...value, ...column }, tap));
  return h("div", { class: "carousel", tabindex: 0, role: "group", "aria-label": "横に並んだカード" }, columns);
}

function imageCarousel(value, tap) {
  const columns = (value.columns ?? []).map((column) =>
    h("button", { type: "button", class: "card card--picture", onclick: () => tap(column.action) },
      cardPicture({ imageAspectRatio: "square" }, column.imageUrl), column.action?.label ?? ""));
  return h("div", { class: "carousel" }, columns);
}

function image(content, _tap, _words, entry) {
  const address = entry.side === "me" ? picture(entry.message_id) : safe(content.previewImageUrl);
  return h("img", { class: "photo", src: address, alt: "写真", loading: "lazy" });
}

function video() {
  return balloon("▶ 動画");
}

function audio(content) {
  const seconds = Math.round((content.duration ?? 0) / 1000);
  return h("div", { class: "balloon balloon--sound" }, icon("sound"), ` ${seconds}秒の音声`);
}

function file(content) {
  return h("div", { class: "balloon balloon--file" }, icon("file"),
    h("span", {}, content.fileName ?? "", h("small", { text: `${content.fileSize ?? 0} bytes` })));
}

function location(content) {
  const where = `${Number(content.latitude).toFixed(4)}, ${Number(content.longitude).toFixed(4)}`;
  return h("div", { class: "place" },
    h("div", { class: "place__map", "aria-hidden": "true" }, icon("pin")),
    h("div", { class: "place__words" }, h("strong", { text: content.title ?? "位置情報" }),
      h("span", { text: content.address ?? "" }), h("small", { text: where })));
}

function sticker() {
  return h("img", { class: "sticker", src: stickerPicture, alt: "スタンプ" });
}
