"""Texts that break things: whatever reads, keeps, draws or exports a text is tried with them."""

_LONG = 100_000


def _alone(*points: int) -> tuple[str, ...]:
    """Return, for each code point, a text of nothing else and one with it in the middle."""
    return tuple(text for point in points for text in (chr(point), f"見本{chr(point)}太郎"))


CONTROLS: tuple[str, ...] = (
    *_alone(0x00, 0x07, 0x08, 0x0B, 0x0C, 0x1A, 0x1B, 0x7F, 0x80, 0x85, 0x9F),
    "\x1b[31m赤\x1b[0m",
    "一行目\r\n二行目\r三行目\n四行目",
    "a\u2028b\u2029c",
    "\t\t見本\t太郎\t",
    "\n\n\n",
)

INVISIBLE: tuple[str, ...] = (
    *_alone(0x00AD, 0x034F, 0x061C, 0x115F, 0x200B, 0x200C, 0x200D, 0x2060, 0x3164, 0xFEFF, 0xFFA0, 0xFFFC),
    "\u200b" * 50,
    "見\u200b本\u200b太\u200b郎",
    "\u180e",
    "\u2800",
    "\ufff9見本\ufffaみほん\ufffb",
    "\U000e0001\U000e0061\U000e007f",
    "\U000e0100",
    "\ufe0f\ufe0f",
)

BROKEN: tuple[str, ...] = (
    *_alone(0xD800, 0xDFFF, 0xFDD0, 0xFFFE, 0xFFFF, 0x1FFFF, 0x10FFFF, 0xE000, 0x0378),
    "\ud83d\ude00",
    "\ude00\ud83d",
    "ã‚\x8fã‚Œã‚\x8b",
    "������",
)

DIRECTIONS: tuple[str, ...] = (
    "\u202egpj.exe",
    "\u2066\u2067\u2068\u2069",
    "\u200fمرحبا\u200e",
    "שלום 見本",
    "\u202a\u202b\u202c\u202d\u202e",
    "見本\u202e郎太",
)

COMPOSED: tuple[str, ...] = (
    "e\u0301",
    "か\u3099き\u309a",
    "カ゛",
    "Z̸̢͇a̶̛͕l̵̝͝g̶̮̃o̷͎̊",
    "a" + "\u0301" * 500,
    "\u0301だけ",
    "각",
    "\u1112\u1161\u11ab",
    "ﷺ",
    "ǆ",
    "ẞß",
    "İıſ",
    "ΐ",
)

NAMES: tuple[str, ...] = (
    "葛\U000e0100城",
    "辻\U000e0101",
    "𠮷野",
    "髙橋",
    "﨑山",
    "神\ufa19社",
    "福\ufa1b",
    "邉邊辺",
    "鷗外",
    "㍿見本",
    "㈱見本",
    "德永",
    "\U00020bb7",
    "\U0002a6a5",
    "\U000e000f",
    "外字\ue000",
    "ジャン＝ピエール",
    "O'Brien",
    "Nguyễn Thị",
    "Müller-Lüdenscheidt",
    "김철수",
    "王小明",
    "ﾐﾎﾝ ﾀﾛｳ",
    "ﾊﾟﾋﾟ",
    "見本　太郎",
    "null",
    "None",
    "undefined",
    "True",
)

EMOJI: tuple[str, ...] = (
    "👨‍👩‍👧‍👦家族",
    "🏳️‍🌈",
    "👍🏽",
    "🇯🇵🇯",
    "1️⃣2️⃣",
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "❤️❤︎❤",
    "🐻" * 200,
    "©️®️™️",
    "👩\u200d",
    "\u200d👩",
    "㊙️",
)

FORMULAS: tuple[str, ...] = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1+1)",
    "＝1+1",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    '=HYPERLINK("http://example.test","見本")',
    "=cmd|' /C calc'!A0",
    '"=1+1"',
    "'=1+1",
    ";=1+1",
    'a,"b"\r\nc',
    "%0A=1+1",
)

CODE: tuple[str, ...] = (
    "'; DROP TABLE submissions; --",
    "' OR '1'='1",
    "\\'; --",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<!--",
    "]]>",
    "&amp;&lt;&#0;",
    "javascript:alert(1)",
    "{x}",
    "{0}",
    "{}",
    "{reference.__class__}",
    "{{7*7}}",
    "{% raw %}",
    "${7*7}",
    "%s%s%n",
    "%(name)s",
    "%",
    "{",
    "}",
    "\\",
    "\\u0000",
    "\\x00",
    "../../etc/passwd",
    "..\\..\\windows",
    "file:///etc/passwd",
    "http://127.0.0.1/",
    "$(id)",
    "`id`",
    "| id",
    "a\r\nSet-Cookie: x=1",
    '{"type":"text"}',
    "*太字* _斜体_ ~~消し~~ [見本](http://example.test)",
    "<at>見本</at>",
    "${a}$" * 50,
    "CON",
    "NUL.txt",
)

NUMBERS: tuple[str, ...] = (
    "²",
    "①",
    "٣",
    "४२",
    "½",
    "Ⅲ",
    "1_0",
    "NaN",
    "inf",
    "-inf",
    "1e5",
    "1e999999999",
    "0x10",
    "0b1",
    "-0",
    "00000000000000000000",
    "9" * 400,
    "1,5",
    "1.2.3",
    "四〇〇〇〇〇〇〇〇〇〇〇",
    "無量大数",
    "万",
    "−５",
    "０.１",
    "99999-99-99",
    "令和0年0月0日",
    "昭和100年13月32日",
    "0000-00-00",
    "9999-12-31",
    "2027-02-29",
    "24:60",
    "+" * 300,
    "011-" * 300,
)

EMPTY: tuple[str, ...] = ("", " ", "　", "\u00a0", "。", "・", "ー", "-", ".", "…")

LONG: tuple[str, ...] = (
    "あ" * _LONG,
    "a" * _LONG,
    "1" * _LONG,
    " " * _LONG,
    "\x00" * _LONG,
    "\u200d" * _LONG,
    "👩\u200d" * (_LONG // 2),
    "e" + "\u0301" * _LONG,
    "北1条西2丁目" * (_LONG // 7),
    "a@" * (_LONG // 2),
    "(" * _LONG,
    "1-" * (_LONG // 2),
)

NASTY: tuple[str, ...] = (
    *CONTROLS,
    *INVISIBLE,
    *BROKEN,
    *DIRECTIONS,
    *COMPOSED,
    *NAMES,
    *EMOJI,
    *FORMULAS,
    *CODE,
    *NUMBERS,
    *EMPTY,
    *LONG,
)
"""All of them."""
