"""The self-signed certificate: created once, kept, and renewed when needed."""

from __future__ import annotations

import datetime
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID

from serving import SetupError, certificate

HOSTS = ["localhost", "127.0.0.1", "192.168.1.7"]
NAME = "certificate.pem"


def load(folder: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate((folder / NAME).read_bytes())


def names_of(certificate: x509.Certificate) -> list[str]:
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return [str(name.value) for name in names]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_certificate_is_kept_and_its_key_is_private(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    certificate.ensure_certificate(HOSTS, folder)
    first = load(folder)
    certificate.ensure_certificate(HOSTS[:2], folder)
    assert load(folder) == first
    assert [one.name for one in folder.iterdir()] == [NAME]
    if sys.platform != "win32":
        assert mode(folder / NAME) == 0o600
        assert mode(folder) == 0o700


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes.")
def test_the_permissions_of_the_key_are_restored(tmp_path: Path) -> None:
    certificate.ensure_certificate(HOSTS, tmp_path)
    (tmp_path / NAME).chmod(0o644)
    certificate.ensure_certificate(HOSTS, tmp_path)
    assert mode(tmp_path / NAME) == 0o600


def test_the_certificate_names_every_host(tmp_path: Path) -> None:
    certificate.ensure_certificate([*HOSTS, "fe80::1%eth0"], tmp_path)
    first = load(tmp_path)
    usage = first.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [ExtendedKeyUsageOID.SERVER_AUTH]
    assert names_of(first) == [*HOSTS, "fe80::1"]
    certificate.ensure_certificate([*HOSTS, "fe80::1%eth0"], tmp_path)
    assert load(tmp_path) == first


def test_hosts_of_other_networks_are_kept(tmp_path: Path) -> None:
    certificate.ensure_certificate(HOSTS, tmp_path)
    certificate.ensure_certificate([*HOSTS[:2], "10.0.0.3"], tmp_path)
    second = load(tmp_path)
    assert names_of(second) == [*HOSTS[:2], "10.0.0.3", HOSTS[2]]
    certificate.ensure_certificate(HOSTS, tmp_path)
    assert load(tmp_path) == second


def test_the_number_of_hosts_is_limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(certificate, "MAX_NAMES", 4)
    for number in range(5):
        certificate.ensure_certificate([*HOSTS[:2], f"10.0.0.{number}"], tmp_path)
    assert names_of(load(tmp_path)) == [*HOSTS[:2], "10.0.0.4", "10.0.0.3"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("VALIDITY", datetime.timedelta(days=6)),
        ("CLOCK_SKEW", datetime.timedelta(days=-1)),
    ],
)
def test_expired_and_expiring_certificates_are_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: object
) -> None:
    monkeypatch.setattr(certificate, name, value)
    certificate.ensure_certificate(HOSTS, tmp_path)
    first = load(tmp_path)
    monkeypatch.undo()
    certificate.ensure_certificate(HOSTS, tmp_path)
    assert load(tmp_path) != first
    second = load(tmp_path)
    certificate.ensure_certificate(HOSTS, tmp_path)
    assert load(tmp_path) == second


def encrypt_key(content: bytes) -> bytes:
    key = load_pem_private_key(content, None)
    encryption = BestAvailableEncryption(b"secret")
    end = content.index(b"-----BEGIN CERTIFICATE")
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption) + content[end:]


BREAK: dict[str, Callable[[bytes, bytes], bytes]] = {
    "empty": lambda one, other: b"",
    "junk": lambda one, other: b"junk",
    "cut off": lambda one, other: one[:-100],
    "no key": lambda one, other: one[one.index(b"-----BEGIN CERTIFICATE") :],
    "another's key": lambda one, other: (
        other[: other.index(b"-----BEGIN CERTIFICATE")]
        + one[one.index(b"-----BEGIN CERTIFICATE") :]
    ),
    "a key with a password": lambda one, other: encrypt_key(one),
}


@pytest.mark.parametrize("name", BREAK)
def test_broken_certificates_are_replaced(tmp_path: Path, name: str) -> None:
    for folder in ("one", "other"):
        certificate.ensure_certificate(HOSTS, tmp_path / folder)
    path = tmp_path / "one" / NAME
    broken = BREAK[name](path.read_bytes(), (tmp_path / "other" / NAME).read_bytes())
    path.write_bytes(broken)
    certificate.ensure_certificate(HOSTS, tmp_path / "one")
    assert path.read_bytes() != broken
    assert names_of(load(tmp_path / "one")) == HOSTS


def test_an_unwritable_folder_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SetupError, match=r"Cannot write a certificate to .*file"):
        certificate.ensure_certificate(HOSTS, tmp_path / "file" / "folder")
