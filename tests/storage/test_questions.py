"""Questions to the staff: answered once, forgotten in time, and the words that lead to an entry."""

from sqlalchemy import Engine

from dialogs.events import Typed
from dialogs.howto.lists import AT_ASKING
from dialogs.standing import Standing
from storage import engine as database
from storage import people, questions, todo
from storage.questions import Question, knowing
from tests.dialogs import worlds
from tests.storage import make
from tests.storage.make import DAY, NOW


def asked(engine: Engine, *texts: str, account: str = "U1") -> list[str]:
    """Return the ids of questions that one person asked, a millisecond apart."""
    with database.write(engine) as conn:
        person = people.find(conn, "line", account) or make.person(conn, account)
        return [
            questions.ask(conn, person, "ja", text, f"m{number}", NOW + number)
            for number, text in enumerate(texts)
        ]


def of(engine: Engine, question: str) -> Question | None:
    with database.read(engine) as conn:
        return questions.one(conn, question)


def test_questions_wait_in_the_order_in_which_they_were_asked(engine: Engine) -> None:
    first, second = asked(engine, "一つめ", "二つめ")

    with database.read(engine) as conn:
        assert [each.id for each in questions.waiting(conn, 10)] == [first, second]
        assert [each.id for each in questions.waiting(conn, 1)] == [first]
        assert todo.counted(conn).questions == 2
        assert not questions.done(conn, 10)


def test_a_question_is_answered_once(engine: Engine) -> None:
    [question] = asked(engine, "電池は何本ですか")

    with database.write(engine) as conn:
        taken = [questions.answered(conn, question, by, NOW + DAY, answer=by) for by in ("甲", "乙")]

    found = of(engine, question)
    assert taken == [True, False]
    assert found
    assert (found.answer, found.answered_by, found.answered_at) == ("甲", "甲", NOW + DAY)
    with database.read(engine) as conn:
        assert todo.counted(conn).questions == 0
        assert [each.id for each in questions.done(conn, 10)] == [question]


def test_whoever_cannot_be_reached_is_shown_as_such(engine: Engine) -> None:
    [question] = asked(engine, "電池は何本ですか")
    with database.write(engine) as conn:
        people.set_blocked(conn, "line", "U1", NOW)

    found = of(engine, question)
    assert found
    assert found.blocked

    with database.write(engine) as conn:
        people.set_blocked(conn, "line", "U1", None)
    found = of(engine, question)
    assert found
    assert not found.blocked


def test_a_question_goes_with_the_message_that_is_taken_back(engine: Engine) -> None:
    first, second = asked(engine, "一つめ", "二つめ")
    asked(engine, "ほかの人の", account="U2")
    with database.write(engine) as conn:
        person = people.find(conn, "line", "U1")
        assert person

        assert questions.take_back(conn, person, "m0") == 1
        assert questions.take_back(conn, person, "") == 0
        assert questions.take_back(conn, person, "m9") == 0

    assert of(engine, first) is None
    assert of(engine, second)
    with database.read(engine) as conn:
        assert todo.counted(conn).questions == 2


def test_who_asked_is_forgotten_once_the_answer_is_old(engine: Engine) -> None:
    old, new, waiting = asked(engine, "古い", "新しい", "まだの")
    with database.write(engine) as conn:
        questions.answered(conn, old, "甲", NOW, answer="はい")
        questions.answered(conn, new, "甲", NOW + DAY, answer="はい")

        assert questions.forget_people(conn, NOW + DAY, 10) == 1
        assert questions.forget_people(conn, NOW + DAY, 10) == 0

    people_of = [found.person_id for each in (old, new, waiting) if (found := of(engine, each))]
    assert (people_of[0], None in people_of[1:]) == (None, False)
    found = of(engine, old)
    assert found
    assert (found.text, found.answer, found.blocked) == ("古い", "はい", False)


def test_the_questions_of_a_span_begin_at_its_first_moment_and_end_before_its_last(engine: Engine) -> None:
    asked(engine, "一つめ", "二つめ", "三つめ")

    with database.read(engine) as conn:
        found = [
            [each.text for each in questions.between(conn, since, until)]
            for since, until in ((None, None), (NOW + 1, None), (None, NOW + 1), (NOW + 1, NOW + 2))
        ]

    assert found == [["一つめ", "二つめ", "三つめ"], ["二つめ", "三つめ"], ["一つめ"], ["二つめ"]]


def test_words_lead_to_an_entry_until_they_are_taken_away(engine: Engine) -> None:
    with database.write(engine) as conn:
        for number, word in enumerate(("ビリビリ棒", "ビリビリ棒", "あの棒")):
            questions.add_word(conn, "earth", word, "甲", NOW + number)
        questions.add_word(conn, "sign", "長" * 500, "甲", NOW)
        assert questions.words(conn) == {"earth": ("ビリビリ棒", "あの棒"), "sign": ("長" * 300,)}

        assert questions.remove_word(conn, "earth", "ビリビリ棒")
        assert not questions.remove_word(conn, "earth", "ビリビリ棒")
        assert questions.words(conn)["earth"] == ("あの棒",)


def test_the_world_knows_the_words_where_the_guide_may_be_searched(engine: Engine) -> None:
    with database.write(engine) as conn:
        questions.add_word(conn, "earth", "ビリビリ棒", "甲", NOW)
        plain = worlds.world()

        found = knowing(conn, plain, Standing("ja"), Typed("ビリビリ棒は？"), "")
        assert found.guide == {"earth": ("ビリビリ棒",)}
        assert knowing(conn, plain, Standing("ja"), Typed("1"), "") is plain


def test_only_ones_own_questions_count_and_only_until_they_are_answered(engine: Engine) -> None:
    with database.write(engine) as conn:
        mine, other = make.person(conn, "U1"), make.person(conn, "U2")
        first = questions.ask(conn, mine, "ja", "電池は？", "m1", NOW)
        questions.ask(conn, mine, "ja", "草は？", "m2", NOW)
        questions.ask(conn, other, "ja", "棒は？", "m3", NOW)
        asking, plain = Standing("ja", at=AT_ASKING), worlds.world()

        assert knowing(conn, plain, asking, Typed("夜は？"), mine).asked == 2
        questions.answered(conn, first, "甲", NOW, answer="2本です。")
        assert knowing(conn, plain, asking, Typed("夜は？"), mine).asked == 1
        assert knowing(conn, plain, Standing("ja"), Typed("夜は？"), mine).asked == 0
