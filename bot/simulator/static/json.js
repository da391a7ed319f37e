// JSON to be read by people.

import { h } from "./dom.js";

const TOKEN = /("(?:\\.|[^"\\])*")(\s*:)?|\b(true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** Return `value` as coloured text. */
export function drawJson(value) {
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  const made = h("pre", { class: "json", tabindex: 0 });
  let end = 0;
  for (const found of text.matchAll(TOKEN)) {
    made.append(text.slice(end, found.index), span(found));
    end = found.index + found[0].length;
  }
  made.append(text.slice(end));
  return made;
}

function span([whole, quoted, colon, word]) {
  if (quoted && colon) return h("span", {}, h("span", { class: "json__key", text: quoted }), colon);
  const kind = quoted ? "text" : word ? "word" : "number";
  return h("span", { class: `json__${kind}`, text: whole });
}
