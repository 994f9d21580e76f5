"""The sources of the command line: photos, videos, a camera or a stream."""

from __future__ import annotations

import glob
import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import av

from inference.errors import UsageError
from inference.vision.pictures import is_picture

COPY = ".masks.jpg"
"""Ending of annotated photos, which are never processed."""
VIDEO_COPY = ".masks.mp4"
"""Ending of annotated videos."""
STREAMS = ("rtsp", "rtsps", "http", "https", "rtmp", "rtmps", "srt", "udp")
_LISTENING = ("udp", "srt")
"""Schemes that need no host: the stream is sent to this computer."""
_MAX_CAMERA = 99
PHOTO_ENDINGS = {
    ".jpg",
    ".jpeg",
    ".jpe",
    ".jfif",
    ".png",
    ".webp",
    ".heic",
    ".heif",
    ".avif",
    ".gif",
    ".bmp",
    ".tif",
    ".tiff",
}
"""Files that folders are searched for. Unreadable files are reported, not skipped."""
_VIDEO_ENDINGS = {
    ".mp4",
    ".m4v",
    ".mov",
    ".avi",
    ".mkv",
    ".webm",
    ".mpg",
    ".mpeg",
    ".ts",
    ".m2ts",
    ".mts",
    ".3gp",
    ".flv",
    ".wmv",
    ".ogv",
    ".mjpg",
    ".mjpeg",
    ".vob",
    ".asf",
    ".3g2",
    ".mxf",
    ".dav",
    ".h264",
    ".264",
    ".h265",
    ".265",
    ".hevc",
}
"""Files that folders are searched for, to report that they are skipped."""
_NO_VIDEOS = ("image2", "_pipe", "tty")
"""Endings of the formats that FFmpeg reads as videos: pictures and text."""
_SYSTEM_FOLDERS = {
    "@eadir",
    "#recycle",
    "$recycle.bin",
    "system volume information",
    "__macosx",
    "lost+found",
}
_MAX_NAME_BYTES = 225  # of 255, so that an ending fits
# Some cameras take their password in the path: /user=admin&password=…
_ADDRESS = re.compile(r"[^:]+://([^/?#]*@)?(?P<shown>[^@?#=]*)([?#=][^@]*)?")


@dataclass(frozen=True)
class Photos:
    """Photos and folders of photos."""

    places: dict[Path, Path]
    """Each photo, and its place below the folder of the results."""
    folder: Path | None
    """The first folder among the sources; None without one."""
    videos: int = 0
    """Number of videos in the folders, which are not processed."""

    @property
    def home(self) -> Path | None:
        """The default folder of the results, beside `folder`; None without one."""
        if self.folder is None:
            return None
        folder = self.folder if self.folder.name not in ("", "..") else self.folder.resolve()
        return folder.with_name(f"{folder.name}.masks")


@dataclass(frozen=True)
class Videos:
    """Video files, one after the other."""

    paths: list[Path]


@dataclass(frozen=True)
class LiveSource:
    """A camera, by its number or device, or a stream, by its address."""

    address: str | int

    @property
    def name(self) -> str:
        """For messages and files: the address without user, password and query.

        If it is unclear where a password ends, only the scheme is left.
        """
        if isinstance(self.address, int):
            return f"camera {self.address}"
        scheme, separator, _ = self.address.partition("://")
        if not separator:
            return self.address
        clear = _ADDRESS.fullmatch(self.address)
        return f"{scheme}://{clear['shown'] if clear else '…'}"

    @property
    def stem(self) -> str:
        """For file names."""
        return re.sub(r"[^A-Za-z0-9.]+", "-", self.name).strip("-.")[:80]


def numbered(name: str, ending: str = "") -> Iterator[str]:
    """Candidates for a name: with its ending, then with a number before the ending.

    A name that leaves no room for endings is shortened, and stays unique by a hash.
    """
    encoded = os.fsencode(name)
    if len(encoded) > _MAX_NAME_BYTES:
        digest = hashlib.sha256(encoded).hexdigest()[:8]
        name = f"{encoded[: _MAX_NAME_BYTES - 9].decode(errors='ignore')}~{digest}"
    return (f"{name}{f'.{i}' if i > 1 else ''}{ending}" for i in count(1))


