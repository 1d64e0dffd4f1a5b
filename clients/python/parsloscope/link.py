"""One connection to a hub, after the hello."""

import json
import socket
import time
from typing import NamedTuple

from parsloscope.frames import FrameError, FrameReader, Signer

CONNECT_TIMEOUT_S = 3.0
HELLO_TIMEOUT_S = 5.0


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
    reader = FrameReader(signer.of(client))
    deadline = time.monotonic() + HELLO_TIMEOUT_S
    try:
        sock.sendall(signer.frame(json.dumps({"hello": 1, "client": client}).encode()))
        bodies: list[bytes] = []
        while not bodies:
            sock.settimeout(max(0.01, deadline - time.monotonic()))
            data = sock.recv(65536)
            if not data:
                raise Foreign("it hung up: it is no hub, or it has another key")
            bodies = reader.feed(data)
        answer = json.loads(bodies[0])
        acknowledged = int(answer["acknowledged"])
        if answer.get("client") != client:
            raise Foreign("it answered another client")
        for body in bodies[1:]:
            acknowledged = max(acknowledged, int(json.loads(body)["acknowledged"]))
    except (ConnectionError, socket.timeout) as error:
        raise Foreign(f"it gave no answer to the hello ({error})") from error
    except FrameError as error:
        raise Foreign(f"its answer is {error}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise Foreign(f"its answer is not understood ({error!r})") from error
    _watch(sock)
    sock.setblocking(False)
    return Link(sock, reader, acknowledged, str(answer.get("database", "")))


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
