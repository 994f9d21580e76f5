"""The command line: ``python -m inference --help``."""

from inference.cli.main import start

if __name__ == "__main__":
    start()
