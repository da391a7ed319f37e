// The switches: what goes wrong between LINE or Teams and the desk.

import { h } from "./dom.js";
import { run, runTeams } from "./server.js";

const WEBHOOK = [
  ["twice", "すべてのイベントを2回送る", "LINE は同じイベントを2回送ることがあります"],
  ["redelivery", "応答がなければ再配送する", "2xx 以外のとき isRedelivery=true で送り直します（LINE では設定で有効にします）"],
  ["forged", "署名を偽物にする", "401 で何も残らないはずです"],
  ["standby", "standby モードにする", "窓口は黙っているはずです"],
];
const API = [
  ["rate_limited", "429：レート制限", "窓口は待ってからもう一度送るはずです"],
  ["quota", "429：月の上限", "返信は無料のまま、プッシュだけが断られます"],
  ["server_error", "500：受け付けない", "窓口は同じリトライキーで送り直すはずです"],
  ["accepted_then_500", "受け付けて500を返す", "届いているのに失敗に見えます。二重に届かないはずです"],
  ["reset", "受け付けずに切断", "送れたかどうか窓口には分かりません"],
  ["accepted_then_reset", "受け付けて切断", "同じく分かりませんが、届いています"],
  ["preparing", "写真を準備中（202）にする", "窓口はあとで取り直すはずです"],
];
const USUAL = "redelivery"; // the one that LINE itself has
const ENDPOINTS = [["reply", "返信"], ["push", "プッシュ"], ["multicast", "一斉"], ["profile", "プロフィール"], ["content", "写真"], ["loading", "読込中の表示"]];

/** What goes wrong on LINE's side. */
export const LINE = { title: "LINE", webhook: WEBHOOK, api: API, endpoints: ENDPOINTS, put: (faults) => run("faults", { faults }) };

/** The same of Teams. */
export const TEAMS = {
  title: "Teams",
  webhook: [
    ["twice", "すべてのアクティビティを2回送る", "応答が遅いと Teams は同じものをもう一度送ります"],
    ["redelivery", "応答がなければ送り直す", "つながらないときと 5xx のときだけです"],
    ["forged", "署名を偽物にする", "401 で何も残らないはずです"],
  ],
  api: [
    ["rate_limited", "429：混雑", "窓口は Retry-After だけ待って送り直すはずです"],
    ["server_error", "502：受け付けない", "窓口は待ってから送り直すはずです"],
    ["unauthorised", "401：トークンを認めない", "窓口は間をおいて、新しいトークンで送り直すはずです"],
    ["accepted_then_500", "受け付けて500を返す", "届いているのに失敗に見えます。Teams には見分ける番号がなく、もう一度届くことがあります"],
    ["reset", "受け付けずに切断", "送れたかどうか窓口には分かりません"],
    ["accepted_then_reset", "受け付けて切断", "同じく分かりませんが、届いています"],
  ],
  endpoints: [["send", "送信"], ["update", "更新"], ["create", "会話の作成"], ["members", "名簿"], ["content", "写真"], ["token", "トークン"]],
  put: (faults) => runTeams("faults", { faults }),
};

export class FaultsTab {
  constructor(side = LINE) {
    this.side = side;
    this.now = {};
    this.fields = new Map();
    this.element = h("form", { class: "faults", onsubmit: (event) => event.preventDefault() },
      h("h3", { class: "faults__side", text: side.title }), this.group("窓口からの API 呼び出し", side.api), this.where(),
      h("div", { class: "faults__numbers" }, this.number("times", "はじめの何回か", "回（0は切るまで）"), this.number("delay_ms", "答えを遅らせる", "ミリ秒")),
      this.group("窓口への Webhook", side.webhook), this.number("late_ms", "届くのを遅らせる", "ミリ秒"),
      h("button", { type: "button", class: "button button--wide", text: "すべて元に戻す", onclick: () => side.put({}) }));
  }

  group(title, switches) {
    return h("fieldset", {}, h("legend", { text: title }), switches.map((each) => this.switch(...each)));
  }

  switch(name, label, note) {
    const field = h("input", { type: "checkbox", role: "switch", onchange: () => this.change({ [name]: field.checked }) });
    this.fields.set(name, field);
    return h("label", { class: name === USUAL ? "switch switch--usual" : "switch" }, field, h("span", { class: "switch__knob", "aria-hidden": "true" }),
      h("span", { class: "switch__words" }, h("b", { text: label }), h("small", { text: note })));
  }

  number(name, label, unit) {
    const field = h("input", { type: "number", min: 0, max: 60000, step: 1, onchange: () => this.change({ [name]: field.valueAsNumber || 0 }) });
    this.fields.set(name, field);
    return h("label", { class: "number" }, h("span", { text: label }), field, h("span", { text: unit }));
  }

  where() {
    const { endpoints } = this.side;
    this.boxes = new Map(endpoints.map(([name]) => [name, h("input", { type: "checkbox" })]));
    const change = () => this.change({ on: endpoints.map(([name]) => name).filter((name) => this.boxes.get(name).checked) });
    this.boxes.forEach((box) => box.addEventListener("change", change));
    return h("fieldset", { class: "where" }, h("legend", { text: "どの呼び出しで（選ばなければ送信すべて）" }),
      endpoints.map(([name, label]) => h("label", {}, this.boxes.get(name), ` ${label}`)));
  }

  change(part) {
    this.now = { ...this.now, ...part };
    this.side.put(this.now);
  }

  update(news) {
    if (!news.faults) return;
    this.now = news.faults;
    for (const [name, field] of this.fields) {
      if (field.type === "checkbox") field.checked = this.now[name];
      else if (document.activeElement !== field) field.value = this.now[name];
    }
    this.boxes.forEach((box, name) => (box.checked = this.now.on.includes(name)));
  }

  /** Return how many switches stand otherwise than LINE does when it is well. */
  count() {
    const ill = [...this.side.api, ...this.side.webhook].filter(([name]) => name !== USUAL && this.now[name]);
    return ill.length + (this.now.delay_ms ? 1 : 0) + (this.now.late_ms ? 1 : 0);
  }
}
