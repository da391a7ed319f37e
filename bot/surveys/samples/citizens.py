"""What citizens are asked for the plan against climate change (000-03: a miniature of the city by age, sex, ward)."""

from __future__ import annotations

from bot.surveys.samples.sheets import AGES, END, NO_NAMES, WARDS, YES_NO, Row, Sample


def _does(name: str, ja: str, easy: str, en: str) -> Row:
    return Row("select_one does", name, (ja, easy, en), required=True)


CITIZENS = Sample(
    "climate_citizens",
    (
        "気候変動についての市民アンケート",
        "きこうの 変化に ついての アンケート",
        "Citizens' survey on the climate",
    ),
    "R6",
    (
        Row(
            "note",
            "hello",
            (
                "札幌市の気候変動対策行動計画の見直しに使います。お名前はうかがいません。10分ほどで終わります。",
                "札幌市の 計画を 作るために 聞きます。なまえは 聞きません。10分くらいで 終わります。",
                "Your answers help to renew the city's climate plan. We do not ask your name. It takes ten minutes.",
            ),
        ),
        Row("begin_group", "you", ("あなたについて", "あなたの こと", "About you")),
        Row("select_one ages", "age", ("年齢", "なんさいですか", "Age"), required=True),
        Row("select_one sexes", "sex", ("性別", "せいべつ", "Sex"), required=True),
        Row("select_one wards", "ward", ("お住まいの区", "どの 区に 住んで いますか", "Ward"), required=True),
        Row("select_one homes", "home", ("住まい", "どんな 家ですか", "Home"), required=True),
        Row(
            "integer",
            "people",
            (
                "いっしょに住んでいる人数（自分を入れて）",
                "いっしょに 住む 人は なん人ですか（あなたも）",
                "People in your home, you included",
            ),
            constraint=". >= 1 and . <= 20",
            message=(
                "1人から20人までの数で書いてください。",
                "1から 20までの 数を 書いて ください。",
                "Please give a number from 1 to 20.",
            ),
        ),
        END,
        Row("begin_group", "aware", ("知っていること", "知って いる こと", "What you know")),
        Row(
            "select_one known",
            "plan_known",
            (
                "札幌市の「ゼロカーボン」の目標（2050年）を知っていますか。",
                "札幌市の「ゼロカーボン」を 知って いますか。",
                "Do you know the city's goal of zero carbon by 2050?",
            ),
            required=True,
        ),
        Row(
            "select_multiple programmes",
            "programmes",
            (
                "次のうち、見たり参加したりしたもの（いくつでも）",
                "見たり 参加したり した もの（いくつでも）",
                "Which of these have you seen or joined? (any number)",
            ),
        ),
        Row(
            "select_one yes_no",
            "changed",
            (
                "それをきっかけに、くらしで変えたことがありますか。",
                "それで くらしを 変えましたか。",
                "Did it make you change something in your daily life?",
            ),
            relevant="${programmes} != '' and not(selected(${programmes}, 'none'))",
            required=True,
        ),
        Row(
            "select_multiple changes or_other",
            "changes",
            ("変えたこと（いくつでも）", "変えた こと（いくつでも）", "What did you change? (any number)"),
            relevant="${changed} = 'yes'",
        ),
        END,
        Row(
            "begin_group",
            "daily",
            ("次のことをしていますか", "こんな ことを して いますか", "Do you do the following?"),
        ),
        _does("led", "照明をLEDにする", "LEDの あかりを 使う", "Use LED lights"),
        _does("heating", "暖房の温度を20℃くらいにする", "だんぼうは 20℃くらいに する", "Heat to about 20 °C"),
        _does(
            "transit",
            "車よりも公共交通・徒歩・自転車を選ぶ",
            "車より バスや 電車を 使う",
            "Go by bus, train, bicycle or on foot",
        ),
        _does("food_waste", "食べ残しを減らす", "食べものを 残さない", "Waste less food"),
        _does(
            "renewable",
            "再生可能エネルギーの電気を選ぶ",
            "しぜんの 電気を えらぶ",
            "Choose renewable electricity",
        ),
        END,
        Row("begin_group", "energy", ("エネルギー", "エネルギー", "Energy")),
        Row(
            "select_one heaters",
            "heater",
            ("おもな暖房", "だんぼうは なんですか", "Main heating"),
            required=True,
        ),
        Row(
            "integer",
            "oil_litres",
            (
                "ひと冬の灯油の量（リットル、だいたい）",
                "冬の とうゆの りょう（リットル）",
                "Kerosene in one winter (litres, roughly)",
            ),
            relevant="${heater} = 'oil'",
            constraint=". >= 0 and . <= 5000",
        ),
        Row(
            "range",
            "effort",
            (
                "気候のために、もっと取り組みたい気持ち（0：ない〜10：とてもある）",
                "もっと やって みたいですか（0：やらない〜10：とても やりたい）",
                "How much more would you like to do? (0: nothing, 10: very much)",
            ),
            parameters="start=0 end=10 step=1",
        ),
        Row(
            "select_multiple obstacles or_other",
            "obstacles",
            (
                "取り組みにくい理由（3つまで）",
                "むずかしい りゆう（3つまで）",
                "What makes it difficult? (up to three)",
            ),
            constraint="count-selected(.) <= 3",
        ),
        END,
        Row(
            "text",
            "opinion",
            ("市への意見", "市に 言いたい こと", "What would you like to tell the city?"),
            hint=NO_NAMES,
            constraint="string-length(.) <= 500",
            appearance="multiline",
        ),
        Row(
            "note",
            "thanks",
            ("ありがとうございました。", "ありがとう ございました。", "Thank you very much."),
        ),
    ),
    {
        "ages": AGES,
        "sexes": {
            "female": ("女性", "女", "Female"),
            "male": ("男性", "男", "Male"),
            "unsaid": ("その他・答えない", "その他・答えない", "Other, or rather not say"),
        },
        "wards": WARDS,
        "homes": {
            "house": ("一戸建て", "一つの 家", "House"),
            "flat_owned": ("集合住宅（持ち家）", "マンション（自分の）", "Flat that we own"),
            "flat_rented": ("集合住宅（賃貸）", "アパート（かりて いる）", "Rented flat"),
        },
        "known": {
            "well": ("内容も知っている", "よく 知って いる", "I know it well"),
            "heard": ("聞いたことがある", "聞いた ことが ある", "I have heard of it"),
            "unknown": ("知らない", "知らない", "I do not know it"),
        },
        "programmes": {
            "magazine": ("広報さっぽろの記事", "広報さっぽろ", "Articles in the city's magazine"),
            "event": ("イベント・講座", "イベント", "Events or courses"),
            "school": ("学校や町内会での取り組み", "学校や 町内会", "School or neighbourhood"),
            "subsidy": ("省エネ機器などの補助制度", "お金の 手つだい", "Subsidies"),
            "none": ("どれもない", "どれも ない", "None of them"),
        },
        "changes": {
            "home": ("家の省エネ", "家の 電気や だんぼう", "Energy at home"),
            "travel": ("移動のしかた", "出かけかた", "How I travel"),
            "food": ("食べもの・買いもの", "食べもの・買いもの", "Food and shopping"),
            "equipment": ("機器の買いかえ", "きかいを 買いかえた", "New equipment"),
        },
        "does": {
            "always": ("いつもしている", "いつも", "Always"),
            "sometimes": ("ときどきしている", "ときどき", "Sometimes"),
            "will": ("していないが、したい", "まだ。でも したい", "Not yet, but I would like to"),
            "never": ("していない・できない", "しない・できない", "No, or I cannot"),
        },
        "heaters": {
            "oil": ("灯油", "とうゆ", "Kerosene"),
            "gas": ("ガス", "ガス", "Gas"),
            "electric": ("電気（エアコンなど）", "電気（エアコン）", "Electricity"),
            "district": ("地域の熱供給・その他", "その他", "District heating or other"),
        },
        "obstacles": {
            "money": ("お金がかかる", "お金が かかる", "It costs money"),
            "time": ("時間がない", "時間が ない", "No time"),
            "unknown": ("何をすればよいかわからない", "なにを するか わからない", "I do not know what to do"),
            "rented": ("借りている家なので変えられない", "かりて いる 家だから", "My home is rented"),
            "winter": ("冬の寒さが厳しい", "冬が 寒い", "Winters are cold"),
        },
        "yes_no": YES_NO,
    },
)  # untranslated: the workbook brings its own languages
