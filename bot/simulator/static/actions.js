// What happens when a button that the desk has sent is tapped.

import { h, icon, safe, toast } from "./dom.js";
import { run } from "./server.js";
import { openSheet, pickDate, pickPhoto, pickPlace } from "./sheets.js";

/** Do `action` on `phone`. */
export function perform(phone, action) {
  const act = ACTIONS[action?.type];
  if (act) act(phone, action);
  else toast(`この種類のボタンはシミュレーターにありません：${action?.type}`);
}

const ACTIONS = {
  message: (phone, action) => run("tap", { user: phone.user, action }),
  postback,
  richmenuswitch: postback,
  uri: (phone, action) => openAddress(phone, action),
  datetimepicker: (phone, action) =>
    pickDate(phone, action, (params) => run("tap", { user: phone.user, action, params })),
  camera: (phone, action) => pickPhoto(phone, action.label || "カメラ"),
  cameraRoll: (phone, action) => pickPhoto(phone, action.label || "写真を選ぶ"),
  location: (phone, action) => pickPlace(phone, action.label || "位置情報"),
  clipboard: (_phone, action) => copy(action.clipboardText ?? ""),
};

async function postback(phone, action) {
  if (action.inputOption === "openKeyboard") phone.type(action.fillInText ?? "");
  if (action.inputOption === "openRichMenu") phone.openMenu();
  if (action.inputOption === "closeRichMenu") phone.closeMenu();
  const { type, ...rest } = action;
  await run("tap", { user: phone.user, action: { ...rest, type: type === "richmenuswitch" ? "postback" : type } });
}

// The desk's own pages forbid being framed, so they open beside the phone, in a window of its size.
const WINDOW = "popup,width=420,height=820,noopener,noreferrer";

function openAddress(phone, action) {
  const address = safe(action.uri);
  if (!address) return toast("このボタンの行き先は開けません。");
  if (!/^https?:/i.test(address)) return showAddress(phone, address);
  window.open(address, "_blank", WINDOW);
  return openSheet(phone, "ページを別のウィンドウで開きました", () =>
    h("div", {}, h("p", { class: "sheet__note", text: "開かないときは、もう一度どうぞ。" }),
      h("a", { class: "sheet__item", href: address, target: "_blank", rel: "noopener noreferrer" },
        icon("out"), h("span", { text: "新しいタブで開く" }))));
}

function showAddress(phone, address) {
  const isCall = address.startsWith("tel:");
  openSheet(phone, isCall ? "電話をかける" : "LINEで開く", () =>
    h("p", { class: "sheet__note sheet__note--large", text: decodeURIComponent(address.replace(/^tel:/, "")) }));
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast(`コピーしました：${text}`);
  } catch {
    toast(`コピーできませんでした。手で写してください：${text}`);
  }
}
