"""A self-made certificate, which lets browsers on other devices open the camera."""

from __future__ import annotations

import datetime
import ipaddress
import os
import ssl
import sys
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from serving import SetupError

LASTS = datetime.timedelta(days=365)
RENEWED = datetime.timedelta(days=7)  # before it runs out
CLOCKS = datetime.timedelta(days=1)  # that much those of other devices may be behind


def cache_folder() -> Path:
    """Where programs of this user keep what they can make again."""
    home = Path.home()
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", home / "AppData/Local"))
    elif sys.platform == "darwin":
        base = home / "Library/Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")
    return base / "face-mask-detection"


def context(folder: Path, hosts: list[str]) -> ssl.SSLContext:
    """What TLS needs. The certificate is kept, so that a browser asks once, and made anew where it
    has run out or a host is not in it.

    Raises:
        SetupError: the folder cannot be written.
    """
    path = folder / "certificate.pem"
    try:
        if not _serves(path, hosts):
            folder.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)  # the key is nobody else's
            path.write_bytes(_make(hosts))
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(path)
    except OSError as error:
        raise SetupError(f"Cannot keep a certificate in {folder}: {error.strerror}.") from None
    return made


def _serves(path: Path, hosts: list[str]) -> bool:
    """Whether there is a certificate, for all these hosts and for some time."""
    try:
        certificate = x509.load_pem_x509_certificate(path.read_bytes())
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (FileNotFoundError, ValueError, x509.ExtensionNotFound):
        return False
    soon = datetime.datetime.now(datetime.UTC) + RENEWED
    return set(_names(hosts)) <= set(names) and certificate.not_valid_after_utc > soon


def _names(hosts: list[str]) -> list[x509.GeneralName]:
    def name(host: str) -> x509.GeneralName:
        try:
            return x509.IPAddress(ipaddress.ip_address(host))
        except ValueError:
            return x509.DNSName(host)

    return [name(host) for host in hosts]


def _make(hosts: list[str]) -> bytes:
    """A new key and its certificate, PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Face mask detection")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - CLOCKS)
        .not_valid_after(now + LASTS)
        .add_extension(x509.SubjectAlternativeName(_names(hosts)), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return private + certificate.public_bytes(serialization.Encoding.PEM)
