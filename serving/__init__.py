"""What stands between Flask and the network: static files and the production server."""


class SetupError(RuntimeError):
    """The server cannot start; the sentence says what to do."""
