"""Errors, each with a sentence for users: what was expected and what was received."""


class PictureError(ValueError):
    """The bytes cannot be decoded as a picture."""


class UnsupportedPicture(PictureError):
    """The format of the picture is not supported."""


class PictureTooLarge(PictureError):
    """The picture has too many pixels."""


class ModelError(RuntimeError):
    """A model, its weights or its contract is missing, changed or wrong."""


class VideoError(RuntimeError):
    """A video, camera or stream cannot be read."""


class OutputError(RuntimeError):
    """Standard output cannot be written."""


class UsageError(ValueError):
    """The arguments of the command line contradict each other."""


def reason(error: Exception) -> str:
    """The reason for an error, as the end of a sentence; system errors without their number."""
    return str(getattr(error, "strerror", None) or error)
