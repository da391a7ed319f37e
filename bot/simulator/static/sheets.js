// What slides up from the bottom of a phone: pickers and menus.

import { h, icon, iconButton } from "./dom.js";
import { sample, upload, run } from "./server.js";

const PLACES = JSON.parse(document.body.dataset.places);

/** Slide `title` with `content(close)` up in `phone`; the focus goes there and comes back. */
export function openSheet(phone, title, content) {
  closeSheet(phone);
  const before = document.activeElement;
  const close = () => {
    layer.remove();
    if (before?.isConnected) before.focus();
  };
  const sheet = h("div", { class: "sheet", role: "dialog", "aria-modal": "true", "aria-label": title },
    h("div", { class: "sheet__head" }, h("h3", { text: title }), iconButton("close", "閉じる", close)), content(close));
  const layer = h("div", { class: "sheet-layer", onclick: (event) => event.target === layer && close() }, sheet);
  layer.addEventListener("keydown", (event) => keep(event, sheet, close));
  phone.screen.append(layer);
  (sheet.querySelector("input, select, .sheet__item, .button") ?? sheet.querySelector("button")).focus();
}

export function closeSheet(phone) {
  phone.screen.querySelector(".sheet-layer")?.remove();
}

/** Escape closes; Tab stays within the sheet. */
function keep(event, sheet, close) {
  if (event.key === "Escape") {
    event.stopPropagation();
    close();
  }
  if (event.key !== "Tab") return;
  const stops = [...sheet.querySelectorAll("button, input, select, a[href]")].filter((each) => !each.disabled);
  const [first, last] = [stops[0], stops[stops.length - 1]];
  const leaving = event.shiftKey ? document.activeElement === first : document.activeElement === last;
  if (!leaving) return;
  event.preventDefault();
  (event.shiftKey ? last : first).focus();
}

export function item(name, label, onclick, more = {}) {
  return h("button", { type: "button", class: "sheet__item", onclick, ...more }, icon(name), h("span", { text: label }));
}

const TYPES = { date: "date", time: "time", datetime: "datetime-local" };

/** Ask for the day or hour of `action`; `done(params)` is told what was chosen. */
export function pickDate(phone, action, done) {
  const mode = action.mode in TYPES ? action.mode : "date";
  const limit = (value) => (value ? String(value).replace("t", "T") : null);
  openSheet(phone, action.label || "日付", (close) => {
    const field = h("input", {
      type: TYPES[mode], min: limit(action.min), max: limit(action.max), required: true, "aria-label": action.label || "日付",
    });
    field.value = limit(action.initial) ?? (mode === "date" ? phone.today() : "");
    const submit = (event) => {
      event.preventDefault();
      if (!form.reportValidity()) return;
      close();
      done({ [mode]: field.value });
    };
    const form = h("form", { class: "sheet__form", onsubmit: submit }, field,
      h("button", { type: "submit", class: "button", text: phone.words.choose }));
    return form;
  });
}

/** Offer the project's own photos, and the files of this computer. */
export function pickPhoto(phone, title) {
  openSheet(phone, title, (close) => {
    const send = (name) => () => {
      close();
      run("sample_photo", { user: phone.user, name });
    };
    const photo = (name, label) => h("button", { type: "button", class: "sheet__photo sheet__item", onclick: send(name) },
      h("img", { src: sample(name), alt: "" }), h("span", { text: label }));
    return h("div", {},
      h("div", { class: "sheet__photos" }, photo("field", "畑の見本"), photo("track", "足あとの見本")),
      h("p", { class: "sheet__note", text: "見本写真には撮影場所（EXIF）が入っています。窓口で消えるかを見られます。" }),
      chooser(phone, close, "image/*", "このパソコンの写真を選ぶ"));
  });
}

export function pickFile(phone) {
  openSheet(phone, "ファイル", (close) => chooser(phone, close, "", "このパソコンのファイルを選ぶ"));
}

function chooser(phone, close, accept, label) {
  const field = h("input", { type: "file", accept, class: "sheet__file", "aria-label": label });
  field.addEventListener("change", async () => {
    const [file] = field.files;
    if (!file) return;
    close();
    await upload(phone.user, file);
  });
  return h("label", { class: "sheet__item sheet__item--file" }, icon("file"), h("span", { text: label }), field);
}

/** Offer sample places, and a place by its degrees. */
export function pickPlace(phone, title) {
  openSheet(phone, title, (close) => {
    const send = (place) => {
      close();
      run("place", { user: phone.user, place });
    };
    const known = PLACES.map((place) => item("pin", `${place.title}　${place.address}`, () => send(place)));
    return h("div", {}, known, degrees(send));
  });
}

function degrees(send) {
  const field = (label, value) => h("input", { type: "number", step: "any", required: true, value, "aria-label": label });
  const [latitude, longitude] = [field("緯度", "43.0621"), field("経度", "141.3544")];
  const submit = (event) => {
    event.preventDefault();
    send({ latitude: latitude.valueAsNumber, longitude: longitude.valueAsNumber });
  };
  return h("form", { class: "sheet__form sheet__form--row", onsubmit: submit },
    h("label", { text: "緯度" }, latitude), h("label", { text: "経度" }, longitude),
    h("button", { type: "submit", class: "button", text: "送る" }));
}
