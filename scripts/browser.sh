#!/bin/sh
# Checks that there is a browser for the tests. As root on Debian, installs Chromium and, if
# available, Firefox and nginx, whose tests are skipped without them.
set -eu
for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable; do
    if [ -n "$name" ] && command -v "$name" >/dev/null; then
        exit 0
    fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Debian's Chromium for the browser tests …"
    apt-get update -qq
    export DEBIAN_FRONTEND=noninteractive
    apt-get install -y -qq --no-install-recommends chromium >/dev/null
    apt-get install -y -qq --no-install-recommends firefox-esr >/dev/null 2>&1 ||
        echo "No firefox-esr here: its test will be skipped."
    apt-get install -y -qq --no-install-recommends nginx-light >/dev/null 2>&1 ||
        echo "No nginx here: its tests will be skipped."
    exit 0
fi
echo "The browser tests need Chromium or Chrome: install it (Debian: apt-get install chromium)," \
     "or set CHROMIUM to its path." >&2
exit 1
