// Where one writes: words, the mention that a bot in a channel needs, commands, pictures and files.

import { h, icon, iconButton } from "./dom.js";
import { runTeams, sample, uploadTeams } from "./server.js";

const COMMANDS = ["一覧", "巡回", "点検", "メニュー", "ヘルプ"];

/** Return the foot of `chat`. */
export function composer(chat) {
  const inChannel = Boolean(chat.room.channel);
  const mention = `@${chat.teams.bot} `;
  let thread = "";
  const field = h("textarea", { class: "t-write__field", rows: 1, placeholder: inChannel ? `新しい投稿（窓口には @${chat.teams.bot} と付けると届きます）` : "メッセージを入力", "aria-label": "メッセージを入力" });
  const answering = h("p", { class: "t-write__answering", hidden: true }, "投稿に返信しています ", h("button", { type: "button", class: "t-link", text: "やめる", onclick: () => reset() }));

  const reset = () => {
    thread = "";
    answering.hidden = true;
  };
  const say = (text) => runTeams("say", { member: chat.writer, text, ...chat.where(thread) });
  const send = async () => {
    const text = field.value.trim();
    if (!text || !(await say(text))) return;
    field.value = "";
    reset();
  };
  const addMention = () => {
    if (!field.value.includes(mention.trim())) field.value = mention + field.value;
    field.focus();
  };
  field.addEventListener("keydown", (event) => {
    // Enter that ends a Japanese conversion does not send.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  });
  field.addEventListener("paste", (event) => {
    const picture = [...event.clipboardData.files].find((each) => each.type.startsWith("image/"));
    if (!picture || inChannel) return;
    event.preventDefault();
    uploadTeams(chat.writer, picture, true);
  });

  const chips = COMMANDS.map((word) => h("button", { type: "button", class: "t-chip", text: word, onclick: () => say(inChannel ? mention + word : word) }));
  const made = h("footer", { class: "t-write" }, h("div", { class: "t-write__chips", role: "group", "aria-label": "コマンド" }, chips), answering,
    h("div", { class: "t-write__row" },
      inChannel ? h("button", { type: "button", class: "t-chip t-chip--mention", text: mention.trim(), onclick: addMention }) : iconButton("photo", "写真・ファイルを送る", () => attach(chat)),
      field, iconButton("send", "送信", send, { class: "icon-button t-write__send" })));
  made.answer = (to) => {
    thread = to;
    answering.hidden = false;
    addMention();
  };
  return made;
}

/** Offer the project's own photos, and the files of this computer. */
function attach(chat) {
  const close = () => dialog.close();
  const photo = (name, label) => h("button", { type: "button", class: "t-attach__photo", onclick: () => {
    close();
    runTeams("sample_photo", { member: chat.writer, name });
  } }, h("img", { src: sample(name), alt: "" }), h("span", { text: label }));
  const choose = (label, accept, pasted) => {
    const field = h("input", { type: "file", accept, class: "sheet__file", "aria-label": label });
    field.addEventListener("change", () => {
      const [file] = field.files;
      if (!file) return;
      close();
      uploadTeams(chat.writer, file, pasted);
    });
    return h("label", { class: "sheet__item sheet__item--file" }, icon(pasted ? "photo" : "file"), h("span", { text: label }), field);
  };
  const dialog = h("dialog", { class: "t-attach", "aria-label": "写真・ファイルを送る" }, h("h3", { text: "写真・ファイルを送る" }),
    h("div", { class: "t-attach__photos" }, photo("field", "畑の見本"), photo("track", "足あとの見本")),
    choose("このパソコンの写真を貼り付ける", "image/*", true), choose("ファイルとして送る（OneDrive）", "", false),
    h("div", { class: "adding__buttons" }, h("button", { type: "button", class: "plain", text: "閉じる", onclick: close })));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
