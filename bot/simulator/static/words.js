// What a phone itself says, in the language of its owner's profile.

const WORDS = {
  ja: {
    apply: "申請する", cases: "申請状況", menu: "メニュー", language: "言語", help: "ヘルプ",
    read: "既読", unsent: "メッセージの送信を取り消しました", deskUnsent: "", input: "メッセージを入力", send: "送信",
    addFriend: "友だちに追加", added: "公式アカウント", blocked: "ブロック中です", unblock: "ブロック解除",
    today: "今日", cancel: "キャンセル", choose: "決定", openMenu: "メニューを開く", talks: "トーク",
  },
  en: {
    apply: "Apply", cases: "My applications", menu: "Menu", language: "Language", help: "Help",
    read: "Read", unsent: "You unsent a message", input: "Enter a message", send: "Send",
    addFriend: "Add friend", added: "Official account", blocked: "Blocked", unblock: "Unblock",
    today: "Today", cancel: "Cancel", choose: "OK", openMenu: "Open the menu", talks: "Chats",
  },
  zh: {
    apply: "申請", cases: "申請狀況", menu: "選單", language: "語言", help: "說明",
    read: "已讀", unsent: "您已收回訊息", input: "輸入訊息", send: "傳送",
    addFriend: "加入好友", added: "官方帳號", blocked: "已封鎖", unblock: "解除封鎖",
    today: "今天", cancel: "取消", choose: "確定", openMenu: "開啟選單", talks: "聊天",
  },
  ko: {
    apply: "신청하기", cases: "신청 현황", menu: "메뉴", language: "언어", help: "도움말",
    read: "읽음", unsent: "메시지를 취소했습니다", input: "메시지 입력", send: "보내기",
    addFriend: "친구 추가", added: "공식 계정", blocked: "차단 중", unblock: "차단 해제",
    today: "오늘", cancel: "취소", choose: "확인", openMenu: "메뉴 열기", talks: "대화",
  },
  vi: {
    apply: "Nộp đơn", cases: "Đơn của tôi", menu: "Menu", language: "Ngôn ngữ", help: "Trợ giúp",
    read: "Đã đọc", unsent: "Bạn đã thu hồi tin nhắn", input: "Nhập tin nhắn", send: "Gửi",
    addFriend: "Thêm bạn", added: "Tài khoản chính thức", blocked: "Đã chặn", unblock: "Bỏ chặn",
    today: "Hôm nay", cancel: "Hủy", choose: "OK", openMenu: "Mở menu", talks: "Trò chuyện",
  },
};

// Words that the desk reads in every language; what a catalog does not know yet is sent in Japanese.
const SENT = {
  ja: { apply: "申請する", cases: "申請状況", menu: "メニュー", language: "言語", help: "ヘルプ" },
  en: { apply: "apply", cases: "my applications", menu: "menu", language: "language", help: "help" },
};

const known = (language) => (language || "ja").split(/[-_@]/)[0];

export const wordsOf = (language) => ({ ...WORDS.en, ...(WORDS[known(language)] || {}) });
export const sentOf = (language) => (known(language) === "ja" ? SENT.ja : SENT.en);

export const PROFILE_LANGUAGES = [
  ["ja", "日本語"], ["en", "English"], ["zh-Hant", "繁體中文"], ["zh-Hans", "简体中文"], ["ko", "한국어"],
  ["vi", "Tiếng Việt"], ["th", "ไทย"], ["id", "Bahasa Indonesia"], ["pt-BR", "Português"],
];
