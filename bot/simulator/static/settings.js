// The sheets of a phone: its settings, what can be attached, what can be done with a message.

import { h } from "./dom.js";
import { run } from "./server.js";
import { item, openSheet, pickFile, pickPhoto, pickPlace } from "./sheets.js";
import { PROFILE_LANGUAGES } from "./words.js";

export function openSettings(phone) {
  openSheet(phone, phone.resident.name, (close) => {
    const go = (command, body = {}) => () => {
      close();
      run(command, { user: phone.user, ...body });
    };
    const { friend, blocked, pc } = phone.resident;
    const hears = friend && !blocked;
    return h("div", {},
      talks(phone, close), languages(phone),
      item("grid", pc ? "スマートフォン版に戻す" : "PC版LINEにする（メニューなし）", go(pc ? "as_phone" : "as_pc")),
      hears ? item("group", "グループに招待する", inviting(phone, close)) : null,
      hears ? item("close", "ブロックする", go("block")) : item("plus", blocked ? "ブロック解除" : "友だちに追加", go("befriend")),
      item("out", "この住民を画面から外す", go("remove"), { class: "sheet__item sheet__item--danger" }));
  });
}

function inviting(phone, close) {
  return () => {
    close();
    run("invite", { user: phone.user });
  };
}

/** Return the chats of this phone, where it has more than the desk's own. */
function talks(phone, close) {
  const groups = phone.world.groups.filter((each) => each.owner === phone.user);
  if (!groups.length) return null;
  const show = (chat) => () => {
    close();
    phone.show(chat);
  };
  return h("div", { class: "sheet__group" },
    item("words", phone.world.desk, show(phone.user), { "aria-current": phone.chat === phone.user ? "true" : null }),
    groups.map((each) => item("group", each.joined ? each.name : `${each.name}（窓口は退出）`, show(each.group_id),
      { "aria-current": phone.chat === each.group_id ? "true" : null })));
}

function languages(phone) {
  const select = h("select", {}, PROFILE_LANGUAGES.map(([tag, name]) => h("option", { value: tag, text: `${name}（${tag}）` })));
  select.value = phone.resident.language;
  select.addEventListener("change", () => run("speak", { user: phone.user, language: select.value }));
  return h("label", { class: "sheet__field" }, h("span", { text: "プロフィールの言語" }), select);
}

export function openAttachments(phone) {
  openSheet(phone, "送る", (close) => {
    const send = (command) => () => {
      close();
      run(command, { user: phone.user });
    };
    return h("div", { class: "sheet__tiles" },
      item("camera", "カメラ", () => pickPhoto(phone, "カメラ")),
      item("photo", "写真", () => pickPhoto(phone, "写真を選ぶ")),
      item("pin", "位置情報", () => pickPlace(phone, "位置情報")),
      item("file", "ファイル", () => pickFile(phone)),
      item("sound", "音声", send("audio")),
      item("smile", "スタンプ", send("sticker")));
  });
}

export function openMessage(phone, entry) {
  openSheet(phone, "メッセージ", (close) =>
    item("close", "送信取消", () => {
      close();
      run("unsend", { user: phone.user, message: entry.message_id });
    }, { class: "sheet__item sheet__item--danger" }));
}
