// What stands beside the phones: the wire, the clock, the faults, and what to try.

import { h } from "./dom.js";
import { FaultsTab, LINE, TEAMS } from "./faults.js";
import { guide } from "./guide.js";
import { run } from "./server.js";
import { clockOf, fieldOf, longDayOf } from "./times.js";
import { Traffic } from "./traffic.js";

export class Panel {
  constructor(place) {
    this.traffic = new Traffic();
    this.hasTeams = document.getElementById("teams") !== null;
    this.faults = [LINE, ...(this.hasTeams ? [TEAMS] : [])].map((side) => new FaultsTab(side));
    this.clock = new ClockTab();
    const tabs = [
      ["traffic", "Webhook と API", this.traffic.element], ["clock", "時計", this.clock.element],
      ["faults", "故障", this.faults.map((each) => each.element)], ["guide", "案内", guide(this.hasTeams)],
    ];
    this.tabs = tabs.map(([key, label], number) => this.tab(key, label, number));
    this.pages = tabs.map(([key, , content]) => h("div", { class: "page", id: `page-${key}`, role: "tabpanel", "aria-labelledby": `tab-${key}`, tabindex: 0 }, content));
    place.append(h("div", { class: "tabs", role: "tablist", "aria-label": "しくみ" }, this.tabs), ...this.pages);
    this.choose(this.hasTeams ? tabs.length - 1 : 0);
  }

  tab(key, label, number) {
    const move = (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = (number + step + this.tabs.length) % this.tabs.length;
      this.choose(next);
      this.tabs[next].focus();
    };
    return h("button", { type: "button", class: "tab", id: `tab-${key}`, role: "tab", "aria-controls": `page-${key}`, onclick: () => this.choose(number), onkeydown: move }, label);
  }

  choose(chosen) {
    this.tabs.forEach((tab, number) => {
      tab.setAttribute("aria-selected", String(number === chosen));
      tab.tabIndex = number === chosen ? 0 : -1;
    });
    this.pages.forEach((page, number) => (page.hidden = number !== chosen));
  }

  update(news) {
    this.traffic.update(news);
    this.faults[0].update(news);
    if (news.teams) this.faults[1].update(news.teams);
    this.clock.update(news);
    const ill = this.faults.reduce((sum, each) => sum + each.count(), 0);
    this.tabs[2].replaceChildren("故障", ...(ill ? [h("span", { class: "tab__count", text: String(ill) })] : []));
  }

  clear() {
    this.traffic.clear();
  }
}

class ClockTab {
  constructor() {
    this.day = h("p", { class: "clock__day" });
    this.hour = h("p", { class: "clock__hour" });
    this.field = h("input", { type: "datetime-local", required: true, "aria-label": "日時" });
    this.quota = h("p", { class: "hint" });
    const step = (name, label) => h("button", { type: "button", class: "plain", text: label, onclick: () => run("step", { step: name }) });
    const set = (event) => {
      event.preventDefault();
      run("set_clock", { at: this.field.value });
    };
    this.element = h("div", { class: "clock" }, h("div", { class: "clock__face" }, this.day, this.hour, h("p", { class: "clock__zone", text: "日本時間" })),
      h("div", { class: "clock__steps" }, step("hour", "+1 時間"), step("morning", "翌日 9:00"), step("week", "1 週間"),
        h("button", { type: "button", class: "plain", text: "開始日へ", onclick: () => run("restart_clock") })),
      h("form", { class: "clock__set", onsubmit: set }, this.field, h("button", { type: "submit", class: "button", text: "この日時にする" })),
      h("p", { class: "hint", text: "窓口全体の時計です。進めると、期限・お知らせ・受付期間がその日のものになります。" }), this.quota);
  }

  update(news) {
    this.day.textContent = longDayOf(new Date(news.now));
    this.hour.textContent = clockOf(new Date(news.now));
    if (!this.field.value) this.field.value = fieldOf(new Date(news.now));
    if (news.quota) this.quota.textContent = `今月のプッシュ：${news.quota.used} 通（無料プランの上限は ${news.quota.limit} 通）`;
  }
}
