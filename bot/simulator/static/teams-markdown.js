// The little markdown that Teams knows: bold, italic, links, lists, line breaks. Nothing else becomes an element.

import { h } from "./dom.js";

const INLINE = /\*\*(.+?)\*\*|__(.+?)__|\*(.+?)\*|_(.+?)_|\[([^\]]*)\]\((https?:\/\/[^\s)]+)\)/;

/** Return `text` as elements. */
export function markdown(text) {
  const made = [];
  let list = null;
  for (const line of String(text).replace(/\r\n?/g, "\n").split("\n")) {
    const item = /^\s*(?:([-*])|(\d+)\.)\s+(.*)$/.exec(line);
    if (!item) {
      list = null;
      made.push(h("p", {}, inline(line)));
      continue;
    }
    const tag = item[1] ? "ul" : "ol";
    if (list?.localName !== tag) made.push((list = h(tag, tag === "ol" ? { start: Number(item[2]) } : {})));
    list.append(h("li", {}, inline(item[3])));
  }
  return made;
}

function inline(text) {
  const found = INLINE.exec(text);
  if (!found) return [document.createTextNode(text)];
  const [whole, bold, strong, italic, slanted, label, address] = found;
  const element = address ? h("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, inline(label))
    : h(bold ?? strong ? "strong" : "em", {}, inline(bold ?? strong ?? italic ?? slanted));
  return [document.createTextNode(text.slice(0, found.index)), element, ...inline(text.slice(found.index + whole.length))];
}

/** Hand the renderer of cards what it asks for: markup that was built from elements, so nothing of `text` is markup. */
export function asMarkup(text, result) {
  const held = h("div", {}, markdown(text));
  result.outputHtml = held.innerHTML;
  result.didProcess = true;
}
