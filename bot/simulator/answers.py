"""What a platform answers, as Flask sends it."""

from flask import Response, abort

from bot.simulator.calls import Answer

_SHOWABLE = {"image/jpeg", "image/png", "image/gif", "image/webp"}


def as_picture(found: tuple[str, bytes] | None) -> Response:
    """Return a picture to be looked at; what was sent as anything else is never handed to a browser."""
    if found is None or found[0] not in _SHOWABLE:
        abort(404)
    return Response(found[1], mimetype=found[0])


def as_response(answer: Answer) -> Response:
    """Return *answer* as it goes over the wire."""
    if answer.broken:
        return _torn()
    response = Response(answer.body, answer.status, mimetype=answer.mime)
    response.headers.update(answer.headers)
    return response


def _torn() -> Response:
    """Return a body that ends long before its promised length: how an application breaks a connection off."""
    return Response(iter([b"{"]), 502, {"Content-Length": "1000000"})
