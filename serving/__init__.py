"""The web server: routes, predictions, limits, settings and the production server."""


class SetupError(RuntimeError):
    """The server cannot start; the message says what to do."""
