"""The rows of the limits of Flex Messages and of rich menus."""

from __future__ import annotations

from tests.bot.line.limits_build import (
    FAMILY,
    GLYPH,
    LONG_URL,
    URL,
    Case,
    area,
    box,
    boxed,
    bubble,
    bubbles,
    filling,
    film,
    flex,
    link,
    menu,
    picker,
    piece,
    tap,
    worded,
)

_F = ".contents.body.contents[0]"

FLEX = [
    Case("flex: altText of 1,500", flex(bubble(), "あ" * 1_500), flex(bubble(), "あ" * 1_501), ".altText"),
    Case("flex: bubble or carousel", flex(bubble()), flex(box()), ".contents.type"),
    Case("flex: bubble of 30 KB", flex(filling(30_000)), flex(filling(30_001)), ".contents"),
    Case(
        "flex: Japanese counts as it is sent",
        flex(bubble(worded("あ" * 4_900))),
        flex(bubble(worded("あ" * 5_000))),
        ".contents",
    ),
    Case(
        "flex: carousel of 50 KB",
        bubbles(filling(24_900), filling(24_900)),
        bubbles(filling(25_100), filling(25_100)),
        ".contents",
    ),
    Case(
        "flex: at most 12 bubbles", bubbles(*[bubble()] * 12), bubbles(*[bubble()] * 13), ".contents.contents"
    ),
    Case("flex: at least one bubble", bubbles(bubble()), bubbles(), ".contents.contents"),
    Case(
        "flex: bubbles of one size",
        bubbles(bubble(size="mega"), bubble()),
        bubbles(bubble(size="kilo"), bubble()),
        ".contents.contents",
    ),
    Case(
        "flex: at most 10 moving pictures",
        flex(bubble(*[{"type": "image", "url": URL, "animated": True}] * 10)),
        flex(bubble(*[{"type": "image", "url": URL, "animated": True}] * 11)),
        ".contents",
    ),
    Case("bubble: holds something", flex(bubble()), flex({"type": "bubble"}), ".contents"),
    Case("bubble: a size", flex(bubble(size="nano")), flex(bubble(size="huge")), ".contents.size"),
    Case(
        "bubble: a direction",
        flex(bubble(direction="rtl")),
        flex(bubble(direction="up")),
        ".contents.direction",
    ),
    Case(
        "bubble: the header is a box",
        flex(bubble(header=box(worded()))),
        flex(bubble(header=worded())),
        ".contents.header.type",
    ),
    Case(
        "bubble: the body is a box",
        flex({"type": "bubble", "body": box(worded())}),
        flex({"type": "bubble", "body": worded()}),
        ".contents.body.type",
    ),
    Case(
        "bubble: the footer is a box",
        flex(bubble(footer=box(worded()))),
        flex(bubble(footer=worded())),
        ".contents.footer.type",
    ),
    Case(
        "bubble: the hero is a picture, a film or a box",
        flex(bubble(hero={"type": "image", "url": URL})),
        flex(bubble(hero=worded())),
        ".contents.hero.type",
    ),
    Case(
        "bubble: a film needs room",
        flex(bubble(hero=film(), size="kilo")),
        flex(bubble(hero=film(), size="micro")),
        ".contents.size",
    ),
    Case(
        "bubble: no film in a carousel",
        flex(bubble(hero=film())),
        bubbles(bubble(hero=film())),
        ".contents.contents[0].hero.type",
    ),
    Case("bubble: no film below the hero", flex(bubble(hero=film())), flex(bubble(film())), _F + ".type"),
    Case(
        "bubble: a film only leads to a page",
        flex(bubble(hero=film(action=link()))),
        flex(bubble(hero=film(action=tap()))),
        ".contents.hero.action.type",
    ),
    Case(
        "bubble: a film has another picture",
        flex(bubble(hero=film(altContent=box()))),
        flex(bubble(hero=film(altContent=worded()))),
        ".contents.hero.altContent.type",
    ),
    Case(
        "bubble: styles of its blocks",
        flex(bubble(styles={"body": {"separator": True}})),
        flex(bubble(styles={"body": {"separator": "yes"}})),
        ".contents.styles.body.separator",
    ),
    Case(
        "bubble: colours of its blocks",
        flex(bubble(styles={"hero": {"backgroundColor": "#11223344"}})),
        flex(bubble(styles={"hero": {"backgroundColor": "#123"}})),
        ".contents.styles.hero.backgroundColor",
    ),
    Case("text: not empty in flex", piece("text", text="a"), piece("text", text=""), _F + ".text"),
    Case(
        "text: words or spans",
        piece("text", contents=[{"type": "span", "text": "a"}]),
        piece("text", size="sm"),
        _F + ".text",
    ),
    Case(
        "span: has words",
        piece("text", contents=[{"type": "span", "text": "a", "size": "xs"}]),
        piece("text", contents=[{"type": "span"}]),
        _F + ".contents[0].text",
    ),
    Case(
        "text: wraps or not",
        piece("text", text="a", wrap=True),
        piece("text", text="a", wrap="true"),
        _F + ".wrap",
    ),
    Case(
        "text: a size", piece("text", text="a", size="5xl"), piece("text", text="a", size="6xl"), _F + ".size"
    ),
    Case(
        "text: a size in pixels",
        piece("text", text="a", size="12.5px"),
        piece("text", text="a", size="12pt"),
        _F + ".size",
    ),
    Case(
        "text: a colour",
        piece("text", text="a", color="#00000080"),
        piece("text", text="a", color="#0000"),
        _F + ".color",
    ),
    Case(
        "text: lines",
        piece("text", text="a", maxLines=0),
        piece("text", text="a", maxLines=-1),
        _F + ".maxLines",
    ),
    Case(
        "text: space between lines",
        piece("text", text="a", lineSpacing="4px"),
        piece("text", text="a", lineSpacing="sm"),
        _F + ".lineSpacing",
    ),
    Case(
        "text: weight, style, decoration",
        piece("text", text="a", weight="bold", style="italic", decoration="underline"),
        piece("text", text="a", weight="black"),
        _F + ".weight",
    ),
    Case(
        "text: place",
        piece("text", text="a", align="end", gravity="bottom", position="absolute", offsetTop="1%"),
        piece("text", text="a", align="left"),
        _F + ".align",
    ),
    Case(
        "text: fits itself",
        piece("text", text="a", adjustMode="shrink-to-fit", scaling=True),
        piece("text", text="a", adjustMode="grow"),
        _F + ".adjustMode",
    ),
    Case(
        "text: nothing unknown in flex",
        piece("text", text="a"),
        piece("text", text="a", hint="b"),
        _F + ".hint",
    ),
    Case(
        "text: label of 40 if any",
        piece("text", text="a", action=tap(None)),
        piece("text", text="a", action=tap("あ" * 41)),
        _F + ".action.label",
    ),
    Case(
        "button: label of 40",
        piece("button", action=tap("あ" * 40)),
        piece("button", action=tap("あ" * 41)),
        _F + ".action.label",
    ),
    Case(
        "button: label is there",
        piece("button", action=tap()),
        piece("button", action=tap(None)),
        _F + ".action.label",
    ),
    Case("button: does something", piece("button", action=tap()), piece("button"), _F + ".action"),
    Case(
        "button: no place",
        piece("button", action=picker()),
        piece("button", action={"type": "location", "label": "地図"}),
        _F + ".action.type",
    ),
    Case(
        "button: a style",
        piece("button", action=tap(), style="primary", height="sm", color="#06C755"),
        piece("button", action=tap(), style="danger"),
        _F + ".style",
    ),
    Case(
        "image: of 2,000 in flex",
        piece("image", url=LONG_URL),
        piece("image", url=LONG_URL + "a"),
        _F + ".url",
    ),
    Case(
        "image: a size in flex",
        piece("image", url=URL, size="full"),
        piece("image", url=URL, size="half"),
        _F + ".size",
    ),
    Case(
        "image: three times as high as wide",
        piece("image", url=URL, aspectRatio="1:3"),
        piece("image", url=URL, aspectRatio="1:3.1"),
        _F + ".aspectRatio",
    ),
    Case(
        "image: a ratio up to 100,000",
        piece("image", url=URL, aspectRatio="100000:1"),
        piece("image", url=URL, aspectRatio="100001:1"),
        _F + ".aspectRatio",
    ),
    Case(
        "image: a ratio",
        piece("image", url=URL, aspectRatio="20:13", aspectMode="cover"),
        piece("image", url=URL, aspectRatio="20/13"),
        _F + ".aspectRatio",
    ),
    Case("icon: only on a baseline", boxed(layout="horizontal"), piece("icon", url=URL), _F + ".type"),
    Case(
        "baseline: icon, text, filler",
        flex(bubble(box({"type": "icon", "url": URL}, worded(), {"type": "filler"}, layout="baseline"))),
        flex(bubble(box({"type": "button", "action": tap()}, layout="baseline"))),
        _F + ".contents[0].type",
    ),
    Case("box: a layout", boxed(layout="baseline"), boxed(layout="grid"), _F + ".layout"),
    Case("box: has contents", boxed(), flex(bubble({"type": "box", "layout": "vertical"})), _F + ".contents"),
    Case(
        "box: boxes in boxes",
        flex(bubble(box(box(worded())))),
        flex(bubble(box(box({"type": "hr"})))),
        _F + ".contents[0].contents[0].type",
    ),
    Case(
        "box: space",
        boxed(spacing="md", margin="10px", paddingAll="5%", cornerRadius="xxl"),
        boxed(spacing="5%"),
        _F + ".spacing",
    ),
    Case("box: padding", boxed(paddingTop="xxl"), boxed(paddingTop="3xl"), _F + ".paddingTop"),
    Case(
        "box: border",
        boxed(borderWidth="semi-bold", borderColor="#000000"),
        boxed(borderWidth="thick"),
        _F + ".borderWidth",
    ),
    Case("box: extent", boxed(width="50%", maxHeight="20px"), boxed(width="wide"), _F + ".width"),
    Case("box: ASCII digits", boxed(width="50px"), boxed(width="５０px"), _F + ".width"),
    Case(
        "box: order",
        boxed(justifyContent="space-evenly", alignItems="center"),
        boxed(alignItems="stretch"),
        _F + ".alignItems",
    ),
    Case(
        "box: background",
        boxed(
            background={
                "type": "linearGradient",
                "angle": "90deg",
                "startColor": "#000000",
                "endColor": "#ffffff",
                "centerColor": "#888888",
                "centerPosition": "50%",
            }
        ),
        boxed(
            background={
                "type": "linearGradient",
                "angle": "90",
                "startColor": "#000000",
                "endColor": "#ffffff",
            }
        ),
        _F + ".background.angle",
    ),
    Case("box: share", boxed(flex=0), boxed(flex=1.5), _F + ".flex"),
    Case(
        "separator: a colour",
        piece("separator", color="#CCCCCC", margin="lg"),
        piece("separator", color="grey"),
        _F + ".color",
    ),
]

