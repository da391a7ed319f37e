"""Signing in with a one-time link."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from bot.service import Service
from bot.serving import make_app
from storage import engine as database
from storage import sessions
from tests.storage.make import together
from tests.support.service import StandingClock
from tests.support.staff import NAME, Staff, said

OVER = 410


def test_looking_at_a_link_uses_nothing_up(stranger: Staff) -> None:
    link = stranger.link()

    assert [stranger.get(link).status_code for _ in range(3)] == [200, 200, 200]
    assert f"「{NAME}」としてログインします" in said(stranger.get(link))
    assert stranger.get("/admin/").status_code == 303

    assert stranger.client.post(link).status_code == 303
    assert stranger.get("/admin/").status_code == 200


def test_a_link_works_once(stranger: Staff, samples: Service, app: Flask) -> None:
    link = stranger.link()
    stranger.client.post(link)

    other = Staff(samples, app)
    answer = other.client.post(link)

    assert answer.status_code == OVER
    assert "このリンクは使えません" in said(answer)
    assert other.get("/admin/").status_code == 303


def test_of_several_who_take_a_link_at_the_same_moment_one_gets_in(
    stranger: Staff, samples: Service, app: Flask
) -> None:
    link = stranger.link()

    statuses = together(4, lambda: Staff(samples, app).client.post(link).status_code)

    assert sorted(statuses) == [303, OVER, OVER, OVER]


def test_a_link_ends(stranger: Staff, clock: StandingClock) -> None:
    link = stranger.link(minutes=10)
    clock.advance(timedelta(minutes=10))

    assert stranger.get(link).status_code == OVER
    assert stranger.client.post(link).status_code == OVER


@pytest.mark.parametrize("token", ["x", "%00", "a" * 500, "見本", "..%2f.."])
def test_a_token_that_was_made_up_opens_nothing(stranger: Staff, token: str) -> None:
    assert stranger.client.post(f"/admin/enter/{token}").status_code in {404, OVER}
    assert stranger.get("/admin/").status_code == 303


def test_a_link_to_a_private_page_is_none_to_the_console(stranger: Staff, samples: Service) -> None:
    from storage import links

    with database.write(samples.engine) as conn:
        token = links.make(conn, "page", "p", "c", 60_000, samples.clock.now())

    assert stranger.client.post(f"/admin/enter/{token}").status_code == OVER


def test_a_session_ends_when_nobody_uses_it(staff: Staff, clock: StandingClock) -> None:
    clock.advance(timedelta(minutes=29))
    assert staff.get("/admin/").status_code == 200
    clock.advance(timedelta(minutes=29))
    assert staff.get("/admin/").status_code == 200

    clock.advance(timedelta(minutes=30))
    assert staff.get("/admin/").status_code == 303


def test_a_session_ends_after_eight_hours_however_busy(staff: Staff, clock: StandingClock) -> None:
    for _ in range(23):
        clock.advance(timedelta(minutes=20))
        assert staff.get("/admin/").status_code == 200

    clock.advance(timedelta(minutes=20))
    assert staff.get("/admin/").status_code == 303


def test_signing_out_ends_the_session_and_not_only_the_cookie(staff: Staff) -> None:
    cookie = staff.client.get_cookie("madoguchi-console")
    assert cookie
    assert staff.post("/admin/sign-out").status_code == 303

    staff.client.set_cookie("madoguchi-console", cookie.value)
    assert staff.get("/admin/").status_code == 303


def test_somebody_whose_sessions_are_ended_is_out_at_once(staff: Staff, samples: Service) -> None:
    with database.write(samples.engine) as conn:
        assert sessions.end_all(conn, "console", NAME) == 1

    assert staff.get("/admin/").status_code == 303


def test_the_cookie_cannot_be_read_by_scripts_or_sent_by_other_sites(stranger: Staff) -> None:
    cookie = stranger.client.post(stranger.link()).headers["Set-Cookie"]

    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie


def test_over_https_only_this_host_can_set_the_cookie(samples: Service) -> None:
    changed = samples.settings.model_copy(update={"public_url": "https://desk.example.jp"})
    samples.settings = changed
    staff = Staff(samples, make_app(samples))

    cookie = staff.client.post(staff.link(), base_url="https://desk.example.jp").headers["Set-Cookie"]

    assert cookie.startswith("__Host-madoguchi-console=")
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie


def test_the_way_in_is_said_to_whoever_is_not_signed_in(stranger: Staff) -> None:
    answer = stranger.client.get("/admin/cases/", follow_redirects=True)

    assert answer.request.path == "/admin/sign-in"
    assert "madoguchi sign-in" in answer.text
