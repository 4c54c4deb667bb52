"""Whose certificates are trusted: certifi's, the system's, and what the environment names as a company's own."""

import os
import re
import ssl
from pathlib import Path

import certifi

from genesys.errors import ConfigurationProblem

_VARIABLES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE")
_HASHED = re.compile(r"[0-9a-f]{8}\.[0-9]+")
_FILES = (".pem", ".crt", ".cer")


def trusting_context() -> ssl.SSLContext:
    """Make a context that trusts them all. Raises ConfigurationProblem for a variable that names no certificate."""
    context = ssl.create_default_context(cafile=certifi.where())  # slim containers have none of their own
    # Not by OpenSSL's defaults: for those, a variable takes the place of the system's certificates.
    system = ssl.get_default_verify_paths()
    if Path(system.openssl_cafile).is_file():
        context.load_verify_locations(cafile=system.openssl_cafile)
    if Path(system.openssl_capath).is_dir():
        context.load_verify_locations(capath=system.openssl_capath)
    _load_named(context)
    return context


def check_certificates() -> None:
    """Refuse a variable that names no certificate, before a run meets it. Raises ConfigurationProblem."""
    _load_named(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))


def _load_named(context: ssl.SSLContext) -> None:
    """Trust what the variables name, each file once: to read all of a system's certificates takes 40 ms."""
    named: dict[Path, str] = {}
    for variable in _VARIABLES:
        value = os.environ.get(variable, "")
        for each in filter(None, value.split(os.pathsep) if variable == "SSL_CERT_DIR" else [value]):
            named.setdefault(Path(each), variable)
    for path, variable in named.items():
        _load(context, variable, path)


def _load(context: ssl.SSLContext, variable: str, path: Path) -> None:
    try:
        found = _load_folder(context, path) if path.is_dir() else _load_file(context, path)
    except OSError as problem:
        raise ConfigurationProblem(
            f"{variable} names {path}, which cannot be read ({problem.strerror}): correct it, or unset it."
        ) from None
    if not found:
        raise ConfigurationProblem(f"{variable} names {path}, which holds no certificate in PEM form.")


def _load_folder(context: ssl.SSLContext, folder: Path) -> bool:
    """Trust a folder. By hashed names OpenSSL finds by itself what it needs; other files have to be read."""
    names = sorted(folder.iterdir())
    if any(_HASHED.fullmatch(each.name) for each in names):
        context.load_verify_locations(capath=folder)
        return True
    return [_load_file(context, each) for each in names if each.suffix.lower() in _FILES].count(True) > 0


def _load_file(context: ssl.SSLContext, file: Path) -> bool:
    """Trust what a file holds; returns whether that is anything."""
    try:
        context.load_verify_locations(cafile=file)
    except ssl.SSLError:  # an OSError, too
        return False
    return True
