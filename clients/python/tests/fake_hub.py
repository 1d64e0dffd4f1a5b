"""A hub that keeps what it gets in memory, for the tests; as a program, a hub that keeps a list."""

import argparse
import hmac
import json
import os
import pickle
import random
import socket
import struct
import sys
import threading
import time
from pathlib import Path
from typing import Any, Optional

KEY = bytes(range(64))


def _bound(port: int) -> tuple[socket.socket, socket.socket]:
    """Both sockets of a hub at a port."""
    server = socket.socket()
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(("127.0.0.1", port))
        udp.bind(("127.0.0.1", port))
    except OSError:
        server.close()
        udp.close()
        raise
    return server, udp


def quiet_sockets() -> tuple[socket.socket, socket.socket]:
    """The same at a port which the system gives to nobody, so that it can be had again later."""
    while True:
        try:
            return _bound(random.randrange(20_000, 30_000))
        except OSError:
            pass


class FakeHub:
    """Speaks the protocol on 127.0.0.1, on TCP and on UDP."""

    def __init__(self, key: bytes = KEY, port: int = 0, database: str = "fake.db") -> None:
        self.key = key
        self.database = database
        # (client, number, message) as they came, repeated ones too.
        self.frames: list[tuple[str, int, bytes]] = []
        self.acknowledged: dict[str, int] = {}
        self.datagrams: list[bytes] = []
        self.bad_datagrams = 0
        self.hellos: list[str] = []
        self.refused = 0
        # What is said in the place of the challenge, signed as that is.
        self.instead: Optional[dict[str, object]] = None
        # A challenge that was drawn for another connection.
        self.stale_nonce: Optional[str] = None
        # How many more messages are taken before the connection is cut, None for no end.
        self.cut_after: Optional[int] = None
        self.silent = False
        self.forge = False
        # Nothing is read while it is set.
        self.stalled = False
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._server, self._udp = _bound(port) if port else quiet_sockets()
        self._server.listen(8)
        self.port = self._server.getsockname()[1]
        self._stopped = False
        self._threads = [threading.Thread(target=target, daemon=True)
                         for target in (self._accept, self._datagrams)]
        for thread in self._threads:
            thread.start()

    def announce(self, database: str) -> None:
        """Writes the file beside the database."""
        Path(database + ".hub").write_text(json.dumps({
            "address": "127.0.0.1", "port": self.port, "host": socket.gethostname(),
            "pid": os.getpid(), "digest": "sha512", "started": "2026-01-01 00:00:00.000000"}))

    def unique(self) -> list[bytes]:
        """The messages in the order of their numbers, each once."""
        with self._lock:
            seen = {(client, number): message for client, number, message in self.frames}
        return [seen[name] for name in sorted(seen)]

    def messages(self) -> list[Any]:
        """All that came, unpickled: the lane's, then the datagrams."""
        return [pickle.loads(data) for data in self.unique() + self.datagrams]

    def connections(self) -> int:
        """How many clients are connected."""
        return len(self._open)

    def stop(self) -> None:
        """Closes everything."""
        self._stopped = True
        for sock in [self._server, self._udp, *self._open]:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            sock.close()
        # A port is free when nobody waits at its socket any more.
        for thread in self._threads:
            thread.join()

    @staticmethod
    def _sign(key: bytes, body: bytes) -> bytes:
        return hmac.new(key, body, "sha512").digest()

    def _accept(self) -> None:
        while not self._stopped:
            try:
                sock, _ = self._server.accept()
            except OSError:
                return
            self._open.add(sock)
            threading.Thread(target=self._guarded, args=(sock,), daemon=True).start()

    def _guarded(self, sock: socket.socket) -> None:
        try:
            self._serve(sock)
        except OSError:
            pass
        finally:
            self._open.discard(sock)
            sock.close()

    def _body(self, sock: socket.socket, key: bytes) -> Optional[bytes]:
        head = self._exactly(sock, 4)
        if head is None:
            return None
        frame = self._exactly(sock, struct.unpack(">I", head)[0])
        if frame is None or not hmac.compare_digest(frame[:64], self._sign(key, frame[64:])):
            self.refused += frame is not None
            return None
        return frame[64:]

    @staticmethod
    def _exactly(sock: socket.socket, size: int) -> Optional[bytes]:
        data = b""
        while len(data) < size:
            more = sock.recv(size - len(data))
            if not more:
                return None
            data += more
        return data

    def _answer(self, sock: socket.socket, key: bytes, answer: dict[str, object]) -> None:
        body = json.dumps(answer).encode()
        signature = b"\0" * 64 if self.forge else self._sign(key, body)
        sock.sendall(struct.pack(">I", 64 + len(body)) + signature + body)

    def _serve(self, sock: socket.socket) -> None:
        hello = self._body(sock, self.key)
        if hello is None:
            return
        said = json.loads(hello)
        client = said["client"]
        key = self._sign(self.key, client.encode())
        if self.instead is not None:
            self._answer(sock, key, self.instead)
            return
        if said["hello"] != 2:
            return
        challenge = os.urandom(32).hex()
        self._answer(sock, key, {"hub": "fake", "client": client, "challenge": challenge,
                                 "nonce": self.stale_nonce or said["nonce"]})
        proof = self._body(sock, key)
        if proof is None or json.loads(proof) != {"proof": challenge}:
            return
        self.hellos.append(client)
        self._answer(sock, key, {"hub": "fake", "database": self.database, "client": client,
                                 "acknowledged": self.acknowledged.get(client, 0)})
        while True:
            while self.stalled and not self._stopped:
                time.sleep(0.05)
            body = self._body(sock, key)
            if body is None:
                return
            number = struct.unpack(">Q", body[:8])[0]
            with self._lock:
                self.frames.append((client, number, body[8:]))
            if self.cut_after is not None:
                self.cut_after -= 1
                if self.cut_after <= 0:
                    self.cut_after = None
                    return
            if not self.silent and self.cut_after is None:
                self.acknowledged[client] = max(number, self.acknowledged.get(client, 0))
                self._answer(sock, key, {"client": client,
                                         "acknowledged": self.acknowledged[client]})

    def _datagrams(self) -> None:
        while not self._stopped:
            try:
                data = self._udp.recv(65536)
            except OSError:
                return
            if hmac.compare_digest(data[:64], self._sign(self.key, data[64:])):
                self.datagrams.append(data[64:])
            else:
                self.bad_datagrams += 1


def main() -> None:
    """As `parsloscope hub`: serves until DB.enough is there, then keeps all messages in
    DB.received. As long as there is a DB.gate, it only waits."""
    parser = argparse.ArgumentParser()
    parser.add_argument("word", choices=["hub"])
    parser.add_argument("database")
    parser.add_argument("--listen")
    parser.add_argument("--port", type=int)
    parser.add_argument("--key-file")
    parser.add_argument("--stop-when-idle", type=float)
    options = parser.parse_args()
    print("arguments", json.dumps(sys.argv[1:]), flush=True)
    beside = Path(options.database)
    # With the test's folder, the test is gone.
    while beside.with_name(beside.name + ".gate").exists():
        time.sleep(0.02)
    key = bytes.fromhex(Path(options.key_file).read_text())
    hub = FakeHub(key, options.port, options.database)
    hub.announce(options.database)
    while beside.parent.is_dir() and not beside.with_name(beside.name + ".enough").exists():
        time.sleep(0.02)
    if beside.parent.is_dir():
        os.unlink(options.database + ".hub")
        Path(options.database + ".received").write_bytes(b"".join(hub.unique()))


if __name__ == "__main__":
    main()
