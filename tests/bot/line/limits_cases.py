"""One message that LINE takes and one that it refuses for each row of its limits."""

from __future__ import annotations

from tests.bot.line.limits_build import (
    FAMILY,
    GLYPH,
    LONG_URL,
    MENTION,
    URL,
    V2_EMOJI,
    Case,
    buttons,
    carousel,
    column,
    confirm,
    emoji,
    link,
    media,
    picker,
    pictures,
    piece,
    place,
    quick,
    tap,
    template,
    text,
    version2,
)

_A, _ACTION = ".template.actions[0]", ".quickReply.items[0].action"

TEXTS = [
    Case("text: at most 5,000", text("あ" * 5_000), text("あ" * 5_001), ".text"),
    Case("text: counted in UTF-16", text("𠮷" * 2_500), text("𠮷" * 2_500 + "a"), ".text"),
    Case("text: not empty", text("a"), text(""), ".text"),
    Case("text: no half characters", text("😀"), text("\ud83d"), ".text"),
    Case("text: is text", text("1"), {"type": "text", "text": 1}, ".text"),
    Case("text: is there", text(), {"type": "text"}, ".text"),
    Case("text: nothing unknown", text(), text(colour="red"), ".colour"),
    Case("text: quote token", text(quoteToken="q"), text(quoteToken=""), ".quoteToken"),
    Case(
        "text: at most 20 emojis",
        text("$" * 20, emojis=[emoji(n) for n in range(20)]),
        text("$" * 21, emojis=[emoji(n) for n in range(21)]),
        ".emojis",
    ),
    Case(
        "text: an emoji stands on a $, counted in UTF-16",
        text("𠮷$", emojis=[emoji(2)]),
        text("𠮷$", emojis=[emoji(1)]),
        ".emojis[0].index",
    ),
    Case("textV2: at most 5,000", version2("あ" * 5_000), version2("あ" * 5_001), ".text"),
    Case("textV2: braces in pairs", version2("{{見本}}"), version2("{見本"), ".text"),
    Case("textV2: names are given", version2("{a}", a=V2_EMOJI), version2("{b}", a=V2_EMOJI), ".text"),
    Case(
        "textV2: names of 20 letters",
        version2("あ", **{"a" * 20: V2_EMOJI}),
        version2("あ", **{"a" * 21: V2_EMOJI}),
        f".substitution.{'a' * 21}",
    ),
    Case(
        "textV2: at most 20 mentions",
        version2("あ", **{f"m{n}": MENTION for n in range(20)}),
        version2("あ", **{f"m{n}": MENTION for n in range(21)}),
        ".substitution",
    ),
    Case(
        "textV2: at most 20 emojis",
        version2("あ", **{f"e{n}": V2_EMOJI for n in range(20)}),
        version2("あ", **{f"e{n}": V2_EMOJI for n in range(21)}),
        ".substitution",
    ),
    Case(
        "textV2: at most 100 substitutions",
        version2("あ"),
        version2("あ", **{f"e{n}": V2_EMOJI for n in range(101)}),
        ".substitution",
    ),
    Case(
        "textV2: mentions somebody",
        version2("{m}", m={"type": "mention", "mentionee": {"type": "all"}}),
        version2("{m}", m={"type": "mention", "mentionee": {"type": "nobody"}}),
        ".substitution.m.mentionee.type",
    ),
]

