"""The trainer's error."""


class TrainerError(RuntimeError):
    """The data, the configuration or an export is invalid; the message is one sentence."""
