"""Sends a JPEG of 640 × 480 over and over by RTSP: ``rtsp_server.py FILE PORT [USER PASSWORD]``.

For the system's Python, whose GStreamer (Debian: python3-gi, gir1.2-gst-rtsp-server-1.0 and
gstreamer1.0-plugins-good) has a server; prints a line when it listens. Without a file it only says
whether it could.
"""

from __future__ import annotations

import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

PIPELINE = (
    "( multifilesrc location={} loop=true caps=image/jpeg,framerate=15/1,width=640,height=480"
    " ! rtpjpegpay name=pay0 pt=26 )"
)


def require(
    server: GstRtspServer.RTSPServer, factory: GstRtspServer.RTSPMediaFactory, *credentials: str
) -> None:
    """Serve only clients with these credentials."""
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "user")
    auth = GstRtspServer.RTSPAuth()
    auth.add_basic(GstRtspServer.RTSPAuth.make_basic(*credentials), token)
    server.set_auth(auth)
    permissions = GstRtspServer.RTSPPermissions()
    for name in ("access", "construct"):
        permissions.add_permission_for_role("user", f"media.factory.{name}", True)
    factory.set_permissions(permissions)


def main() -> int:
    Gst.init(None)
    if not Gst.ElementFactory.find("rtpjpegpay"):
        print("GStreamer has no rtpjpegpay", file=sys.stderr)
        return 1
    if len(sys.argv) < 3:
        return 0
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(sys.argv[2])
    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch(PIPELINE.format(sys.argv[1]))
    factory.set_shared(True)
    if sys.argv[3:]:
        require(server, factory, *sys.argv[3:])
    server.get_mount_points().add_factory("/door", factory)
    if server.attach(None) == 0:
        print("The port is taken", file=sys.stderr)
        return 1
    print("listening", flush=True)
    GLib.MainLoop().run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