OTHERS = [
    Case(
        "sticker: ids are digits",
        {"type": "sticker", "packageId": "446", "stickerId": "1988"},
        {"type": "sticker", "packageId": "446", "stickerId": 1988},
        ".stickerId",
    ),
    Case(
        "image: address of 2,000",
        media("image", originalContentUrl=LONG_URL),
        media("image", originalContentUrl=LONG_URL + "a"),
        ".originalContentUrl",
    ),
    Case(
        "image: https only",
        media("image"),
        media("image", previewImageUrl="http://desk.example/a"),
        ".previewImageUrl",
    ),
    Case(
        "image: percent-encoded",
        media("image", originalContentUrl="https://desk.example/%E7%AA%93?a=1#b"),
        media("image", originalContentUrl="https://desk.example/窓"),
        ".originalContentUrl",
    ),
    Case(
        "image: no broken encoding",
        media("image", originalContentUrl="https://desk.example:8443"),
        media("image", originalContentUrl="https://desk.example/%E"),
        ".originalContentUrl",
    ),
    Case(
        "image: no name in the address",
        media("image"),
        media("image", originalContentUrl="https://a@desk.example/"),
        ".originalContentUrl",
    ),
    Case(
        "video: preview of 2,000",
        media("video", previewImageUrl=LONG_URL),
        media("video", previewImageUrl=LONG_URL + "a"),
        ".previewImageUrl",
    ),
    Case(
        "video: tracking id of 100",
        media("video", trackingId="a" * 100),
        media("video", trackingId="a" * 101),
        ".trackingId",
    ),
    Case(
        "audio: address of 2,000",
        media("audio", originalContentUrl=LONG_URL),
        media("audio", originalContentUrl=LONG_URL + "a"),
        ".originalContentUrl",
    ),
    Case("audio: lasts", media("audio", duration=1), media("audio", duration=0), ".duration"),
    Case("audio: whole milliseconds", media("audio"), media("audio", duration=True), ".duration"),
    Case("location: title of 100", place(title="あ" * 100), place(title="あ" * 101), ".title"),
    Case("location: title not empty", place(title="a"), place(title=""), ".title"),
    Case("location: address of 100", place(address="あ" * 100), place(address="あ" * 101), ".address"),
    Case("location: latitude", place(latitude=-90), place(latitude=90.01), ".latitude"),
    Case("location: longitude", place(longitude=180), place(longitude=float("nan")), ".longitude"),
    Case(
        "sender: name of 20",
        text(sender={"name": "窓" * 20}),
        text(sender={"name": "窓" * 21}),
        ".sender.name",
    ),
    Case(
        "sender: counted in UTF-16",
        text(sender={"name": "𠮷" * 10}),
        text(sender={"name": FAMILY * 3}),
        ".sender.name",
    ),
    Case(
        "sender: is not LINE",
        text(sender={"name": "Online desk"}),
        text(sender={"name": "LINE 窓口"}),
        ".sender.name",
    ),
    Case(
        "sender: icon of 2,000",
        text(sender={"iconUrl": LONG_URL}),
        text(sender={"iconUrl": LONG_URL + "a"}),
        ".sender.iconUrl",
    ),
    Case("message: a kind that we send", text(), {"type": "imagemap"}, ".type"),
    Case("message: has a kind", text(), {"text": "見本"}, ".type"),
]

QUICK = [
    Case("quick reply: at most 13", quick(*[tap()] * 13), quick(*[tap()] * 14), ".quickReply.items"),
    Case("quick reply: at least one", quick(tap()), quick(), ".quickReply.items"),
    Case("quick reply: label of 20", quick(tap("あ" * 20)), quick(tap("あ" * 21)), _ACTION + ".label"),
    Case(
        "quick reply: label in graphemes", quick(tap(GLYPH * 20)), quick(tap(GLYPH * 21)), _ACTION + ".label"
    ),
    Case("quick reply: label is there", quick(tap()), quick(tap(None)), _ACTION + ".label"),
    Case(
        "quick reply: icon of 2,000",
        quick(tap(), imageUrl=LONG_URL),
        quick(tap(), imageUrl=LONG_URL + "a"),
        ".quickReply.items[0].imageUrl",
    ),
    Case(
        "quick reply: no text by postback",
        quick(tap(displayText="はい")),
        quick(tap(text="はい")),
        _ACTION + ".text",
    ),
    Case(
        "quick reply: camera",
        quick({"type": "camera", "label": "写真"}),
        quick({"type": "camera"}),
        _ACTION + ".label",
    ),
    Case(
        "quick reply: album",
        quick({"type": "cameraRoll", "label": "写真"}),
        quick({"type": "cameraroll", "label": "写真"}),
        _ACTION + ".type",
    ),
    Case(
        "quick reply: place",
        quick({"type": "location", "label": "地図"}),
        quick({"type": "location", "label": "地図", "data": "x"}),
        _ACTION + ".data",
    ),
    Case(
        "quick reply: no tabs",
        quick(tap()),
        quick({"type": "richmenuswitch", "label": "次", "data": "x", "richMenuAliasId": "a"}),
        _ACTION + ".type",
    ),
    Case(
        "quick reply: no second address",
        quick(link()),
        quick(link(altUri={"desktop": URL})),
        _ACTION + ".altUri",
    ),
]

