"""The survey on the day of an exchange meeting, about one sheet of A4, both sides (004-09)."""

from __future__ import annotations

from bot.surveys.samples.sheets import AGES, END, NO_NAMES, WARDS, Row, Sample


def _mark(name: str, ja: str, easy: str, en: str, relevant: str | None = None) -> Row:
    return Row("select_one marks", name, (ja, easy, en), relevant=relevant)


MEETING = Sample(
    "exchange_meeting",
    ("交流会のアンケート", "交流会の アンケート", "Survey of the exchange meeting"),
    "R6",
    (
        Row(
            "note",
            "hello",
            (
                "今日はご参加ありがとうございました。お名前はうかがいません。答えたくない質問は飛ばせます。",
                "今日は ありがとう ございました。なまえは 聞きません。答えたく ない しつもんは 答えなくて いいです。",
                "Thank you for coming today. We do not ask your name, and you may skip any question.",
            ),
        ),
        Row(
            "select_one attendance",
            "attendance",
            ("どこで参加しましたか。", "どこで 参加しましたか。", "Where did you take part?"),
            required=True,
        ),
        Row(
            "select_multiple heard or_other",
            "heard",
            (
                "交流会を何で知りましたか（いくつでも）。",
                "交流会を なにで 知りましたか（いくつでも）。",
                "How did you hear of the meeting? (any number)",
            ),
        ),
        Row(
            "begin_group",
            "satisfied",
            ("満足度", "どのくらい よかったですか", "How content were you with it?"),
        ),
        _mark("talks", "講演・発表", "話", "Talks"),
        _mark(
            "discussion",
            "参加者どうしの話し合い",
            "みんなの 話し合い",
            "Talking together",
            "${attendance} = 'on_site'",
        ),
        _mark("length", "時間の長さ", "時間の 長さ", "Length"),
        _mark("venue", "会場または配信", "会場 または オンライン", "Venue, or the stream"),
        END,
        Row(
            "select_multiple themes",
            "themes_next",
            (
                "次に取り上げてほしいテーマ（3つまで）",
                "次に 聞きたい テーマ（3つまで）",
                "Themes you would like next time (up to three)",
            ),
            constraint="count-selected(.) <= 3",
        ),
        Row(
            "range",
            "recommend",
            (
                "知り合いにすすめたいと思いますか（0：思わない〜5：とても思う）",
                "ともだちにも すすめますか（0：すすめない〜5：とても すすめる）",
                "Would you recommend it? (0: not at all, 5: very much)",
            ),
            parameters="start=0 end=5 step=1",
        ),
        Row(
            "select_one again",
            "again",
            ("また参加したいですか。", "また 来たいですか。", "Would you come again?"),
        ),
        Row(
            "text",
            "why_not",
            ("その理由", "どうしてですか", "Why not?"),
            relevant="${again} = 'no'",
            hint=NO_NAMES,
            appearance="multiline",
        ),
        Row(
            "text",
            "opinion",
            ("ご意見・ご感想", "思った こと", "What else would you like to say?"),
            hint=NO_NAMES,
            constraint="string-length(.) <= 500",
            appearance="multiline",
        ),
        Row("begin_group", "you", ("あなたについて", "あなたの こと", "About you")),
        Row("select_one ages", "age", ("年齢", "なんさいですか", "Age")),
        Row("select_one wards", "ward", ("お住まい", "どこに 住んで いますか", "Where do you live?")),
        END,
        Row(
            "note",
            "thanks",
            ("ありがとうございました。", "ありがとう ございました。", "Thank you very much."),
        ),
    ),
    {
        "attendance": {
            "on_site": ("会場", "会場", "At the venue"),
            "online": ("オンライン", "オンライン", "Online"),
        },
        "heard": {
            "letter": ("広報さっぽろ", "広報さっぽろ", "The city's magazine"),
            "web": ("ホームページ・SNS", "ホームページ・SNS", "Web or social media"),
            "leaflet": ("チラシ・ポスター", "チラシ・ポスター", "Leaflet or poster"),
            "friend": ("知り合い", "ともだち", "A friend"),
        },
        "marks": {
            "4": ("満足", "とても よかった", "Very content"),
            "3": ("やや満足", "よかった", "Content"),
            "2": ("やや不満", "すこし よくなかった", "Rather not"),
            "1": ("不満", "よくなかった", "Not at all"),
        },
        "themes": {
            "bears": ("ヒグマ対策", "ヒグマの こと", "Bears"),
            "energy": ("省エネ・再エネ", "エネルギーの こと", "Energy"),
            "waste": ("ごみ・リサイクル", "ごみの こと", "Waste"),
            "nature": ("生き物・みどり", "いきもの・みどり", "Nature"),
            "learning": ("環境の学び", "環境の 勉強", "Learning about it"),
        },
        "again": {
            "yes": ("参加したい", "来たい", "Yes"),
            "depends": ("内容による", "ないようで 決める", "It depends"),
            "no": ("参加しない", "来ない", "No"),
        },
        "ages": AGES,
        "wards": {**WARDS, "outside": ("札幌市外", "札幌市では ない", "Outside Sapporo")},
    },
)  # untranslated: the workbook brings its own languages
