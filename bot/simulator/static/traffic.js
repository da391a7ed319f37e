// The list of webhooks and API calls, newest first.

import { h } from "./dom.js";
import { drawJson } from "./json.js";
import { clockOf } from "./times.js";

const KEPT = 200;

export class Traffic {
  constructor() {
    this.latest = -1;
    this.list = h("ol", { class: "traffic", "aria-label": "Webhook と API" });
    this.empty = h("p", { class: "hint", text: "電話で何かすると、Webhook と API の中身がここに出ます。" });
    this.element = h("div", {}, this.empty, this.list);
  }

  update(news) {
    // What happened while the state was read is told twice.
    for (const line of (news.traffic ?? []).filter((each) => each.revision > this.latest)) {
      this.list.prepend(draw(line));
      this.latest = line.revision;
    }
    while (this.list.children.length > KEPT) this.list.lastChild.remove();
    this.empty.hidden = this.list.children.length > 0;
  }

  clear() {
    this.latest = -1;
    this.list.replaceChildren();
  }
}

function draw(line) {
  const open = h("div", { class: "traffic__body" });
  const details = h("details", { class: `traffic__line traffic__line--${line.kind}` },
    h("summary", {}, arrow(line), h("span", { class: "traffic__what" }, h("b", { text: name(line) }), h("small", { text: about(line) })),
      h("span", { class: "traffic__end" }, status(line), h("small", { text: `${clockOf(line.at)} · ${line.took} ms` }))), open);
  // Drawn when first looked at: two hundred bodies would be heavy.
  details.addEventListener("toggle", () => details.open && !open.children.length && open.append(...parts(line)), { once: true });
  return h("li", {}, details);
}

function arrow(line) {
  const inward = line.kind === "webhook";
  const wire = line.wire === "teams" ? "Teams" : "LINE";
  return h("span", { class: `arrow arrow--${line.kind} arrow--${line.wire}`, text: inward ? "→" : "←", title: inward ? `${wire} から窓口へ` : `窓口から ${wire} へ` });
}

function name(line) {
  if (line.wire === "teams") return teamsName(line);
  if (line.kind === "api") return `${line.method} ${line.path.replace("/v2/bot", "").replace(/([UCR][0-9a-f]{4})[0-9a-f]{28}/, "$1…")}`;
  const kinds = (line.sent.events ?? []).map((event) => [event?.type, event?.message?.type].filter(Boolean).join(":"));
  return `Webhook ${kinds.join(", ") || "（イベントなし）"}`;
}

/** Name a call of Teams; its conversations have names of a hundred letters. */
function teamsName(line) {
  if (line.kind === "api") return `Teams ${line.method} ${line.path.replace(/^\/v3/, "").replace(/[^/]{24,}/g, (id) => `${id.slice(0, 9)}…`)}`;
  return `Teams ${[line.sent.type, line.sent.name ?? line.sent.action].filter(Boolean).join(":")}`;
}

function teamsAbout(line) {
  const person = line.sent?.from?.name;
  const card = line.sent?.attachments?.some((each) => each.contentType?.includes("adaptive")) ? "カード" : "";
  return [line.note, person, line.sent?.text || line.sent?.value?.action?.verb || card].filter(Boolean).join(" · ");
}

function about(line) {
  if (line.wire === "teams") return teamsAbout(line);
  const first = line.kind === "webhook" ? line.sent.events?.[0] : line.sent.messages?.[0];
  const said = first?.message?.text ?? first?.postback?.data ?? first?.text ?? first?.altText ?? "";
  return [line.note, said].filter(Boolean).join(" · ");
}

function status(line) {
  const well = line.status >= 200 && line.status < 300;
  const text = line.status || "切断";
  return h("span", { class: `badge badge--${well ? "well" : "ill"}`, text: String(text) });
}

function parts(line) {
  const headers = Object.entries(line.headers ?? {});
  return [
    headers.length ? h("dl", { class: "traffic__headers" }, headers.map(([key, value]) => [h("dt", { text: key }), h("dd", { text: value })])) : null,
    h("h3", { text: line.kind === "webhook" ? `${line.wire === "teams" ? "Teams" : "LINE"} が送ったもの` : "窓口が送ったもの" }), drawJson(line.sent),
    h("h3", { text: "返ってきたもの" }), drawJson(line.received || "（空）"),
  ].filter(Boolean);
}
