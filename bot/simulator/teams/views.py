"""The Teams side behind Flask: what its screen asks for, and its platform's paths below /simulator/teams."""

from flask import Blueprint, Response, request

from bot.simulator.answers import as_picture, as_response
from bot.simulator.faults import NoSuchFault
from bot.simulator.phones import LARGEST_FILE, CannotDo
from bot.simulator.teams.commands import COMMANDS
from bot.simulator.teams.platform import TeamsPlatform


def add_to(blueprint: Blueprint, platform: TeamsPlatform) -> None:
    """Add the paths of *platform*; who may ask for them is the blueprint's to say."""
    views = _Views(platform)
    blueprint.add_url_rule("/do/teams/<name>", "teams_do", views.do, methods=["POST"])
    blueprint.add_url_rule("/photo/teams/<member>", "teams_photo", views.photo, methods=["POST"])
    blueprint.add_url_rule("/content/teams/<attachment>", "teams_content", views.content)
    methods = ["GET", "POST", "PUT", "DELETE"]
    blueprint.add_url_rule("/teams/<path:path>", "teams", views.teams, methods=methods)


class _Views:
    def __init__(self, platform: TeamsPlatform) -> None:
        self._platform = platform

    def do(self, name: str) -> tuple[dict[str, str], int]:
        """Do what the screen asks; ``said`` is what the product answered a button with, in words."""
        command, body = COMMANDS.get(name), request.get_json(silent=True)
        if command is None or not isinstance(body, dict):
            return {"message": "その操作はありません。"}, 400
        try:
            return {"said": command(self._platform, body)}, 200
        except (CannotDo, NoSuchFault) as refused:
            return {"message": str(refused)}, 400

    def photo(self, member: str) -> tuple[dict[str, str], int]:
        """Send the body: pasted where it is a picture and the query says so, else as a file."""
        request.max_content_length = LARGEST_FILE  # a photo is larger than what the product's own pages take
        body, mime, hands = request.get_data(cache=False), request.mimetype, self._platform.hands
        try:
            if "pasted" in request.args and mime.startswith("image/"):
                hands.send_picture(member, mime, body)
            else:
                hands.send_file(member, request.args.get("name", "file"), mime, body)
        except CannotDo as refused:
            return {"message": str(refused)}, 400
        return {}, 200

    def content(self, attachment: str) -> Response:
        return as_picture(self._platform.rooms.content(attachment))

    def teams(self, path: str) -> Response:
        headers = {name.lower(): value for name, value in request.headers}
        body = request.get_data(cache=False)
        return as_response(self._platform.call(request.method, f"/{path}", headers, body))
