"""What can go wrong, each with a sentence a user understands: what was expected and what came."""


class PictureError(ValueError):
    """The bytes are not a picture that can be judged."""


class UnsupportedPicture(PictureError):
    """The bytes are in a format that is not read here."""


class PictureTooLarge(PictureError):
    """The picture has more pixels than are read here."""


class ModelError(RuntimeError):
    """A model, its weights or its contract is missing, changed or wrong."""


class VideoError(RuntimeError):
    """A video, camera or stream cannot be read."""


class UsageError(ValueError):
    """What the command line asks for makes no sense."""


def reason(error: Exception) -> str:
    """What went wrong, for the end of a sentence: of the system's errors without the number."""
    return str(getattr(error, "strerror", None) or error)
