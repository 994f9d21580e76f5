"""A self-made certificate, which lets browsers on other devices open the camera."""

from __future__ import annotations

import datetime
import ipaddress
import os
import ssl
import sys
import tempfile
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

from serving import SetupError

LASTS = datetime.timedelta(days=365)
RENEWED = datetime.timedelta(days=7)  # before it runs out
CLOCKS = datetime.timedelta(days=1)  # that much those of other devices may be behind
MOST_NAMES = 30  # hosts of a certificate; the present ones come first
PRIVATE = 0o600  # the key is nobody else's
SERVER = ExtendedKeyUsageOID.SERVER_AUTH


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


def ensure_certificate(hosts: list[str], folder: Path | None = None) -> Path:
    """The PEM file of a certificate and its key. It is kept, so that a browser asks once, and made
    anew where it is broken, expires soon or lacks a host.

    Raises:
        SetupError: the folder cannot be written.
    """
    folder = folder or cache_folder()
    path = folder / "certificate.pem"
    try:
        wanted, kept = _names(hosts), _read(path)
        if kept is None or not _serves(kept, wanted):
            known = _named(kept) if kept else []  # or each change of networks would make a new one
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write(path, _make(list(dict.fromkeys([*wanted, *known]))[:MOST_NAMES]))
        path.chmod(PRIVATE)
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(path)
    except OSError as error:
        raise SetupError(f"Cannot keep a certificate in {folder}: {error.strerror}.") from None
    return path


def _read(path: Path) -> x509.Certificate | None:
    """The certificate, if there is one with its own key."""
    try:
        content = path.read_bytes()
        certificate = x509.load_pem_x509_certificate(content)
        key = serialization.load_pem_private_key(content, password=None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm):  # TypeError: a key with password
        return None
    return certificate if key.public_key() == certificate.public_key() else None


def _serves(certificate: x509.Certificate, wanted: list[x509.GeneralName]) -> bool:
    """Whether browsers take it, for all these names and for some time."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except (ValueError, x509.ExtensionNotFound):
        return False
    now = datetime.datetime.now(datetime.UTC)
    valid = certificate.not_valid_before_utc <= now < certificate.not_valid_after_utc - RENEWED
    return valid and SERVER in usage and set(wanted) <= set(_named(certificate))


def _named(certificate: x509.Certificate) -> list[x509.GeneralName]:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except (ValueError, x509.ExtensionNotFound):
        return []
    return list(names.value)


def _names(hosts: list[str]) -> list[x509.GeneralName]:
    def name(host: str) -> x509.GeneralName:
        try:
            return x509.IPAddress(ipaddress.ip_address(host.partition("%")[0]))  # % begins a zone
        except ValueError:
            return x509.DNSName(host.encode("idna").decode())

    return [name(host) for host in hosts]


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, and readable to nobody else at any time."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def _make(names: list[x509.GeneralName]) -> bytes:
    """A new key and its certificate, PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Face mask detection")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - CLOCKS)
        .not_valid_after(now + LASTS)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.ExtendedKeyUsage([SERVER]), critical=False)  # Apple asks for it
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return private + certificate.public_bytes(serialization.Encoding.PEM)
