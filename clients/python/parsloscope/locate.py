"""Finds the hub of a database, or has one started."""

import json
import os
import socket
import subprocess
import threading
import time
from typing import Callable, NamedTuple, Optional

from parsloscope.files import read_short
from parsloscope.frames import Signer
from parsloscope.launch import Launcher
from parsloscope.link import Foreign, Link, knock
from parsloscope.notice import logger, warn

LOOPBACK = ("127.0.0.1", "localhost", "::1")
WILDCARD = ("", "0.0.0.0", "::")
START_TIMEOUT_S = 20.0
# Bytes of the file beside a database that tells of its hub, and characters of a name in it.
MAX_PLACE_BYTES = 4096
MAX_NAME = 255


class Place(NamedTuple):
    """Where a hub is. `listen` is the address that it is bound to, None when not known."""

    address: str
    port: int
    listen: Optional[str] = None
    host: Optional[str] = None

    @property
    def here(self) -> bool:
        """Whether it runs on this machine, as far as is known."""
        return self.host is None or self.host == socket.gethostname()

    @property
    def only_local(self) -> bool:
        """Whether other machines cannot reach it."""
        return self.listen is not None and is_loopback(self.listen)


def is_loopback(address: Optional[str]) -> bool:
    """Whether the address reaches this machine only."""
    return address is not None and (address in LOOPBACK or address.startswith("127."))


def read_place(database: str) -> Optional[Place]:
    """What the file beside the database tells, or None.

    Whoever wrote it, it is only where a hub is looked for: one that is there shows that it has the
    key.
    """
    try:
        told = json.loads(read_short(database + ".hub", MAX_PLACE_BYTES))
        listen, host, port = str(told["address"]), str(told["host"]), int(told["port"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    # Both are shown when nothing answers there.
    if not (listen + host).isprintable():
        return None
    if not 0 < port < 65536 or max(len(listen), len(host)) > MAX_NAME:
        return None
    if host == socket.gethostname():
        address = "127.0.0.1" if listen in WILDCARD else listen
    elif listen in WILDCARD or is_loopback(listen):
        address = host
    else:
        address = listen
    return Place(address, port, listen, host)


class Locator:
    """Looks in the file beside the database, at the configured address, and starts a hub.

    `settled` is set when the first attempt is over, well or badly; `place` is the hub's.
    """

    def __init__(self, *, database: str, signer: Signer, address: Optional[str], port: int,
                 launcher: Optional[Launcher], gone: Callable[[], bool]) -> None:
        self._database = database
        self._signer = signer
        self._address = address
        self._port = port
        self._launcher = launcher
        self._gone = gone
        self._warned = False
        self._foreign = False
        self._reasons: list[str] = []
        # Workers send datagrams: the hub is needed while the program itself is silent.
        self.needed = False
        self.settled = threading.Event()
        self.place: Optional[Place] = None

    def connect(self, client: str, waiting: bool) -> Optional[Link]:
        """One attempt. None when there is no hub; the first such attempt warns."""
        self._reasons = []
        self._foreign = False
        try:
            link = self._known(client)
            if link is None and self._launcher is not None:
                wanted = self.place is None or waiting or self.needed
                if wanted and self._launcher.may_start():
                    link = self._start(client)
        finally:
            self.settled.set()
        if link is None:
            self._warn()
        elif os.path.realpath(link.database) != os.path.realpath(self._database):
            logger.info("The hub's database is %s", link.database)
        return link

    def hopeless(self) -> bool:
        """Whether there has been no hub all the time, and none could be started."""
        return self.place is None and self.settled.is_set()

    def _known(self, client: str) -> Optional[Link]:
        told = read_place(self._database)
        if told is not None:
            link = self._try(told, client)
            if link is not None:
                return link
        own = Place(self._address or "127.0.0.1", self._port)
        if told is not None and (own.address, own.port) == (told.address, told.port):
            return None
        return self._try(own, client)

    def _try(self, place: Place, client: str) -> Optional[Link]:
        where = f"{place.address}:{place.port}"
        try:
            link = knock(place.address, place.port, client, self._signer)
        except Foreign as error:
            self._reasons.append(f"{where}: {error}")
            if place.port == self._port:
                self._foreign = True
            return None
        except (OSError, ValueError) as error:
            # ValueError: the file tells a name that cannot be one.
            self._reasons.append(f"{where}: {error}")
            return None
        self.place = place
        logger.info("Connected to the hub at %s", where)
        return link

    def _start(self, client: str) -> Optional[Link]:
        assert self._launcher is not None
        self._launcher.count()
        # Somebody else's hub on a shared machine: the file tells which port ours got.
        ports = [0] if self._foreign else [self._port, 0]
        for port in ports:
            try:
                process = self._launcher.start(port)
            except OSError as error:
                self._reasons.append(f"no hub could be started: {error}")
                return None
            link = self._await(process, port, client)
            if link is not None or self._gone() or process.poll() is None:
                return link
            self._reasons.append(f"the hub ended with status {process.returncode}; see "
                                 f"{self._launcher.log}")
        return None

    def _await(self, process: "subprocess.Popen[bytes]", port: int, client: str) -> Optional[Link]:
        assert self._launcher is not None
        deadline = time.monotonic() + START_TIMEOUT_S
        ended = False
        reasons = len(self._reasons)
        while time.monotonic() < deadline and not self._gone():
            if not ended and process.poll() is not None:
                # Perhaps because another program's hub for this database was a little faster.
                ended = True
                deadline = min(deadline, time.monotonic() + 1.0)
            del self._reasons[reasons:]
            place = read_place(self._database)
            link = self._try(place, client) if place is not None else None
            if link is None and port != 0:
                listen = self._launcher.listen
                address = "127.0.0.1" if listen in WILDCARD else listen
                link = self._try(Place(address, port, listen), client)
            if link is not None:
                return link
            time.sleep(0.1)
        return None

    def _warn(self) -> None:
        if self._warned or self.place is not None:
            return
        self._warned = True
        warn(f"Parsloscope: no hub for {self._database}. The workflow goes on; its monitoring "
             "messages are kept and sent when there is one. Start one with: parsloscope hub "
             f"{self._database}  ({'; '.join(self._reasons) or 'none was found'})")
