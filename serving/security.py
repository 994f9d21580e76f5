"""Checks hosts and origins of requests, and sets the security headers of responses.

A browser also sends requests for pages of other sites. The name of the host protects against pages
that point their own name at this server (DNS rebinding), the origin against those that post to it.
"""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urlsplit

from flask import Blueprint, Response, request
from werkzeug.exceptions import BadRequest, Forbidden

from serving import Refusal
from serving.services import services

security = Blueprint("security", __name__)
ANY = "*"
_NO_ONE = "'none'"
_SVG_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"
"""Of an SVG that is opened by itself: its scripts never run."""


class UnknownHost(Refusal):
    """The request is for a host name that is not this server's."""

    code = 421
    description = (
        "This server does not answer for this host name; its option --allowed-hosts adds names."
    )


class OtherSite(Refusal, Forbidden):
    """The request was sent by a page of another site."""

    description = (
        "Pages of other sites cannot send photos; the option --allowed-origins allows one."
    )


def host_names(listening: str) -> frozenset[str]:
    """The names of this computer, in lower case.

    Args:
        listening: the name or address that the server listens on.
    """
    name = socket.gethostname().lower()
    return frozenset({"localhost", name, f"{name}.local", listening.lower()})


def security_headers(frame_ancestors: str) -> dict[str, str]:
    """The headers of every response.

    Args:
        frame_ancestors: origins of pages that may show this one in a frame; empty for none.
    """
    policy = (
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; "
        "connect-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
        "media-src 'self' blob:; manifest-src 'self'; base-uri 'none'; form-action 'self'; "
        f"frame-ancestors {frame_ancestors or _NO_ONE}"
    )
    return {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",  # with "no-referrer", forms would send no origin
        "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Page": "face-mask-detection",  # sw.js ignores answers of other servers at this address
    }


@security.before_app_request
def check_request() -> None:
    """Refuse requests for other hosts, from other sites, and malformed ones (RFC 9112, 3.2, 6.1).

    Raises:
        UnknownHost: the host is a name that is not this computer's and not allowed.
        OtherSite: a page of another site posts.
        BadRequest: there are two lengths, or the host is no name.
    """
    settings = services().settings
    names = settings.allowed_host_names
    host = (urlsplit(f"//{request.host}").hostname or "") if request.host else ""
    known = ANY in names or host in names | services().host_names or _is_address(host)
    if host and not known:
        raise UnknownHost
    if request.method == "POST" and not _is_from_this_site(settings.api_origins):
        raise OtherSite
    two_lengths = "Content-Length" in request.headers and "Transfer-Encoding" in request.headers
    if two_lengths or (not host and "Host" in request.headers):
        raise BadRequest


def _is_address(host: str) -> bool:
    """Whether a host is an IP address: DNS rebinding needs a name."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_from_this_site(allowed: frozenset[str]) -> bool:
    """Whether the page that sent the request is this server's, or of an allowed origin.

    Programs send neither header; browsers send ``Sec-Fetch-Site`` only over HTTPS and on localhost.
    """
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
    if origin and {origin, ANY} & allowed:
        return True
    if site:
        return site in ("none", "same-origin")
    return not origin or origin.partition("://")[2] == request.host


@security.after_app_request
def add_headers(response: Response) -> Response:
    """Add the security headers, and those that let pages of allowed origins read the API."""
    settings = services().settings
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers.update(security_headers(settings.frame_ancestors))
    if response.mimetype == "image/svg+xml":
        response.headers["Content-Security-Policy"] = _SVG_POLICY
    origin = request.headers.get("Origin", "")
    if request.path.startswith("/api/") and settings.api_origins:
        response.headers.add("Vary", "Origin")
        if origin and {origin, ANY} & settings.api_origins:
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Allow-Headers"] = "Content-Type"
    return response