ACTIONS = [
    Case("postback: data of 300", quick(tap(data="a" * 300)), quick(tap(data="a" * 301)), _ACTION + ".data"),
    Case(
        "postback: data in UTF-16",
        quick(tap(data="𠮷" * 150)),
        quick(tap(data="𠮷" * 151)),
        _ACTION + ".data",
    ),
    Case(
        "postback: displayText of 300",
        quick(tap(displayText=GLYPH * 300)),
        quick(tap(displayText=GLYPH * 301)),
        _ACTION + ".displayText",
    ),
    Case(
        "postback: text of 300",
        buttons(actions=[tap(text="あ" * 300)]),
        buttons(actions=[tap(text="あ" * 301)]),
        _A + ".text",
    ),
    Case(
        "postback: text or displayText",
        buttons(actions=[tap(text="あ")]),
        buttons(actions=[tap(text="あ", displayText="あ")]),
        _A + ".text",
    ),
    Case(
        "postback: fillInText of 300",
        quick(tap(inputOption="openKeyboard", fillInText="あ" * 300)),
        quick(tap(inputOption="openKeyboard", fillInText="あ" * 301)),
        _ACTION + ".fillInText",
    ),
    Case(
        "postback: fillInText with a keyboard",
        quick(tap(inputOption="openKeyboard", fillInText="あ")),
        quick(tap(inputOption="openVoice", fillInText="あ")),
        _ACTION + ".fillInText",
    ),
    Case(
        "postback: inputOption",
        quick(tap(inputOption="closeRichMenu")),
        quick(tap(inputOption="sing")),
        _ACTION + ".inputOption",
    ),
    Case(
        "message: text of 300",
        quick({"type": "message", "label": "あ", "text": FAMILY * 300}),
        quick({"type": "message", "label": "あ", "text": FAMILY * 301}),
        _ACTION + ".text",
    ),
    Case(
        "uri: of 1,000",
        quick(link("https://a.example/" + "a" * 982)),
        quick(link("https://a.example/" + "a" * 983)),
        _ACTION + ".uri",
    ),
    Case(
        "uri: a telephone",
        quick(link("tel:0110000000")),
        quick(link("javascript:alert(1)")),
        _ACTION + ".uri",
    ),
    Case(
        "uri: http will do",
        quick(link("http://127.0.0.1:8000/f/1")),
        quick(link("ftp://a.example/")),
        _ACTION + ".uri",
    ),
    Case(
        "uri: LINE itself", quick(link("line://nv/location")), quick(link("//a.example/")), _ACTION + ".uri"
    ),
    Case(
        "uri: percent-encoded",
        quick(link("https://a.example/?q=%E7%AA%93")),
        quick(link("https://a.example/?q=窓")),
        _ACTION + ".uri",
    ),
    Case(
        "uri: address for the desktop of 1,000",
        piece("button", action=link(altUri={"desktop": URL})),
        piece("button", action=link(altUri={"desktop": LONG_URL})),
        ".contents.body.contents[0].action.altUri.desktop",
    ),
    Case(
        "clipboard: of 1,000",
        quick({"type": "clipboard", "label": "写す", "clipboardText": "あ" * 1_000}),
        quick({"type": "clipboard", "label": "写す", "clipboardText": "あ" * 1_001}),
        _ACTION + ".clipboardText",
    ),
    Case(
        "clipboard: not empty",
        quick({"type": "clipboard", "label": "写す", "clipboardText": "1"}),
        quick({"type": "clipboard", "label": "写す", "clipboardText": ""}),
        _ACTION + ".clipboardText",
    ),
    Case(
        "picker: data of 300", quick(picker(data="a" * 300)), quick(picker(data="a" * 301)), _ACTION + ".data"
    ),
    Case("picker: mode", quick(picker("time")), quick(picker("week")), _ACTION + ".mode"),
    Case(
        "picker: a day of the calendar",
        quick(picker(initial="2028-02-29")),
        quick(picker(initial="2027-02-29")),
        _ACTION + ".initial",
    ),
    Case(
        "picker: from 1900",
        quick(picker(min="1900-01-01")),
        quick(picker(min="1899-12-31")),
        _ACTION + ".min",
    ),
    Case(
        "picker: until 2100",
        quick(picker(max="2100-12-31")),
        quick(picker(max="2101-01-01")),
        _ACTION + ".max",
    ),
    Case(
        "picker: max after min",
        quick(picker(min="2027-06-15", max="2027-06-16")),
        quick(picker(min="2027-06-15", max="2027-06-15")),
        _ACTION + ".max",
    ),
    Case(
        "picker: a time of the day",
        quick(picker("time", initial="23:59")),
        quick(picker("time", initial="24:00")),
        _ACTION + ".initial",
    ),
    Case(
        "picker: ASCII digits in a time",
        quick(picker("time", initial="09:30")),
        quick(picker("time", initial="0９:30")),
        _ACTION + ".initial",
    ),
    Case(
        "picker: a day and a time",
        quick(picker("datetime", initial="2027-06-15t09:30")),
        quick(picker("datetime", initial="2027-06-15 09:30")),
        _ACTION + ".initial",
    ),
    Case(
        "picker: of its own mode",
        quick(picker("time", max="09:30")),
        quick(picker(max="09:30")),
        _ACTION + ".max",
    ),
    Case(
        "picker: ASCII digits",
        quick(picker(min="2027-06-15")),
        quick(picker(min="２０２７-06-15")),
        _ACTION + ".min",
    ),
]

