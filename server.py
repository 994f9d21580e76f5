"""The web server: ``python server.py --help``.

Photos stay in memory: uploads are never written to disk.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the server; returns 0 after a signal and 1 if it cannot start."""
    try:  # here, since the processes that decode photos import this module again
        from serving.main import run
    except ModuleNotFoundError as error:
        print(
            f"{error.name} is not installed for this Python: run 'make serve', which installs it.",
            file=sys.stderr,
        )
        return 1
    return run(arguments)


if __name__ == "__main__":
    sys.exit(main())
