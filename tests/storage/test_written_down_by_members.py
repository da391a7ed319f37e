"""What members write down on residents' cases: it stays with the case, and goes with it."""

from sqlalchemy import Connection, Engine

from storage import engine as database
from storage import erasures, photos, retention
from storage.erasures import PERSON, Subject
from tests.storage import make
from tests.storage.make import DAY, NOW

OLD, BEFORE = NOW - 30 * DAY, NOW - 14 * DAY


def _photo(conn: Connection, photo: str, person: str) -> dict[str, str]:
    photos.expect(conn, photo, procedure="fence_loan", person_id=person, source=f"m-{photo}", now=OLD)
    return {"photo": photo}


def test_a_photo_that_a_member_filed_on_somebody_s_case_stays(engine: Engine) -> None:
    with database.write(engine) as conn:
        resident, member = make.person(conn), make.person(conn, "t/1", "teams")
        case = make.case(conn, "R-1", resident, OLD)
        shown, dropped = _photo(conn, "f1", member), _photo(conn, "f2", member)
        make.filed(conn, case, OLD)
        given = {"step": "checked", "form": "check", "role": "contractor", "channel": "teams"}
        make.filed(conn, case, OLD, answers={"site": shown}, **given)
        make.talk(
            conn, member, "c1", OLD, answers={"site": shown, "more": dropped}, form="check", case_id=case
        )

        assert retention.purge_half_filled(conn, BEFORE) == 1
        assert retention.purge_photos(conn, NOW) == 1
        assert photos.get(conn, "f1")
        assert photos.get(conn, "f2") is None


def test_all_of_somebody_s_cases_is_erased_with_them_whoever_wrote_it_down(engine: Engine) -> None:
    with database.write(engine) as conn:
        resident, member = make.person(conn), make.person(conn, "t/1", "teams")
        case = make.case(conn, "R-1", resident, OLD)
        filed, half = _photo(conn, "f1", member), _photo(conn, "f2", member)
        make.filed(conn, case, OLD)
        make.filed(conn, case, OLD, answers={"site": filed}, step="checked", form="check", role="contractor")
        make.talk(conn, member, "c1", NOW, answers={"site": half}, form="check", case_id=case)

        found = erasures.survey(conn, Subject(PERSON, resident), None)

    assert found
    assert sorted(found.photos) == ["f1", "f2"]
    assert list(found.conversations) == ["c1"]