TEMPLATES = [
    Case(
        "template: altText of 1,500",
        {**buttons(), "altText": "あ" * 1_500},
        {**buttons(), "altText": "あ" * 1_501},
        ".altText",
    ),
    Case(
        "template: altText not empty", {**buttons(), "altText": "a"}, {**buttons(), "altText": ""}, ".altText"
    ),
    Case("template: a kind", buttons(), template("wheel"), ".template.type"),
    Case(
        "template: label of 20",
        buttons(actions=[tap(FAMILY * 20)]),
        buttons(actions=[tap("あ" * 21)]),
        _A + ".label",
    ),
    Case("template: label is there", buttons(), buttons(actions=[tap(None)]), _A + ".label"),
    Case(
        "template: no camera", buttons(), buttons(actions=[{"type": "camera", "label": "写真"}]), _A + ".type"
    ),
    Case("buttons: text of 160", buttons("あ" * 160), buttons("あ" * 161), ".template.text"),
    Case("buttons: text in graphemes", buttons(GLYPH * 160), buttons(GLYPH * 161), ".template.text"),
    Case(
        "buttons: text of 60 under a title",
        buttons("あ" * 60, title="題"),
        buttons("あ" * 61, title="題"),
        ".template.text",
    ),
    Case(
        "buttons: text of 60 under a picture",
        buttons("あ" * 60, thumbnailImageUrl=URL),
        buttons("あ" * 61, thumbnailImageUrl=URL),
        ".template.text",
    ),
    Case("buttons: title of 40", buttons(title="あ" * 40), buttons(title="あ" * 41), ".template.title"),
    Case(
        "buttons: at most 4", buttons(actions=[tap()] * 4), buttons(actions=[tap()] * 5), ".template.actions"
    ),
    Case(
        "buttons: picture of 2,000",
        buttons(thumbnailImageUrl=LONG_URL),
        buttons(thumbnailImageUrl=LONG_URL + "a"),
        ".template.thumbnailImageUrl",
    ),
    Case(
        "buttons: a colour",
        buttons(imageBackgroundColor="#FFFFFF"),
        buttons(imageBackgroundColor="white"),
        ".template.imageBackgroundColor",
    ),
    Case(
        "buttons: look of the picture",
        buttons(imageAspectRatio="square", imageSize="cover"),
        buttons(imageSize="fit"),
        ".template.imageSize",
    ),
    Case(
        "buttons: what the picture does",
        buttons(defaultAction=link()),
        buttons(defaultAction={"type": "camera"}),
        ".template.defaultAction.type",
    ),
    Case("confirm: text of 240", confirm("あ" * 240), confirm("あ" * 241), ".template.text"),
    Case("confirm: two", confirm(), confirm(count=1), ".template.actions"),
    Case("confirm: not three", confirm(), confirm(count=3), ".template.actions"),
    Case("carousel: at most 10", carousel(*[column()] * 10), carousel(*[column()] * 11), ".template.columns"),
    Case("carousel: at least one", carousel(column()), carousel(), ".template.columns"),
    Case(
        "carousel: text of 120",
        carousel(column("あ" * 120)),
        carousel(column("あ" * 121)),
        ".template.columns[0].text",
    ),
    Case(
        "carousel: text of 60 under a title",
        carousel(column("あ" * 60, title="題")),
        carousel(column("あ" * 61, title="題")),
        ".template.columns[0].text",
    ),
    Case(
        "carousel: title of 40",
        carousel(column(title="あ" * 40)),
        carousel(column(title="あ" * 41)),
        ".template.columns[0].title",
    ),
    Case(
        "carousel: at most 3 actions",
        carousel(column(count=3)),
        carousel(column(count=4)),
        ".template.columns[0].actions",
    ),
    Case(
        "carousel: as many actions everywhere",
        carousel(column(), column()),
        carousel(column(), column(count=2)),
        ".template.columns",
    ),
    Case(
        "carousel: titles everywhere or nowhere",
        carousel(column(title="題"), column(title="題")),
        carousel(column(title="題"), column()),
        ".template.columns",
    ),
    Case("image carousel: at most 10", pictures(10), pictures(11), ".template.columns"),
    Case(
        "image carousel: label of 12",
        pictures(label="あ" * 12),
        pictures(label="あ" * 13),
        ".template.columns[0].action.label",
    ),
]

MESSAGES = [*TEXTS, *OTHERS, *QUICK, *ACTIONS, *TEMPLATES]
