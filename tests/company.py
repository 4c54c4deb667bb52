"""A company's network on loopback: a proxy that alone knows the platform's hosts, and an authority of its own."""

import contextlib
import datetime as dt
import functools
import ipaddress
import select
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

LOGIN, API = "login.mypurecloud.ie", "api.mypurecloud.ie"
"""The hosts of eu-west-1. Nothing in a test asks DNS for them: the proxy knows where they are."""

Behaviour = Callable[[socket.socket], None]
OPEN = b"HTTP/1.1 200 Connection established\r\n\r\n"


def answering(status: int, headers: str = "", reason: str = "Said") -> Behaviour:
    """Refuse to open a tunnel."""
    raw = f"HTTP/1.1 {status} {reason}\r\nContent-Length: 0\r\n{headers}\r\n".encode()
    return lambda connection: connection.sendall(raw)


def hanging(connection: socket.socket) -> None:
    """Say nothing, until the client gives up."""
    while connection.recv(4096):
        pass


def dripping(connection: socket.socket) -> None:
    """Begin an answer that never ends, a header line every few milliseconds."""
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    done = threading.Event()
    while not done.wait(0.03):
        connection.sendall(b"X-Drip: 1\r\n")


def hanging_when_open(connection: socket.socket) -> None:
    """Open the tunnel, and lead nowhere."""
    connection.sendall(OPEN)
    hanging(connection)


def cutting_when_open(connection: socket.socket) -> None:
    """Open the tunnel, and end it as soon as something comes through."""
    connection.sendall(OPEN)
    connection.recv(1)


@dataclass
class Proxy:
    """Hands on what comes for `hosts`, to whoever gives `wanted` (`user:password`, as the client encodes it) if set.

    `judge` may have another behaviour for a target such as `api.mypurecloud.ie:443`. `seen`: what was asked of it.
    """

    port: int
    hosts: dict[str, int] = field(default_factory=dict)
    wanted: str = ""
    judge: Callable[[str], Behaviour | None] = lambda _: None
    wrap: Callable[[socket.socket], socket.socket] = lambda connection: connection
    seen: list[str] = field(default_factory=list)
    heads: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def serve(self, accepted: socket.socket) -> None:
        with contextlib.suppress(OSError), self.wrap(accepted) as connection:
            head = _head_of(connection)
            method, target, _ = head.split(b"\r\n")[0].decode().split()
            self.seen.append(f"{method} {target}")
            self.heads.append(head)
            if self.wanted and f"Proxy-Authorization: Basic {self.wanted}\r\n".encode() not in head:
                answering(407, "Proxy-Authenticate: Basic realm=company\r\n")(connection)
            elif behaviour := self.judge(target):
                behaviour(connection)
            elif method == "CONNECT":
                self._open(connection, target)
            else:
                self._forward(connection, target, head)

    def _open(self, connection: socket.socket, target: str) -> None:
        if target not in self.hosts:
            answering(502)(connection)
            return
        with socket.create_connection(("127.0.0.1", self.hosts[target])) as there:
            connection.sendall(OPEN)
            relay(connection, there)

    def _forward(self, connection: socket.socket, target: str, head: bytes) -> None:
        """Hand on a request in the form of http through a proxy, to loopback alone."""
        url = urlsplit(target)
        path = target.removeprefix(f"{url.scheme}://{url.netloc}") or "/"
        with socket.create_connection(("127.0.0.1", url.port or 80)) as there:
            there.sendall(head.replace(target.encode(), path.encode(), 1))
            relay(connection, there)


def relay(one: socket.socket, other: socket.socket) -> None:
    """Hand on what comes from either side, until one of them ends."""
    opposite = {one: other, other: one}
    while True:
        ready = [each for each in opposite if isinstance(each, ssl.SSLSocket) and each.pending()]
        for each in ready or select.select([one, other], [], [])[0]:
            if not (piece := each.recv(65_536)):
                return
            opposite[each].sendall(piece)


@contextlib.contextmanager
def listening(serve: Callable[[socket.socket], None]) -> Iterator[int]:
    """Serve each connection in a thread of its own; yields the port on loopback."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:

        def accept() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                threading.Thread(target=serve, args=(connection,), daemon=True).start()

        accepting = threading.Thread(target=accept, daemon=True)
        accepting.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
        accepting.join(2)


@contextlib.contextmanager
def company_proxy() -> Iterator[Proxy]:
    """Run a proxy that knows no host yet."""
    proxy = Proxy(0)
    with listening(proxy.serve) as proxy.port:
        yield proxy


@contextlib.contextmanager
def tls_in_front(context: ssl.SSLContext, port: int) -> Iterator[int]:
    """Speak TLS in front of a server on loopback that speaks none; yields the port."""

    def serve(connection: socket.socket) -> None:
        with (
            contextlib.suppress(OSError),
            context.wrap_socket(connection, server_side=True) as wrapped,
            socket.create_connection(("127.0.0.1", port)) as there,
        ):
            relay(wrapped, there)

    with listening(serve) as front:
        yield front


class _ServerSide(ssl.SSLSocket):
    """Closed at the latest with its end: Python leaves one open whose client has gone before TLS begins."""

    def __del__(self) -> None:
        self.close()


def of_nobody(folder: Path) -> dict[str, str]:
    """What lets Prefect trust an authority that has signed nothing, where it asks nobody through TLS.

    It reads all that there are in the world for each client that it makes: 24 ms, a dozen times for a run. `folder`
    is made unless it is there, and with it the authority.
    """
    folder.mkdir(exist_ok=True)
    file = folder / "company-root.pem"
    return {"PREFECT_API_SSL_CERT_FILE": str(file if file.exists() else Authority(folder).file)}


class Authority:
    """Issues certificates; `file` is its own, which a company hands out to its machines."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name("Company Root")
        self.file = folder / "company-root.pem"
        usage = x509.KeyUsage(
            digital_signature=False, content_commitment=False, key_encipherment=False, data_encipherment=False,
            key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
        )  # fmt: skip
        own = _unsigned(self._name, self._name, self._key.public_key(), self._key.public_key())
        own = own.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        signed = own.add_extension(usage, critical=True).sign(self._key, hashes.SHA256())
        self.file.write_bytes(signed.public_bytes(serialization.Encoding.PEM))

    @functools.cached_property
    def server_side(self) -> ssl.SSLContext:
        """The server's side of TLS, with a certificate for the platform's hosts and for 127.0.0.1."""
        key = ec.generate_private_key(ec.SECP256R1())
        names = [*map(x509.DNSName, (LOGIN, API)), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
        leaf = _unsigned(_name("platform"), self._name, key.public_key(), self._key.public_key())
        leaf = leaf.add_extension(x509.SubjectAlternativeName(names), critical=False)
        pem, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
        file = self._folder / "platform.pem"
        file.write_bytes(
            leaf.sign(self._key, hashes.SHA256()).public_bytes(pem)
            + key.private_bytes(pem, form, serialization.NoEncryption())
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.sslsocket_class = _ServerSide
        context.load_cert_chain(file)
        return context


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _unsigned(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, signer: ec.EllipticCurvePublicKey
) -> x509.CertificateBuilder:
    now = dt.datetime.now(dt.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer), critical=False)
    )


def _head_of(connection: socket.socket) -> bytes:
    """Read byte by byte up to the empty line: what follows is for whoever comes next."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        if not (byte := connection.recv(1)):
            raise ConnectionResetError
        head += byte
    return head
