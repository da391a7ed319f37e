// The menu at the foot of a phone: the desk's own where it has set one, otherwise its five words.

import { h, icon } from "./dom.js";
import { menuPicture } from "./server.js";

const WORDS = ["apply", "cases", "menu", "language", "help"];

/** Return the menu; `say(word)` and `tap(action)` do what was chosen. */
export function richMenu(menu, words, say, tap) {
  return menu ? theDesks(menu, tap) : fiveWords(words, say);
}

function fiveWords(words, say) {
  const tile = (key) => h("button", { type: "button", class: `tile tile--${key}`, onclick: () => say(key) }, icon(key === "menu" ? "grid" : key === "language" ? "words" : key), h("span", { text: words[key] }));
  return h("div", { class: "tiles", role: "group", "aria-label": words.menu }, WORDS.map(tile));
}

function theDesks(menu, tap) {
  const percent = (part, whole) => `${(100 * part) / whole}%`;
  const areas = (menu.areas ?? []).map(({ bounds, action }) =>
    h("button", {
      type: "button", class: "area", "aria-label": action.label ?? "", title: action.label ?? "", onclick: () => tap(action),
      style: {
        left: percent(bounds.x, menu.size.width), top: percent(bounds.y, menu.size.height),
        width: percent(bounds.width, menu.size.width), height: percent(bounds.height, menu.size.height),
      },
    }));
  return h("div", { class: "areas", role: "group", "aria-label": menu.chatBarText },
    h("img", { src: menuPicture(menu.richMenuId), alt: "" }), areas);
}
