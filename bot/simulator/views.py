"""The simulator behind Flask: its screen at /simulator/, LINE's and Teams's paths below it."""

from typing import Any

from flask import Blueprint, Response, abort, render_template, request

from bot.simulator import guard
from bot.simulator.answers import as_picture, as_response
from bot.simulator.clockwork import NoSuchTime
from bot.simulator.commands import COMMANDS
from bot.simulator.faults import NoSuchFault
from bot.simulator.phones import LARGEST_FILE, CannotDo
from bot.simulator.platform import Platform
from bot.simulator.samples import PLACES, photos
from bot.simulator.screen import state
from bot.simulator.teams import views as teams_views
from bot.simulator.teams.platform import TeamsPlatform
from bot.simulator.teams.screen import state as teams_state

# Nothing from elsewhere, nothing inline: what residents and the desk write is data on this page.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data: https:; connect-src 'self';"
    " form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_PLATFORMS = {"simulator.line", "simulator.teams"}


def make_blueprint(platform: Platform, teams: TeamsPlatform | None = None) -> Blueprint:
    """Return the pages and paths of *platform*; who asks from elsewhere finds nothing there."""
    views = _Views(platform, teams)
    blueprint = Blueprint(
        "simulator", __name__, url_prefix="/simulator", static_folder="static", template_folder="templates"
    )
    blueprint.before_request(_let_in)
    blueprint.after_request(_dressed)
    blueprint.add_url_rule("/", "screen", views.screen)
    blueprint.add_url_rule("/state", "state", views.state)
    blueprint.add_url_rule("/do/<name>", "do", views.do, methods=["POST"])
    blueprint.add_url_rule("/photo/<user>", "photo", views.photo, methods=["POST"])
    blueprint.add_url_rule("/content/<message>", "content", views.content)
    blueprint.add_url_rule("/sample/<name>.jpg", "sample", views.sample)
    blueprint.add_url_rule("/menu/<menu>", "menu", views.menu)
    methods = ["GET", "POST", "PUT", "DELETE"]
    blueprint.add_url_rule("/line/<path:path>", "line", views.line, methods=methods)
    if teams:
        teams_views.add_to(blueprint, teams)
    return blueprint


def _let_in() -> None:
    if not guard.comes_from_here(request):
        abort(404)
    allowed = guard.is_no_page if request.endpoint in _PLATFORMS else guard.is_own_page
    if request.method not in {"GET", "HEAD"} and not allowed(request):
        abort(403)


def _dressed(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers[name] = value
    return response


class _Views:
    def __init__(self, platform: Platform, teams: TeamsPlatform | None) -> None:
        self._platform, self._teams = platform, teams

    def screen(self) -> str:
        desk, has_teams = self._platform.config.desk_name, self._teams is not None
        return render_template("simulator/index.html", desk=desk, places=PLACES, teams=has_teams)

    def state(self) -> dict[str, Any]:
        told = state(self._platform, request.args.get("since", -1, type=int))
        if self._teams:
            told["teams"] = teams_state(self._teams, request.args.get("teams", -1, type=int))
        return told

    def do(self, name: str) -> tuple[dict[str, str], int]:
        command, body = COMMANDS.get(name), request.get_json(silent=True)
        if command is None or not isinstance(body, dict):
            return {"message": "その操作はありません。"}, 400
        try:
            command(self._platform, body)
        except (CannotDo, NoSuchFault, NoSuchTime) as refused:
            return {"message": str(refused)}, 400
        return {}, 200

    def photo(self, user: str) -> tuple[dict[str, str], int]:
        """Send the body as a photo, or as a file where it is no picture; the query may name it."""
        request.max_content_length = LARGEST_FILE  # a photo is larger than what the product's own pages take
        body, phones = request.get_data(cache=False), self._platform.phones
        try:
            if request.mimetype.startswith("image/"):
                phones.send_photo(user, request.mimetype, body)
            else:
                phones.send_file(user, request.args.get("name", "file"), request.mimetype, body)
        except CannotDo as refused:
            return {"message": str(refused)}, 400
        return {}, 200

    def content(self, message: str) -> Response:
        return as_picture(self._platform.chats.content(message))

    def sample(self, name: str) -> Response:
        found = photos().get(name)
        return as_picture(("image/jpeg", found) if found else None)

    def menu(self, menu: str) -> Response:
        return as_picture(self._platform.menus.picture(menu))

    def line(self, path: str) -> Response:
        headers = {name.lower(): value for name, value in request.headers}
        body = request.get_data(cache=False)
        return as_response(self._platform.call(request.method, f"/{path}", headers, body))
