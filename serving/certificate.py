"""A self-signed certificate, which lets browsers on other devices open the camera."""

from __future__ import annotations

import datetime
import ipaddress
import os
import ssl
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

from serving import SetupError

VALIDITY = datetime.timedelta(days=365)
RENEW_BEFORE = datetime.timedelta(days=7)
CLOCK_SKEW = datetime.timedelta(days=1)  # clocks of other devices may be behind
MAX_NAMES = 30  # of a certificate; the current hosts come first
KEY_MODE = 0o600  # readable by this user only


def ensure_certificate(hosts: list[str], folder: Path | None = None) -> Path:
    """The PEM file of a certificate and its key.

    It is kept, so that browsers warn once, and replaced if it is invalid, expires soon or lacks a
    host.

    Args:
        hosts: names and addresses of this computer.
        folder: by default in the user's cache folder.

    Raises:
        SetupError: the folder cannot be written.
    """
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = folder or cache / "face-mask-detection"
    path = folder / "certificate.pem"
    try:
        wanted, kept = [_general_name(host) for host in hosts], _valid_names(path)
        if not set(wanted) <= set(kept):
            # Names of other networks are kept, else each change of networks would replace it.
            names = list(dict.fromkeys([*wanted, *kept]))[:MAX_NAMES]
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.touch(KEY_MODE)
            path.chmod(KEY_MODE)  # before the key is written
            path.write_bytes(_create(names))
        path.chmod(KEY_MODE)
    except OSError as error:
        raise SetupError(f"Cannot write a certificate to {folder}: {error.strerror}.") from None
    return path


def _valid_names(path: Path) -> list[x509.GeneralName]:
    """The names of the certificate; none if it is invalid or expires soon."""
    try:
        certificate = x509.load_pem_x509_certificate(path.read_bytes())
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(path, password="")  # an encrypted key is an error, not a prompt
    except (OSError, ValueError, x509.ExtensionNotFound):
        return []
    now = datetime.datetime.now(datetime.UTC)
    valid = certificate.not_valid_before_utc <= now < certificate.not_valid_after_utc - RENEW_BEFORE
    return list(names) if valid else []


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host.partition("%")[0]))  # % starts a zone
    except ValueError:
        return x509.DNSName(host.encode("idna").decode())


def _create(names: list[x509.GeneralName]) -> bytes:
    """A new key and its certificate, PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Face mask detection")])
    usage = [ExtendedKeyUsageOID.SERVER_AUTH]  # required by Apple
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - CLOCK_SKEW)
        .not_valid_after(now + VALIDITY)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.ExtendedKeyUsage(usage), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return private + certificate.public_bytes(serialization.Encoding.PEM)