_TAB = {"type": "richmenuswitch", "label": "次へ", "data": "x", "richMenuAliasId": "a"}
MENUS = [
    Case("name of 300", menu(name=GLYPH * 300), menu(name="あ" * 301), ".name"),
    Case("bar of 14", menu(chatBarText=FAMILY * 14), menu(chatBarText="あ" * 15), ".chatBarText"),
    Case("bar not empty", menu(chatBarText="a"), menu(chatBarText=""), ".chatBarText"),
    Case("at most 20 areas", menu(areas=[area()] * 20), menu(areas=[area()] * 21), ".areas"),
    Case(
        "width from 800",
        menu(size={"width": 800, "height": 250}, areas=[]),
        menu(size={"width": 799, "height": 250}, areas=[]),
        ".size.width",
    ),
    Case("width until 2,500", menu(), menu(size={"width": 2_501, "height": 843}), ".size.width"),
    Case(
        "height from 250",
        menu(size={"width": 800, "height": 250}, areas=[]),
        menu(size={"width": 800, "height": 249}, areas=[]),
        ".size.height",
    ),
    Case(
        "wider than high",
        menu(size={"width": 2_500, "height": 1_724}),
        menu(size={"width": 2_500, "height": 1_725}),
        ".size",
    ),
    Case("areas inside", menu(areas=[area(x=1_250)]), menu(areas=[area(x=1_251)]), ".areas[0].bounds"),
    Case("areas not turned", menu(), menu(areas=[area(width=0)]), ".areas[0].bounds.width"),
    Case("every area says what it does", menu(), menu(areas=[area(tap(None))]), ".areas[0].action.label"),
    Case(
        "label of 20",
        menu(areas=[area(tap("あ" * 20))]),
        menu(areas=[area(tap("あ" * 21))]),
        ".areas[0].action.label",
    ),
    Case(
        "tabs",
        menu(areas=[area(_TAB)]),
        menu(areas=[area({**_TAB, "richMenuAliasId": "A"})]),
        ".areas[0].action.richMenuAliasId",
    ),
    Case(
        "tab data of 300",
        menu(areas=[area({**_TAB, "data": "a" * 300})]),
        menu(areas=[area({**_TAB, "data": "a" * 301})]),
        ".areas[0].action.data",
    ),
    Case(
        "no camera", menu(), menu(areas=[area({"type": "camera", "label": "写真"})]), ".areas[0].action.type"
    ),
    Case("open or not", menu(selected=False), menu(selected="no"), ".selected"),
    Case("nothing missing", menu(), {"size": {"width": 2_500, "height": 843}}, ".selected"),
]
