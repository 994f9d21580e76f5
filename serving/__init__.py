"""The web server: routes, predictions, limits, settings and the production server."""

from werkzeug.exceptions import HTTPException


class Refusal(HTTPException):
    """An error whose description is a sentence for users."""


class SetupError(RuntimeError):
    """The server cannot start; the message says what to do."""
