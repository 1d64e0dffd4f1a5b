"""One connection to a hub, after the hello."""

import json
import secrets
import socket
import time
from typing import Any, NamedTuple

from parsloscope.frames import FrameError, FrameReader, Signer

CONNECT_TIMEOUT_S = 3.0
HELLO_TIMEOUT_S = 5.0
# Of the protocol, as docs/protocol.md has it.
VERSION = 2
NONCE_BYTES = 32
# Characters of what a hub says that are shown.
MOST_SHOWN = 300


class Foreign(Exception):
    """Something listens there, but it is no hub with our key."""


class Link(NamedTuple):
    """A socket whose other end has shown that it holds our key."""

    sock: socket.socket
    reader: FrameReader
    acknowledged: int
    database: str


def knock(address: str, port: int, client: str, signer: Signer) -> Link:
    """Connects and says hello.

    Raises OSError when nothing answers, Foreign when what answers has another key.
    """
    sock = socket.create_connection((address, port), timeout=CONNECT_TIMEOUT_S)
    try:
        return _hello(sock, client, signer)
    except BaseException:
        sock.close()
        raise


def _hello(sock: socket.socket, client: str, signer: Signer) -> Link:
    own = signer.of(client)
    reader = FrameReader(own)
    deadline = time.monotonic() + HELLO_TIMEOUT_S
    nonce = secrets.token_hex(NONCE_BYTES)
    try:
        hello = {"hello": VERSION, "client": client, "nonce": nonce}
        sock.sendall(signer.frame(json.dumps(hello).encode()))
        drawn = _answers(sock, reader, deadline)[0]
        if drawn.get("client") != client or drawn.get("nonce") != nonce:
            raise Foreign("it answered another client")
        sock.sendall(own.frame(json.dumps({"proof": str(drawn["challenge"])}).encode()))
        answers = _answers(sock, reader, deadline)
        if answers[0].get("client") != client:
            raise Foreign("it answered another client")
        acknowledged = max(int(answer["acknowledged"]) for answer in answers)
    except (ConnectionError, socket.timeout) as error:
        raise Foreign(f"it gave no answer to the hello ({error})") from error
    except FrameError as error:
        raise Foreign(f"its answer is {error}") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Foreign(f"its answer is not understood ({repr(error)[:MOST_SHOWN]})") from error
    _watch(sock)
    sock.setblocking(False)
    return Link(sock, reader, acknowledged, str(answers[0].get("database", "")))


def _answers(sock: socket.socket, reader: FrameReader, deadline: float) -> list[dict[str, Any]]:
    """What comes next, one answer at least. Raises Foreign when there is none."""
    bodies: list[bytes] = []
    while not bodies:
        left = deadline - time.monotonic()
        if left <= 0:
            raise Foreign("it gave no answer to the hello in time")
        sock.settimeout(left)
        data = sock.recv(65536)
        if not data:
            raise Foreign("it hung up: it is no hub, or it has another key")
        bodies = reader.feed(data)
    answers = [json.loads(body) for body in bodies]
    refused = answers[0].get("refused")
    if refused is not None:
        raise Foreign(f"it does not take this client: {str(refused)[:MOST_SHOWN]}")
    return answers


def _watch(sock: socket.socket) -> None:
    """Lets the kernel notice within about ten seconds that the other host is gone."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    wanted = {"TCP_KEEPIDLE": 4, "TCP_KEEPALIVE": 4, "TCP_KEEPINTVL": 2, "TCP_KEEPCNT": 3,
              "TCP_USER_TIMEOUT": 10_000}
    for name, value in wanted.items():
        option = getattr(socket, name, None)
        if option is not None:
            try:
                sock.setsockopt(socket.IPPROTO_TCP, option, value)
            except OSError:
                pass
