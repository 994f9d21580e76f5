#!/bin/sh
# Checks that OpenCV's desktop build finds its system libraries; installs them as root on Debian.
set -eu
if "$1" -c 'import cv2' 2>/dev/null; then
    exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing libgl1 and libglib2.0-0 for OpenCV …"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        libgl1 libglib2.0-0 >/dev/null
    "$1" -c 'import cv2'
    exit 0
fi
echo "OpenCV needs libGL and GLib: install them (Debian: apt-get install libgl1 libglib2.0-0)." >&2
exit 1
