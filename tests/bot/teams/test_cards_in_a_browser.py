"""Cards in a real browser, drawn by the official renderer: what is seen, read aloud, pressed and sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from bot.teams.listen import opener, pressed
from dialogs.events import Action, Decided, Do, Filled, Tapped
from dialogs.procedures.inspection.form import FORMS
from dialogs.procedures.inspection.sheet import FINDING
from dialogs.procedures.premises import Site
from dialogs.replies import CaseSheet, Offer, Reply, Said
from dialogs.words import say
from tests.bot.teams.test_cards_escape import TRICKS
from tests.bot.teams.test_cards_replies import review
from tests.bot.teams.test_cards_sheets import CASE, REFERENCE
from tests.support.cards import ACCOUNT, CODEC, CONVERSATION, RENDERER, asked_at_once, card, inputs
from tests.support.talks import world

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FORM = FORMS[-1]
HEAD = {"site": Site.OFFICE.value, "day": "2027-06-07", "kind": "monthly", "firm": "見本システム"}
SKIPPED = {"contract": None, "model": None, "notes": None}

# Markdown as Teams reads it and more, so that whatever could be read as such is.
DRAW = r"""
card => {
    AdaptiveCards.AdaptiveCard.onProcessMarkdown = (text, result) => {
        result.outputHtml = text
            .replace(/\[([^\]]*)\]\(([^)]*)\)/g, '<a href="$2">$1</a>')
            .replace(/(\*\*|__|\*|_|`|~~)(.+?)\1/g, '<b>$2</b>')
            .replace(/^\s*(?:[-+*#>]|[0-9]+[.)])\s+(.*)$/gm, '<ul><li>$1</li></ul>');
        result.didProcess = true;
    };
    const made = new AdaptiveCards.AdaptiveCard();
    window.sent = [];
    made.onExecuteAction = action => window.sent.push([action.getJsonTypeName(), action.data ?? action.url]);
    made.parse(card, new AdaptiveCards.SerializationContext(AdaptiveCards.Versions.v1_5));
    document.body.replaceChildren(made.render());
}
"""
NAMELESS = """() => [...document.querySelectorAll('input, textarea, select')].filter(each =>
    !(each.getAttribute('aria-labelledby') ?? '').split(' ').some(id => document.getElementById(id)?.innerText.trim())
    && !each.labels?.length && !each.getAttribute('aria-label')).map(each => each.outerHTML)"""


@pytest.fixture
def screen(browser: Browser) -> Iterator[Callable[[Reply], Page]]:
    """Return what draws one card on a page of its own, as wide as a personal chat."""
    context = browser.new_context(viewport={"width": 480, "height": 800}, locale="ja-JP")
    context.set_default_timeout(10_000)

    def draw(reply: Reply) -> Page:
        page = context.new_page()
        page.add_script_tag(path=RENDERER)
        page.evaluate(DRAW, card(reply))
        return page

    yield draw
    context.close()


def sent(page: Page) -> Any:
    """Return what the door hears of the one button that was pressed."""
    ((kind, data),) = page.evaluate("window.sent")
    assert kind == "Action.Execute"
    return pressed(data, opener(CODEC, ACCOUNT))


def sheet(answers: dict[str, Any], **more: Any) -> Any:
    return asked_at_once(FORM, {**HEAD, **SKIPPED, **answers}, world(), **more)


def test_what_somebody_wrote_is_seen_as_it_was_typed(screen: Callable[[Reply], Page]) -> None:
    def shown(text: str) -> Reply:
        return Said(say("{said}", said=text), (Offer(say("メニュー"), Action(Do.MENU)),))

    page = screen(shown(""))
    for text in (*TRICKS, "🇯🇵 １２３ ｱｲｳ", "<script>window.broken=1</script>"):
        page.evaluate(DRAW, card(shown(text)))

        lines = page.locator(".ac-richTextBlock").all_inner_texts()
        assert "\n".join(lines).replace("\u00a0", " ") == text
        assert page.locator("a, b, ul, ol, li").count() == 0


def test_the_markdown_of_these_tests_would_have_been_seen(screen: Callable[[Reply], Page]) -> None:
    page = screen(CASE)

    wrong = {
        "type": "AdaptiveCard",
        "version": "1.5",
        "body": [{"type": "TextBlock", "text": "\n\n".join(TRICKS)}],
    }
    page.evaluate(DRAW, wrong)

    assert all(page.locator(name).count() for name in ("a", "b", "li"))


def test_a_sheet_shows_no_link_but_ours(screen: Callable[[CaseSheet], Page]) -> None:
    page = screen(CASE)

    assert page.locator("a").count() == 0
    page.get_by_role("link", name="管理画面で見る").click()
    assert page.evaluate("window.sent") == [
        ["Action.OpenUrl", f"https://desk.example.jp/console/cases/{REFERENCE}"]
    ]


def test_a_reason_must_be_written_before_a_case_is_refused(screen: Callable[[CaseSheet], Page]) -> None:
    page = screen(CASE)
    page.get_by_role("button", name="却下する").click()

    page.get_by_role("button", name="却下する").last.click()
    assert page.evaluate("window.sent") == []
    assert page.get_by_text("入力してください。").is_visible()

    page.get_by_label("理由").last.fill("市外のため")
    page.get_by_role("button", name="却下する").last.click()
    heard = sent(page)
    assert isinstance(heard, Decided)
    assert (heard.outcome, heard.fields["reason"]) == ("refuse", {"refuse": "市外のため"})


def test_signing_sends_nothing_of_what_stands_beside_another_button(
    screen: Callable[[CaseSheet], Page],
) -> None:
    page = screen(CASE)
    page.get_by_role("button", name="差し戻す").click()
    page.get_by_label("周囲長").check()

    page.get_by_role("button", name="決裁する").click()

    assert sent(page) == Decided(REFERENCE, "chief_signed", "approve", 3)


def test_every_input_says_to_a_screen_reader_what_it_asks(screen: Callable[[Reply], Page]) -> None:
    for reply in (asked_at_once(FORM, {}, world()), sheet({}), CASE, review(5)):
        assert screen(reply).evaluate(NAMELESS) == []


def test_a_section_unfolds_and_folds_by_keyboard(screen: Callable[[Reply], Page]) -> None:
    page = screen(sheet({}))
    headers = page.locator("[role=button][aria-label$='開く・閉じる']")
    second = headers.nth(1)
    shown = page.locator("select:visible").count()

    second.focus()
    page.keyboard.press("Enter")
    assert page.locator("select:visible").count() > shown
    page.keyboard.press("Enter")
    assert page.locator("select:visible").count() == shown


def test_a_sheet_is_filled_in_and_sent_whole_with_what_is_folded_away(
    screen: Callable[[Reply], Page],
) -> None:
    ask = sheet({})
    number = next(key for key, each in inputs(card(ask)).items() if each["type"] == "Input.Number")
    page = screen(ask)
    page.locator("select:visible").first.select_option("指摘")
    page.locator("input[type=number]:visible").first.fill("205.5")

    page.get_by_role("button", name="送信").click()

    heard = sent(page)
    assert isinstance(heard, Filled)
    assert heard.conversation == CONVERSATION
    assert [*heard.fields] == [*inputs(card(ask))]
    given = {key: parts for key, parts in heard.fields.items() if any(parts.values())}
    assert given == {ask.fields[0].key: {"": FINDING}, number: {"": "205.5"}}


def test_a_day_is_chosen_within_its_limits(screen: Callable[[Reply], Page]) -> None:
    page = screen(asked_at_once(FORM, {}, world()))

    day = page.locator("input[type=date]")

    assert day.get_attribute("max") == world().today.isoformat()
    day.fill(date(2027, 6, 1).isoformat())
    page.get_by_role("button", name="送信").click()
    assert sent(page).fields["day"] == {"": "2027-06-01"}


def test_an_answer_is_chosen_at_the_review_to_be_given_anew(screen: Callable[[Reply], Page]) -> None:
    page = screen(review(5))
    page.get_by_role("button", name="えらんだ項目を直す").click()
    assert page.evaluate("window.sent") == []

    page.locator("select").select_option("4. 3番目の質問")
    page.get_by_role("button", name="えらんだ項目を直す").click()

    assert sent(page) == Tapped(Action(Do.REOPEN, "c1", "q3"))


def test_nothing_need_be_chosen_to_confirm_a_review(screen: Callable[[Reply], Page]) -> None:
    page = screen(review(5))

    page.get_by_role("button", name="提出する").click()

    assert sent(page) == Tapped(Action(Do.CONFIRM, "c1"))
