"""What companies are asked for the plan: emissions by industry, measures, their size and cost (000-02)."""

from __future__ import annotations

from bot.surveys.samples.sheets import END, NO_NAMES, YES_NO, Row, Sample


def _step(name: str, ja: str, easy: str, en: str) -> Row:
    return Row("select_one steps", name, (ja, easy, en), required=True)


COMPANIES = Sample(
    "climate_companies",
    (
        "気候変動についての事業者アンケート",
        "会社への アンケート（きこうの 変化）",
        "Companies' survey on the climate",
    ),
    "R6",
    (
        Row(
            "note",
            "hello",
            (
                "事業所ごとにお答えください。会社名はうかがいません。数字はわかる範囲でかまいません。",
                "会社の 名前は 聞きません。わかる 数字だけで いいです。",
                "Please answer for one site. We do not ask the company's name; rough figures will do.",
            ),
        ),
        Row("begin_group", "company", ("事業所について", "会社の こと", "About the site")),
        Row("select_one industries", "industry", ("業種", "どんな 仕事ですか", "Industry"), required=True),
        Row("select_one sizes", "size", ("従業員数", "はたらく 人の 数", "Employees"), required=True),
        Row(
            "decimal",
            "floor_area",
            ("延べ床面積（㎡）", "たてものの 広さ（㎡）", "Floor area (m²)"),
            constraint=". >= 0 and . <= 1000000",
        ),
        END,
        Row(
            "begin_group",
            "use",
            ("1年間に使ったエネルギー", "1年に 使った エネルギー", "Energy used in a year"),
        ),
        Row(
            "select_multiple fuels",
            "fuels",
            ("使っているもの（いくつでも）", "使って いる もの（いくつでも）", "What you use (any number)"),
            required=True,
        ),
        *(
            Row(
                "decimal",
                name,
                texts,
                relevant=f"selected(${{fuels}}, '{fuel}')",
                constraint=". >= 0 and . <= 100000000",
                message=(
                    "0以上の数で書いてください。",
                    "0以上の 数を 書いて ください。",
                    "Please give a number of 0 or more.",
                ),
            )
            for fuel, name, texts in (
                ("electricity", "kwh", ("電気（kWh）", "電気（kWh）", "Electricity (kWh)")),
                ("gas", "gas_m3", ("都市ガス（㎥）", "ガス（㎥）", "Town gas (m³)")),
                ("oil", "oil_kl", ("灯油・重油（kL）", "とうゆ・じゅうゆ（kL）", "Kerosene, heavy oil (kL)")),
                (
                    "petrol",
                    "petrol_kl",
                    ("ガソリン・軽油（kL）", "ガソリン・けいゆ（kL）", "Petrol, diesel (kL)"),
                ),
            )
        ),
        END,
        Row("begin_group", "measures", ("取り組み", "とりくみ", "Measures")),
        _step("lighting", "照明のLED化", "LEDの あかり", "LED lighting"),
        _step(
            "heat", "空調・暖房・給湯の高効率化", "よい エアコンや だんぼう", "Efficient heating and cooling"
        ),
        _step("insulation", "建物の断熱", "たてものを あたたかく する", "Insulation"),
        _step("solar", "再生可能エネルギーの導入", "しぜんの 電気", "Renewable energy"),
        _step("vehicles", "次世代自動車", "電気の 車など", "Electric vehicles"),
        END,
        Row(
            "begin_group",
            "best",
            ("いちばん効果のあった取り組み", "いちばん よかった とりくみ", "The most effective measure"),
        ),
        Row(
            "select_one measures or_other",
            "best_measure",
            ("どの取り組みですか。", "どれですか。", "Which one?"),
        ),
        Row(
            "decimal",
            "best_cost",
            ("かかった費用（万円）", "お金（万円）", "What it cost (10,000 yen)"),
            relevant="${best_measure} != ''",
            constraint=". >= 0 and . <= 10000000",
        ),
        Row(
            "integer",
            "best_saved",
            (
                "減ったエネルギーの割合（％、だいたい）",
                "どのくらい へりましたか（％）",
                "Energy saved (%, roughly)",
            ),
            relevant="${best_measure} != ''",
            constraint=". >= 0 and . <= 100",
        ),
        END,
        Row("begin_group", "plans", ("これから", "これから", "From now on")),
        Row(
            "select_one yes_no",
            "target",
            (
                "排出量を減らす目標がありますか。",
                "へらす 目標が ありますか。",
                "Do you have a target to cut emissions?",
            ),
            required=True,
        ),
        Row(
            "integer",
            "target_year",
            ("目標の年（西暦）", "なん年まで ですか", "Year of the target"),
            relevant="${target} = 'yes'",
            constraint=". >= 2024 and . <= 2100",
        ),
        Row(
            "select_multiple wishes or_other",
            "wishes",
            (
                "市にのぞむ支援（3つまで）",
                "市に して ほしい こと（3つまで）",
                "Support you wish for (up to three)",
            ),
            constraint="count-selected(.) <= 3",
        ),
        Row(
            "text",
            "opinion",
            ("ご意見", "言いたい こと", "What else would you like to say?"),
            hint=NO_NAMES,
            constraint="string-length(.) <= 500",
            appearance="multiline",
        ),
        END,
        Row(
            "note",
            "thanks",
            ("ありがとうございました。", "ありがとう ございました。", "Thank you very much."),
        ),
    ),
    {
        "industries": {
            "construction": ("建設業", "けんせつ", "Construction"),
            "manufacturing": ("製造業", "ものを 作る", "Manufacturing"),
            "transport": ("運輸業・郵便業", "ものを 運ぶ", "Transport, post"),
            "retail": ("卸売業・小売業", "ものを 売る", "Wholesale, retail"),
            "lodging": ("宿泊業・飲食サービス業", "ホテル・食べものの 店", "Hotels, restaurants"),
            "medical": ("医療・福祉", "びょういん・ふくし", "Health, welfare"),
            "education": ("教育・学習支援業", "教える", "Education"),
            "information": ("情報通信業", "コンピューター", "Information"),
            "realty": ("不動産業・物品賃貸業", "家や ものを かす", "Real estate, leasing"),
            "services": ("その他のサービス業", "その他の サービス", "Other services"),
            "other": ("その他", "その他", "Other"),
        },
        "sizes": {
            "s1_9": ("1〜9人", "1〜9人", "1 to 9"),
            "s10_49": ("10〜49人", "10〜49人", "10 to 49"),
            "s50_299": ("50〜299人", "50〜299人", "50 to 299"),
            "s300_up": ("300人以上", "300人以上", "300 or more"),
        },
        "fuels": {
            "electricity": ("電気", "電気", "Electricity"),
            "gas": ("都市ガス", "ガス", "Town gas"),
            "oil": ("灯油・重油", "とうゆ・じゅうゆ", "Kerosene, heavy oil"),
            "petrol": ("ガソリン・軽油", "ガソリン・けいゆ", "Petrol, diesel"),
            "heat": ("地域熱供給", "ちいきの ねつ", "District heating"),
        },
        "steps": {
            "done": ("している", "して いる", "Done"),
            "planned": ("予定している", "する つもり", "Planned"),
            "considering": ("検討している", "考えて いる", "Being considered"),
            "none": ("予定はない", "しない", "Not planned"),
        },
        "measures": {
            "lighting": ("照明", "あかり", "Lighting"),
            "heat": ("空調・暖房・給湯", "エアコン・だんぼう", "Heating and cooling"),
            "insulation": ("断熱", "だんねつ", "Insulation"),
            "solar": ("再生可能エネルギー", "しぜんの 電気", "Renewable energy"),
            "vehicles": ("車", "車", "Vehicles"),
        },
        "wishes": {
            "subsidy": ("補助・融資", "お金の 手つだい", "Subsidies, loans"),
            "advice": ("専門家の助言", "くわしい 人の 話", "Advice"),
            "information": ("情報・事例の紹介", "ほかの 会社の れい", "Information, examples"),
            "certificate": ("認証・表彰", "よい 会社の しるし", "Certificates, awards"),
        },
        "yes_no": YES_NO,
    },
)  # untranslated: the workbook brings its own languages
