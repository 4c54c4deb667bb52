"""The demo org for the containers of compose.yaml: the simulator, over TLS, since another host is not asked without it.

    python -m deployments.containers.demo_org

Its certificate is made anew at each start; the authority behind it is left in /certificates, where workers find it.
The simulator itself keeps to loopback, so a forwarder stands in front. The org is nobody's, and so are its secrets.
"""

import asyncio
import contextlib
import datetime as dt
import os
import signal
import ssl
import tempfile
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from simulator.orgs import build_seed
from simulator.server import running

HOST, PORT = "org", 8443
INSIDE = 4400
"""Where the container's health check asks."""
AUTHORITY = Path("/certificates/demo.pem")
_ARCHITECT_FLOWS = 60
_DAYS = dt.timedelta(days=3650)
_CHUNK = 65_536


async def serve(address: str, tls: ssl.SSLContext) -> None:
    """Hand everything that comes over TLS on to `address` until SIGTERM."""
    there, port = address.removeprefix("http://").split(":")

    async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            to_org, of_org = (await asyncio.open_connection(there, int(port)))[::-1]
            await asyncio.gather(_pump(reader, to_org), _pump(of_org, writer))

    end = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, end.set)
    async with await asyncio.start_server(forward, "0.0.0.0", PORT, ssl=tls):  # noqa: S104 - of a network of containers
        print(f"the demo org listens on https://{HOST}:{PORT}", flush=True)  # noqa: T201 - the container's log
        await end.wait()
        os._exit(0)  # connections that are kept open would keep it


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(_CHUNK):
            writer.write(data)
            await writer.drain()
    writer.close()


def certificate(authority: Path) -> ssl.SSLContext:
    """Make an authority and a certificate of it for HOST; the authority's own certificate is written to `authority`."""
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "genesys-timeouts demo")])
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key())
    root = (
        _unsigned(root_name, root_name, root_key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    leaf = (
        _unsigned(name, root_name, key)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST), x509.DNSName("localhost")]), critical=False)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(issuer, critical=False)
        .sign(root_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.NamedTemporaryFile() as both:  # ssl reads files alone
        both.write(secret + leaf.public_bytes(pem))
        both.flush()
        context.load_cert_chain(both.name)
    authority.write_bytes(root.public_bytes(pem))
    return context


def _unsigned(name: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = dt.datetime.now(dt.UTC)
    return (
        x509.CertificateBuilder(issuer, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + _DAYS)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def main() -> None:
    """Serve the org."""
    tls = certificate(AUTHORITY)
    seed = build_seed("architect", 1, _ARCHITECT_FLOWS)
    with running(seed, port=INSIDE, hosts=[HOST], rate_limit=300, running_clock=True) as org:
        asyncio.run(serve(org.url, tls))


if __name__ == "__main__":
    main()
