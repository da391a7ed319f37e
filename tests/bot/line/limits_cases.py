"""One message that LINE takes and one that it refuses for each row of its limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

URL = "https://desk.example/photo.jpg"
LONG_URL = "https://desk.example/" + "a" * 1_979
# Each is one letter to a reader; LINE counts the first as one or eight, the second as one or three.
FAMILY, GLYPH = "👨‍👩‍👧", "葛\U000e0100"


@dataclass(frozen=True)
class Case:
    """*row* of the limits: *good* passes, *bad* is refused at *path*."""

    row: str
    good: Json
    bad: Json
    path: str


def text(words: str = "見本", **more: Any) -> Json:
    return {"type": "text", "text": words, **more}


def tap(label: str | None = "はい", **more: Any) -> Json:
    named = {} if label is None else {"label": label}
    return {"type": "postback", "data": "sealed", **named, **more}


def link(address: str = "https://desk.example/f/1", **more: Any) -> Json:
    return {"type": "uri", "label": "開く", "uri": address, **more}


def picker(mode: str = "date", **more: Any) -> Json:
    return {"type": "datetimepicker", "label": "日を選ぶ", "data": "sealed", "mode": mode, **more}


def quick(*actions: Json, **item: Any) -> Json:
    return text(quickReply={"items": [{"type": "action", "action": each, **item} for each in actions]})


def template(kind: str, **more: Any) -> Json:
    return {"type": "template", "altText": "見本", "template": {"type": kind, **more}}


def buttons(words: str = "本文", actions: list[Json] | None = None, **more: Any) -> Json:
    return template("buttons", text=words, actions=actions or [tap()], **more)


def confirm(words: str = "よいですか。", count: int = 2) -> Json:
    return template("confirm", text=words, actions=[tap()] * count)


def column(words: str = "本文", count: int = 1, **more: Any) -> Json:
    return {"text": words, "actions": [tap()] * count, **more}


def carousel(*columns: Json, **more: Any) -> Json:
    return template("carousel", columns=list(columns), **more)


def pictures(count: int = 1, **action: Any) -> Json:
    one = {"imageUrl": URL, "action": tap(None, **action)}
    return template("image_carousel", columns=[one] * count)


def flex(contents: Json, alt: str = "見本") -> Json:
    return {"type": "flex", "altText": alt, "contents": contents}


def box(*contents: Json, layout: str = "vertical", **more: Any) -> Json:
    return {"type": "box", "layout": layout, "contents": list(contents), **more}


def bubble(*contents: Json, **more: Any) -> Json:
    return {"type": "bubble", "body": box(*contents), **more}


def piece(kind: str, **more: Any) -> Json:
    """Return a Flex Message of one component."""
    return flex(bubble({"type": kind, **more}))


def boxed(**more: Any) -> Json:
    return flex(bubble(box(**more)))


def worded(words: str = "見本", **more: Any) -> Json:
    return {"type": "text", "text": words, **more}


def film(**more: Any) -> Json:
    alt = {"type": "image", "url": URL}
    return {"type": "video", "url": URL, "previewUrl": URL, "altContent": alt, **more}


def bubbles(*each: Json) -> Json:
    return flex({"type": "carousel", "contents": list(each)})


def emoji(index: int) -> Json:
    return {"index": index, "productId": "5ac1bfd5040ab15980c9b435", "emojiId": "001"}


def version2(words: str, **substitution: Json) -> Json:
    return {"type": "textV2", "text": words, "substitution": substitution}


V2_EMOJI = {"type": "emoji", "productId": "5ac1bfd5040ab15980c9b435", "emojiId": "001"}
MENTION = {"type": "mention", "mentionee": {"type": "user", "userId": "U" + "1" * 32}}


def place(**more: Any) -> Json:
    whole = {"title": "見本公園", "address": "見本市", "latitude": 43.06, "longitude": 141.35}
    return {"type": "location", **whole, **more}


def media(kind: str, **more: Any) -> Json:
    preview = {} if kind == "audio" else {"previewImageUrl": URL}
    length = {"duration": 60_000} if kind == "audio" else {}
    return {"type": kind, "originalContentUrl": URL, **preview, **length, **more}


def filling(size: int) -> Json:
    """Return a bubble of exactly *size* bytes of JSON."""
    return bubble(worded("a" * (size - 104)))


_A, _ACTION = ".template.actions[0]", ".quickReply.items[0].action"
_F = ".contents.body.contents[0]"

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
    Case("sticker: ids are digits", media_free := {"type": "sticker", "packageId": "446", "stickerId": "1988"},
         {**media_free, "stickerId": 1988}, ".stickerId"),
    Case("image: address of 2,000", media("image", originalContentUrl=LONG_URL),
         media("image", originalContentUrl=LONG_URL + "a"), ".originalContentUrl"),
    Case("image: https only", media("image"), media("image", previewImageUrl="http://desk.example/a"),
         ".previewImageUrl"),
    Case("image: percent-encoded", media("image", originalContentUrl="https://desk.example/%E7%AA%93?a=1#b"),
         media("image", originalContentUrl="https://desk.example/窓"), ".originalContentUrl"),
    Case("image: no broken encoding", media("image", originalContentUrl="https://desk.example:8443"),
         media("image", originalContentUrl="https://desk.example/%E"), ".originalContentUrl"),
    Case("image: no name in the address", media("image"),
         media("image", originalContentUrl="https://a@desk.example/"), ".originalContentUrl"),
    Case("video: preview of 2,000", media("video", previewImageUrl=LONG_URL),
         media("video", previewImageUrl=LONG_URL + "a"), ".previewImageUrl"),
    Case("video: tracking id of 100", media("video", trackingId="a" * 100), media("video", trackingId="a" * 101),
         ".trackingId"),
    Case("audio: address of 2,000", media("audio", originalContentUrl=LONG_URL),
         media("audio", originalContentUrl=LONG_URL + "a"), ".originalContentUrl"),
    Case("audio: lasts", media("audio", duration=1), media("audio", duration=0), ".duration"),
    Case("audio: whole milliseconds", media("audio"), media("audio", duration=True), ".duration"),
    Case("location: title of 100", place(title="あ" * 100), place(title="あ" * 101), ".title"),
    Case("location: title not empty", place(title="a"), place(title=""), ".title"),
    Case("location: address of 100", place(address="あ" * 100), place(address="あ" * 101), ".address"),
    Case("location: latitude", place(latitude=-90), place(latitude=90.01), ".latitude"),
    Case("location: longitude", place(longitude=180), place(longitude=float("nan")), ".longitude"),
    Case("sender: name of 20", text(sender={"name": "窓" * 20}), text(sender={"name": "窓" * 21}), ".sender.name"),
    Case("sender: counted in UTF-16", text(sender={"name": "𠮷" * 10}), text(sender={"name": FAMILY * 3}),
         ".sender.name"),
    Case("sender: is not LINE", text(sender={"name": "Online desk"}), text(sender={"name": "LINE 窓口"}),
         ".sender.name"),
    Case("sender: icon of 2,000", text(sender={"iconUrl": LONG_URL}), text(sender={"iconUrl": LONG_URL + "a"}),
         ".sender.iconUrl"),
    Case("message: a kind that we send", text(), {"type": "imagemap"}, ".type"),
    Case("message: has a kind", text(), {"text": "見本"}, ".type"),
]

QUICK = [
    Case("quick reply: at most 13", quick(*[tap()] * 13), quick(*[tap()] * 14), ".quickReply.items"),
    Case("quick reply: at least one", quick(tap()), quick(), ".quickReply.items"),
    Case("quick reply: label of 20", quick(tap("あ" * 20)), quick(tap("あ" * 21)), _ACTION + ".label"),
    Case("quick reply: label in graphemes", quick(tap(GLYPH * 20)), quick(tap(GLYPH * 21)), _ACTION + ".label"),
    Case("quick reply: label is there", quick(tap()), quick(tap(None)), _ACTION + ".label"),
    Case("quick reply: icon of 2,000", quick(tap(), imageUrl=LONG_URL), quick(tap(), imageUrl=LONG_URL + "a"),
         ".quickReply.items[0].imageUrl"),
    Case("quick reply: no text by postback", quick(tap(displayText="はい")), quick(tap(text="はい")),
         _ACTION + ".text"),
    Case("quick reply: camera", quick({"type": "camera", "label": "写真"}), quick({"type": "camera"}),
         _ACTION + ".label"),
    Case("quick reply: album", quick({"type": "cameraRoll", "label": "写真"}),
         quick({"type": "cameraroll", "label": "写真"}), _ACTION + ".type"),
    Case("quick reply: place", quick({"type": "location", "label": "地図"}),
         quick({"type": "location", "label": "地図", "data": "x"}), _ACTION + ".data"),
    Case("quick reply: no tabs", quick(tap()),
         quick({"type": "richmenuswitch", "label": "次", "data": "x", "richMenuAliasId": "a"}), _ACTION + ".type"),
    Case("quick reply: no second address", quick(link()), quick(link(altUri={"desktop": URL})),
         _ACTION + ".altUri"),
]

ACTIONS = [
    Case("postback: data of 300", quick(tap(data="a" * 300)), quick(tap(data="a" * 301)), _ACTION + ".data"),
    Case("postback: data in UTF-16", quick(tap(data="𠮷" * 150)), quick(tap(data="𠮷" * 151)), _ACTION + ".data"),
    Case("postback: displayText of 300", quick(tap(displayText=GLYPH * 300)),
         quick(tap(displayText=GLYPH * 301)), _ACTION + ".displayText"),
    Case("postback: text of 300", buttons(actions=[tap(text="あ" * 300)]),
         buttons(actions=[tap(text="あ" * 301)]), _A + ".text"),
    Case("postback: text or displayText", buttons(actions=[tap(text="あ")]),
         buttons(actions=[tap(text="あ", displayText="あ")]), _A + ".text"),
    Case("postback: fillInText of 300", quick(tap(inputOption="openKeyboard", fillInText="あ" * 300)),
         quick(tap(inputOption="openKeyboard", fillInText="あ" * 301)), _ACTION + ".fillInText"),
    Case("postback: fillInText with a keyboard", quick(tap(inputOption="openKeyboard", fillInText="あ")),
         quick(tap(inputOption="openVoice", fillInText="あ")), _ACTION + ".fillInText"),
    Case("postback: inputOption", quick(tap(inputOption="closeRichMenu")), quick(tap(inputOption="sing")),
         _ACTION + ".inputOption"),
    Case("message: text of 300", quick({"type": "message", "label": "あ", "text": FAMILY * 300}),
         quick({"type": "message", "label": "あ", "text": FAMILY * 301}), _ACTION + ".text"),
    Case("uri: of 1,000", quick(link("https://a.example/" + "a" * 982)),
         quick(link("https://a.example/" + "a" * 983)), _ACTION + ".uri"),
    Case("uri: a telephone", quick(link("tel:0110000000")), quick(link("javascript:alert(1)")), _ACTION + ".uri"),
    Case("uri: http will do", quick(link("http://127.0.0.1:8000/f/1")), quick(link("ftp://a.example/")),
         _ACTION + ".uri"),
    Case("uri: LINE itself", quick(link("line://nv/location")), quick(link("//a.example/")), _ACTION + ".uri"),
    Case("uri: percent-encoded", quick(link("https://a.example/?q=%E7%AA%93")),
         quick(link("https://a.example/?q=窓")), _ACTION + ".uri"),
    Case("uri: address for the desktop of 1,000", piece("button", action=link(altUri={"desktop": URL})),
         piece("button", action=link(altUri={"desktop": LONG_URL})), _F + ".action.altUri.desktop"),
    Case("clipboard: of 1,000", quick({"type": "clipboard", "label": "写す", "clipboardText": "あ" * 1_000}),
         quick({"type": "clipboard", "label": "写す", "clipboardText": "あ" * 1_001}), _ACTION + ".clipboardText"),
    Case("clipboard: not empty", quick({"type": "clipboard", "label": "写す", "clipboardText": "1"}),
         quick({"type": "clipboard", "label": "写す", "clipboardText": ""}), _ACTION + ".clipboardText"),
    Case("picker: data of 300", quick(picker(data="a" * 300)), quick(picker(data="a" * 301)), _ACTION + ".data"),
    Case("picker: mode", quick(picker("time")), quick(picker("week")), _ACTION + ".mode"),
    Case("picker: a day of the calendar", quick(picker(initial="2028-02-29")),
         quick(picker(initial="2027-02-29")), _ACTION + ".initial"),
    Case("picker: from 1900", quick(picker(min="1900-01-01")), quick(picker(min="1899-12-31")), _ACTION + ".min"),
    Case("picker: until 2100", quick(picker(max="2100-12-31")), quick(picker(max="2101-01-01")), _ACTION + ".max"),
    Case("picker: max after min", quick(picker(min="2027-06-15", max="2027-06-16")),
         quick(picker(min="2027-06-15", max="2027-06-15")), _ACTION + ".max"),
    Case("picker: a time of the day", quick(picker("time", initial="23:59")),
         quick(picker("time", initial="24:00")), _ACTION + ".initial"),
    Case("picker: a day and a time", quick(picker("datetime", initial="2027-06-15t09:30")),
         quick(picker("datetime", initial="2027-06-15 09:30")), _ACTION + ".initial"),
    Case("picker: of its own mode", quick(picker("time", max="09:30")), quick(picker(max="09:30")),
         _ACTION + ".max"),
    Case("picker: ASCII digits", quick(picker(min="2027-06-15")), quick(picker(min="２０２７-06-15")),
         _ACTION + ".min"),
]

TEMPLATES = [
    Case("template: altText of 1,500", {**buttons(), "altText": "あ" * 1_500},
         {**buttons(), "altText": "あ" * 1_501}, ".altText"),
    Case("template: altText not empty", {**buttons(), "altText": "a"}, {**buttons(), "altText": ""}, ".altText"),
    Case("template: a kind", buttons(), template("wheel"), ".template.type"),
    Case("template: label of 20", buttons(actions=[tap(FAMILY * 20)]), buttons(actions=[tap("あ" * 21)]),
         _A + ".label"),
    Case("template: label is there", buttons(), buttons(actions=[tap(None)]), _A + ".label"),
    Case("template: no camera", buttons(), buttons(actions=[{"type": "camera", "label": "写真"}]), _A + ".type"),
    Case("buttons: text of 160", buttons("あ" * 160), buttons("あ" * 161), ".template.text"),
    Case("buttons: text in graphemes", buttons(GLYPH * 160), buttons(GLYPH * 161), ".template.text"),
    Case("buttons: text of 60 under a title", buttons("あ" * 60, title="題"), buttons("あ" * 61, title="題"),
         ".template.text"),
    Case("buttons: text of 60 under a picture", buttons("あ" * 60, thumbnailImageUrl=URL),
         buttons("あ" * 61, thumbnailImageUrl=URL), ".template.text"),
    Case("buttons: title of 40", buttons(title="あ" * 40), buttons(title="あ" * 41), ".template.title"),
    Case("buttons: at most 4", buttons(actions=[tap()] * 4), buttons(actions=[tap()] * 5), ".template.actions"),
    Case("buttons: picture of 2,000", buttons(thumbnailImageUrl=LONG_URL),
         buttons(thumbnailImageUrl=LONG_URL + "a"), ".template.thumbnailImageUrl"),
    Case("buttons: a colour", buttons(imageBackgroundColor="#FFFFFF"), buttons(imageBackgroundColor="white"),
         ".template.imageBackgroundColor"),
    Case("buttons: look of the picture", buttons(imageAspectRatio="square", imageSize="cover"),
         buttons(imageSize="fit"), ".template.imageSize"),
    Case("buttons: what the picture does", buttons(defaultAction=link()), buttons(defaultAction={"type": "camera"}),
         ".template.defaultAction.type"),
    Case("confirm: text of 240", confirm("あ" * 240), confirm("あ" * 241), ".template.text"),
    Case("confirm: two", confirm(), confirm(count=1), ".template.actions"),
    Case("confirm: not three", confirm(), confirm(count=3), ".template.actions"),
    Case("carousel: at most 10", carousel(*[column()] * 10), carousel(*[column()] * 11), ".template.columns"),
    Case("carousel: at least one", carousel(column()), carousel(), ".template.columns"),
    Case("carousel: text of 120", carousel(column("あ" * 120)), carousel(column("あ" * 121)),
         ".template.columns[0].text"),
    Case("carousel: text of 60 under a title", carousel(column("あ" * 60, title="題")),
         carousel(column("あ" * 61, title="題")), ".template.columns[0].text"),
    Case("carousel: title of 40", carousel(column(title="あ" * 40)), carousel(column(title="あ" * 41)),
         ".template.columns[0].title"),
    Case("carousel: at most 3 actions", carousel(column(count=3)), carousel(column(count=4)),
         ".template.columns[0].actions"),
    Case("carousel: as many actions everywhere", carousel(column(), column()), carousel(column(), column(count=2)),
         ".template.columns"),
    Case("carousel: titles everywhere or nowhere", carousel(column(title="題"), column(title="題")),
         carousel(column(title="題"), column()), ".template.columns"),
    Case("image carousel: at most 10", pictures(10), pictures(11), ".template.columns"),
    Case("image carousel: label of 12", pictures(label="あ" * 12), pictures(label="あ" * 13),
         ".template.columns[0].action.label"),
]

FLEX = [
    Case("flex: altText of 1,500", flex(bubble(), "あ" * 1_500), flex(bubble(), "あ" * 1_501), ".altText"),
    Case("flex: bubble or carousel", flex(bubble()), flex(box()), ".contents.type"),
    Case("flex: bubble of 30 KB", flex(filling(30_000)), flex(filling(30_001)), ".contents"),
    Case("flex: Japanese counts as it is sent", flex(bubble(worded("あ" * 4_900))),
         flex(bubble(worded("あ" * 5_000))), ".contents"),
    Case("flex: carousel of 50 KB", bubbles(filling(24_900), filling(24_900)),
         bubbles(filling(25_100), filling(25_100)), ".contents"),
    Case("flex: at most 12 bubbles", bubbles(*[bubble()] * 12), bubbles(*[bubble()] * 13), ".contents.contents"),
    Case("flex: at least one bubble", bubbles(bubble()), bubbles(), ".contents.contents"),
    Case("flex: bubbles of one size", bubbles(bubble(size="mega"), bubble()),
         bubbles(bubble(size="kilo"), bubble()), ".contents.contents"),
    Case("flex: at most 10 moving pictures",
         flex(bubble(*[{"type": "image", "url": URL, "animated": True}] * 10)),
         flex(bubble(*[{"type": "image", "url": URL, "animated": True}] * 11)), ".contents"),
    Case("bubble: holds something", flex(bubble()), flex({"type": "bubble"}), ".contents"),
    Case("bubble: a size", flex(bubble(size="nano")), flex(bubble(size="huge")), ".contents.size"),
    Case("bubble: a direction", flex(bubble(direction="rtl")), flex(bubble(direction="up")), ".contents.direction"),
    Case("bubble: the header is a box", flex(bubble(header=box(worded()))), flex(bubble(header=worded())),
         ".contents.header.type"),
    Case("bubble: the body is a box", flex({"type": "bubble", "body": box(worded())}),
         flex({"type": "bubble", "body": worded()}), ".contents.body.type"),
    Case("bubble: the footer is a box", flex(bubble(footer=box(worded()))), flex(bubble(footer=worded())),
         ".contents.footer.type"),
    Case("bubble: the hero is a picture, a film or a box", flex(bubble(hero={"type": "image", "url": URL})),
         flex(bubble(hero=worded())), ".contents.hero.type"),
    Case("bubble: a film needs room", flex(bubble(hero=film(), size="kilo")),
         flex(bubble(hero=film(), size="micro")), ".contents.size"),
    Case("bubble: no film in a carousel", flex(bubble(hero=film())), bubbles(bubble(hero=film())),
         ".contents.contents[0].hero.type"),
    Case("bubble: no film below the hero", flex(bubble(hero=film())), flex(bubble(film())), _F + ".type"),
    Case("bubble: a film only leads to a page", flex(bubble(hero=film(action=link()))),
         flex(bubble(hero=film(action=tap()))), ".contents.hero.action.type"),
    Case("bubble: a film has another picture", flex(bubble(hero=film(altContent=box()))),
         flex(bubble(hero=film(altContent=worded()))), ".contents.hero.altContent.type"),
    Case("bubble: styles of its blocks", flex(bubble(styles={"body": {"separator": True}})),
         flex(bubble(styles={"body": {"separator": "yes"}})), ".contents.styles.body.separator"),
    Case("bubble: colours of its blocks", flex(bubble(styles={"hero": {"backgroundColor": "#11223344"}})),
         flex(bubble(styles={"hero": {"backgroundColor": "#123"}})), ".contents.styles.hero.backgroundColor"),
    Case("text: not empty in flex", piece("text", text="a"), piece("text", text=""), _F + ".text"),
    Case("text: words or spans", piece("text", contents=[{"type": "span", "text": "a"}]), piece("text", size="sm"),
         _F + ".text"),
    Case("span: has words", piece("text", contents=[{"type": "span", "text": "a", "size": "xs"}]),
         piece("text", contents=[{"type": "span"}]), _F + ".contents[0].text"),
    Case("text: wraps or not", piece("text", text="a", wrap=True), piece("text", text="a", wrap="true"), _F + ".wrap"),
    Case("text: a size", piece("text", text="a", size="5xl"), piece("text", text="a", size="6xl"), _F + ".size"),
    Case("text: a size in pixels", piece("text", text="a", size="12.5px"), piece("text", text="a", size="12pt"),
         _F + ".size"),
    Case("text: a colour", piece("text", text="a", color="#00000080"), piece("text", text="a", color="#0000"),
         _F + ".color"),
    Case("text: lines", piece("text", text="a", maxLines=0), piece("text", text="a", maxLines=-1), _F + ".maxLines"),
    Case("text: space between lines", piece("text", text="a", lineSpacing="4px"),
         piece("text", text="a", lineSpacing="sm"), _F + ".lineSpacing"),
    Case("text: weight, style, decoration",
         piece("text", text="a", weight="bold", style="italic", decoration="underline"),
         piece("text", text="a", weight="black"), _F + ".weight"),
    Case("text: place", piece("text", text="a", align="end", gravity="bottom", position="absolute", offsetTop="1%"),
         piece("text", text="a", align="left"), _F + ".align"),
    Case("text: fits itself", piece("text", text="a", adjustMode="shrink-to-fit", scaling=True),
         piece("text", text="a", adjustMode="grow"), _F + ".adjustMode"),
    Case("text: nothing unknown in flex", piece("text", text="a"), piece("text", text="a", hint="b"), _F + ".hint"),
    Case("text: label of 40 if any", piece("text", text="a", action=tap(None)),
         piece("text", text="a", action=tap("あ" * 41)), _F + ".action.label"),
    Case("button: label of 40", piece("button", action=tap("あ" * 40)), piece("button", action=tap("あ" * 41)),
         _F + ".action.label"),
    Case("button: label is there", piece("button", action=tap()), piece("button", action=tap(None)),
         _F + ".action.label"),
    Case("button: does something", piece("button", action=tap()), piece("button"), _F + ".action"),
    Case("button: no place", piece("button", action=picker()),
         piece("button", action={"type": "location", "label": "地図"}), _F + ".action.type"),
    Case("button: a style", piece("button", action=tap(), style="primary", height="sm", color="#06C755"),
         piece("button", action=tap(), style="danger"), _F + ".style"),
    Case("image: of 2,000 in flex", piece("image", url=LONG_URL), piece("image", url=LONG_URL + "a"), _F + ".url"),
    Case("image: a size in flex", piece("image", url=URL, size="full"), piece("image", url=URL, size="half"),
         _F + ".size"),
    Case("image: three times as high as wide", piece("image", url=URL, aspectRatio="1:3"),
         piece("image", url=URL, aspectRatio="1:3.1"), _F + ".aspectRatio"),
    Case("image: a ratio up to 100,000", piece("image", url=URL, aspectRatio="100000:1"),
         piece("image", url=URL, aspectRatio="100001:1"), _F + ".aspectRatio"),
    Case("image: a ratio", piece("image", url=URL, aspectRatio="20:13", aspectMode="cover"),
         piece("image", url=URL, aspectRatio="20/13"), _F + ".aspectRatio"),
    Case("icon: only on a baseline", boxed(layout="horizontal"), piece("icon", url=URL), _F + ".type"),
    Case("baseline: icon, text, filler",
         flex(bubble(box({"type": "icon", "url": URL}, worded(), {"type": "filler"}, layout="baseline"))),
         flex(bubble(box({"type": "button", "action": tap()}, layout="baseline"))), _F + ".contents[0].type"),
    Case("box: a layout", boxed(layout="baseline"), boxed(layout="grid"), _F + ".layout"),
    Case("box: has contents", boxed(), flex(bubble({"type": "box", "layout": "vertical"})), _F + ".contents"),
    Case("box: boxes in boxes", flex(bubble(box(box(worded())))), flex(bubble(box(box({"type": "hr"})))),
         _F + ".contents[0].contents[0].type"),
    Case("box: space", boxed(spacing="md", margin="10px", paddingAll="5%", cornerRadius="xxl"),
         boxed(spacing="5%"), _F + ".spacing"),
    Case("box: padding", boxed(paddingTop="xxl"), boxed(paddingTop="3xl"), _F + ".paddingTop"),
    Case("box: border", boxed(borderWidth="semi-bold", borderColor="#000000"), boxed(borderWidth="thick"),
         _F + ".borderWidth"),
    Case("box: extent", boxed(width="50%", maxHeight="20px"), boxed(width="wide"), _F + ".width"),
    Case("box: order", boxed(justifyContent="space-evenly", alignItems="center"), boxed(alignItems="stretch"),
         _F + ".alignItems"),
    Case("box: background",
         boxed(background={"type": "linearGradient", "angle": "90deg", "startColor": "#000000", "endColor": "#ffffff",
                           "centerColor": "#888888", "centerPosition": "50%"}),
         boxed(background={"type": "linearGradient", "angle": "90", "startColor": "#000000", "endColor": "#ffffff"}),
         _F + ".background.angle"),
    Case("box: share", boxed(flex=0), boxed(flex=1.5), _F + ".flex"),
    Case("separator: a colour", piece("separator", color="#CCCCCC", margin="lg"), piece("separator", color="grey"),
         _F + ".color"),
]

CASES = [*TEXTS, *OTHERS, *QUICK, *ACTIONS, *TEMPLATES, *FLEX]


def menu(**more: Any) -> Json:
    whole: Json = {
        "size": {"width": 2_500, "height": 843},
        "selected": True,
        "name": "resident-ja",
        "chatBarText": "メニュー",
        "areas": [area()],
    }
    return {**whole, **more}


def area(action: Json | None = None, **bounds: int) -> Json:
    return {"bounds": {"x": 0, "y": 0, "width": 1_250, "height": 843, **bounds}, "action": action or tap("申請")}


_TAB = {"type": "richmenuswitch", "label": "次へ", "data": "x", "richMenuAliasId": "a"}
MENUS = [
    Case("name of 300", menu(name=GLYPH * 300), menu(name="あ" * 301), ".name"),
    Case("bar of 14", menu(chatBarText=FAMILY * 14), menu(chatBarText="あ" * 15), ".chatBarText"),
    Case("bar not empty", menu(chatBarText="a"), menu(chatBarText=""), ".chatBarText"),
    Case("at most 20 areas", menu(areas=[area()] * 20), menu(areas=[area()] * 21), ".areas"),
    Case("width from 800", menu(size={"width": 800, "height": 250}, areas=[]),
         menu(size={"width": 799, "height": 250}, areas=[]), ".size.width"),
    Case("width until 2,500", menu(), menu(size={"width": 2_501, "height": 843}), ".size.width"),
    Case("height from 250", menu(size={"width": 800, "height": 250}, areas=[]),
         menu(size={"width": 800, "height": 249}, areas=[]), ".size.height"),
    Case("wider than high", menu(size={"width": 2_500, "height": 1_724}),
         menu(size={"width": 2_500, "height": 1_725}), ".size"),
    Case("areas inside", menu(areas=[area(x=1_250)]), menu(areas=[area(x=1_251)]), ".areas[0].bounds"),
    Case("areas not turned", menu(), menu(areas=[area(width=0)]), ".areas[0].bounds.width"),
    Case("every area says what it does", menu(), menu(areas=[area(tap(None))]), ".areas[0].action.label"),
    Case("label of 20", menu(areas=[area(tap("あ" * 20))]), menu(areas=[area(tap("あ" * 21))]),
         ".areas[0].action.label"),
    Case("tabs", menu(areas=[area(_TAB)]), menu(areas=[area({**_TAB, "richMenuAliasId": "A"})]),
         ".areas[0].action.richMenuAliasId"),
    Case("tab data of 300", menu(areas=[area({**_TAB, "data": "a" * 300})]),
         menu(areas=[area({**_TAB, "data": "a" * 301})]), ".areas[0].action.data"),
    Case("no camera", menu(), menu(areas=[area({"type": "camera", "label": "写真"})]), ".areas[0].action.type"),
    Case("open or not", menu(selected=False), menu(selected="no"), ".selected"),
    Case("nothing missing", menu(), {"size": {"width": 2_500, "height": 843}}, ".selected"),
]
