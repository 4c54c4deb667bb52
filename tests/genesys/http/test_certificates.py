"""Whose certificates are trusted: a company's own come on top, and a variable that names none is refused."""

import ssl
import subprocess
from pathlib import Path

import certifi
import pytest

from genesys import ConfigurationProblem, check_certificates, connect
from genesys.http.certificates import trusting_context
from tests.company import Authority
from tests.genesys.conftest import ACME, ORGANIZATION, Platform, credentials_of

VARIABLES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE")


@pytest.fixture(autouse=True)
def _nothing_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def folder(authority: Authority, tmp_path: Path) -> Path:
    """A folder with the company's certificate, as an admin copies it there, and with what else lies around."""
    folder = tmp_path / "certificates"
    folder.mkdir()
    (folder / "company.crt").write_bytes(authority.file.read_bytes())
    (folder / "README").write_text("Ask the help desk.")
    (folder / "empty.pem").touch()
    return folder


def hashed(folder: Path) -> Path:
    """The same under the name by which OpenSSL looks it up, as c_rehash makes it."""
    certificate = folder / "company.crt"
    command = ["openssl", "x509", "-noout", "-hash", "-in", str(certificate)]
    name = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    certificate.rename(folder / f"{name}.0")
    return folder


def answers(platform: Platform, tls: str) -> bool:
    platform.on(ORGANIZATION, ACME)
    return connect(credentials_of(tls)).organization().id == "org-1"


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"])
def test_a_file_that_is_named_is_trusted(
    platform: Platform, tls: str, authority: Authority, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, str(authority.file))

    check_certificates()
    assert answers(platform, tls)


@pytest.mark.parametrize("variable", ["SSL_CERT_DIR", "REQUESTS_CA_BUNDLE"])
def test_a_folder_that_is_named_is_trusted(
    platform: Platform, tls: str, folder: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, str(folder))

    check_certificates()
    assert answers(platform, tls)


def test_a_folder_with_names_for_openssl_is_trusted(
    platform: Platform, tls: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_DIR", str(hashed(folder)))

    check_certificates()
    assert answers(platform, tls)


def test_several_folders_are_trusted(
    platform: Platform, tls: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "certifi.pem").write_bytes(Path(certifi.where()).read_bytes())
    monkeypatch.setenv("SSL_CERT_DIR", f"{other}:{folder}")

    assert answers(platform, tls)


def test_a_company_s_own_come_on_top_of_those_that_all_trust(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = set(trusting_context().get_ca_certs(binary_form=True))
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    own = ssl.PEM_cert_to_DER_cert(authority.file.read_text())

    assert {*ssl.create_default_context(cafile=certifi.where()).get_ca_certs(binary_form=True)} <= usual
    assert {*trusting_context().get_ca_certs(binary_form=True)} == usual | {own}


MISSING = "cannot be read (No such file or directory): correct it, or unset it."
EMPTY = "holds no certificate in PEM form."


@pytest.fixture
def useless(tmp_path: Path) -> Path:
    """A folder of paths that name no certificate."""
    (tmp_path / "empty").touch()
    (tmp_path / "text").write_text("no certificate")
    for name in ("empty folder", "folder of text"):
        (tmp_path / name).mkdir()
    (tmp_path / "folder of text" / "notes.pem").write_text("no certificate")
    return tmp_path


@pytest.mark.parametrize("variable", VARIABLES)
@pytest.mark.parametrize("name", ["missing", "empty", "text", "empty folder", "folder of text"])
def test_a_variable_that_names_no_certificate_is_refused(
    useless: Path, monkeypatch: pytest.MonkeyPatch, variable: str, name: str
) -> None:
    monkeypatch.setenv(variable, str(useless / name))

    with pytest.raises(ConfigurationProblem) as told:
        check_certificates()
    assert str(told.value) == f"{variable} names {useless / name}, which {MISSING if name == 'missing' else EMPTY}"


def test_nothing_is_sent_where_the_certificates_cannot_be_read(
    platform: Platform, tls: str, useless: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(useless / "missing"))

    with pytest.raises(ConfigurationProblem, match="REQUESTS_CA_BUNDLE"):
        connect(credentials_of(tls))
    assert platform.received == []


def test_an_empty_variable_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.setenv(name, "")

    check_certificates()