def parse_sources(sources: Sequence[str]) -> Photos | Videos | LiveSource:
    """Parse the sources of the command line.

    Raises:
        UsageError: they cannot be processed together, or there is nothing in them.
    """
    if "" in sources:  # Path("") would be the current folder
        raise UsageError("Expected a photo, folder, video, camera or stream, got an empty text.")
    live = [found for source in sources if (found := _as_live(source))]
    if live:
        if len(sources) > 1:
            raise UsageError("Expected a camera or a stream by itself, got more sources.")
        return live[0]
    named = (path for source in sources for path in _expand(source))
    paths = [path for path in named if not path.name.endswith((COPY, VIDEO_COPY))]
    videos = [path for path in paths if _is_video(path)]
    if videos and len(videos) < len(paths):
        raise UsageError("Expected photos or videos, got both: run the command once for each.")
    if videos:
        return Videos(videos)
    folders = [path for path in paths if path.is_dir()]
    photos = [pair for path in paths for pair in _photos(path, len(folders) > 1)]
    # a photo that is named in two ways counts once
    places = dict({os.path.abspath(photo): (photo, place) for photo, place in photos}.values())  # noqa: PTH100
    if not places:
        raise UsageError(
            f"Expected photos in {', '.join(sources)}, got none. "
            "(Name videos one by one or by a pattern.)"
        )
    return Photos(places, folders[0] if folders else None, _count_videos(folders))


def _as_live(source: str) -> LiveSource | None:
    """The camera or stream that a source names; None for a path. A path that exists is a path."""
    if source.startswith("/dev/video"):
        return LiveSource(source)
    if Path(source).exists():
        return None
    if source.isdecimal():
        if int(source) > _MAX_CAMERA:
            raise UsageError(
                f"Expected the number of a camera (0 to {_MAX_CAMERA}) or a path, got {source}."
            )
        return LiveSource(int(source))
    scheme, separator, rest = source.partition("://")
    if not separator:
        return None
    scheme = scheme.lower()
    if scheme not in STREAMS:
        raise UsageError(f"Expected a stream by {', '.join(STREAMS)}, got {scheme}://.")
    _check_host(scheme, rest)
    return LiveSource(f"{scheme}://{rest}")


def _check_host(scheme: str, rest: str) -> None:
    """Raise UsageError unless an address has a host, and a port that is a number."""
    try:
        parts = urlsplit(f"{scheme}://{rest}")
        host, port = parts.hostname, parts.port
    except ValueError:
        raise UsageError(
            f"Expected {scheme}://HOST:PORT/PATH, got another address. "
            "In a user name or password, write @ as %40, # as %23, / as %2F and : as %3A."
        ) from None
    if not host and (port is None or scheme not in _LISTENING):
        raise UsageError(f"Expected a host in the address, got none: {scheme}://HOST:PORT/PATH.")


def _expand(source: str) -> list[Path]:
    """A path, or the paths that match a pattern."""
    if Path(source).exists() or not glob.has_magic(source):
        return [Path(source)]
    found = [Path(path) for path in sorted(glob.glob(source, recursive=True))]  # noqa: PTH207
    if not found:
        raise UsageError(f"Expected files that match {source}, got none.")
    return found


def _is_video(path: Path) -> bool:
    """Whether a named file is a video: by its ending, else by its content."""
    if _is_named_video(path):
        return True
    if path.suffix.lower() in PHOTO_ENDINGS or not path.is_file() or is_picture(path):
        return False
    with suppress(av.FFmpegError, ValueError), av.open(str(path.absolute())) as container:
        cover = av.stream.Disposition.attached_pic  # of a piece of music
        moving = [one for one in container.streams.video if not one.disposition & cover]
        return bool(moving) and not container.format.name.endswith(_NO_VIDEOS)
    return False


def _is_named_video(path: Path) -> bool:
    return path.suffix.lower() in _VIDEO_ENDINGS and not path.is_dir()


def _photos(path: Path, several: bool) -> Iterator[tuple[Path, Path]]:
    """The photos of a path, each with its place in the results.

    Args:
        several: whether there are several folders, so that each gets its own in the results.
    """
    if not path.is_dir():
        yield path, Path(path.name)
        return
    start = Path(path.resolve().name) if several else Path()
    for photo in sorted(_files(path)):
        named = photo.suffix.lower() in PHOTO_ENDINGS and not photo.name.endswith(COPY)
        if named and photo.is_file():
            yield photo, start / photo.relative_to(path)


def _files(folder: Path) -> Iterator[Path]:
    """The files below a folder, without hidden ones; a folder that links lead to counts once."""
    visited: set[str] = set()
    start = os.path.realpath(folder)
    for root, folders, names in os.walk(folder, followlinks=True):
        real = os.path.realpath(root)
        if not Path(root).samefile(folder) and start.startswith(os.path.join(real, "")):  # noqa: PTH118
            visited.add(real)  # a link to a folder above
        shown = [] if real in visited else sorted(folders)
        folders[:] = [name for name in shown if not is_hidden(name)]
        if real not in visited:
            yield from (Path(root, name) for name in names if not is_hidden(name))
        visited.add(real)


def is_hidden(name: str) -> bool:
    """Return whether a file or folder of this name is hidden or belongs to a system."""
    return name.startswith(".") or name.lower() in _SYSTEM_FOLDERS


def _count_videos(folders: list[Path]) -> int:
    files = {
        path.resolve() for folder in folders for path in _files(folder) if _is_named_video(path)
    }
    return sum(not path.name.endswith(VIDEO_COPY) for path in files)
