"""The radio of workers that send datagrams to the hub."""

import os
import pickle
import socket
import time
from multiprocessing.queues import Queue
from typing import Any, Optional, Union

from parsl.monitoring.radios.base import (
    MonitoringRadioReceiver,
    MonitoringRadioSender,
    RadioConfig,
)
from parsl.monitoring.radios.udp import UDPRadio as ParslUDPRadio
from parsl.utils import RepresentationMixin

from parsloscope.contact import Contact, Target
from parsloscope.frames import Signer
from parsloscope.key import read_key
from parsloscope.locate import is_loopback
from parsloscope.notice import logger, warn
from parsloscope.queue import hub_of

DEFAULT_PORT = 55055
MOST_BYTES = 65_000
FORGET_S = 60.0


class UDPRadio(RadioConfig, RepresentationMixin):
    """Workers send signed datagrams; Parsloscope is to be installed where they run.

    With Parsloscope's MonitoringHub nothing is to be given. With `key_file` workers send straight
    to a Parsloscope hub at `address` and `port`, whoever reads Parsl's own queue. With Parsl's own
    MonitoringHub and no `key_file` it is Parsl's own UDPRadio, whose arguments it takes.

    Parameters
    ----------
    address : str, optional
        What workers reach the hub at. Default: where our MonitoringHub says.
    port : int, optional
        The hub's port. Default: where our MonitoringHub says, or 55055.
    key_file : str or path, optional
        The key of a hub that workers send straight to; needs `address`.
    digest : str, optional
        Of the signatures, without our MonitoringHub. Default: `sha512`.
    debug : bool
        As in Parsl's UDPRadio, and for it alone.
    atexit_timeout : int
        Seconds; as in Parsl's UDPRadio, and for it alone.
    hmac_digest : str, optional
        What Parsl's UDPRadio calls `digest`. A ValueError tells that both are given and differ.
    """

    def __init__(self, *, address: Optional[str] = None, port: Optional[int] = None,
                 key_file: Union[str, "os.PathLike[str]", None] = None,
                 digest: Optional[str] = None, debug: bool = False, atexit_timeout: int = 3,
                 hmac_digest: Optional[str] = None) -> None:
        if digest is not None and hmac_digest is not None and digest != hmac_digest:
            raise ValueError("UDPRadio: digest and hmac_digest are two names of one argument")
        given = hmac_digest if digest is None else digest
        chosen = "sha512" if given is None else given
        if key_file is not None and address is None:
            raise ValueError("UDPRadio(key_file=...) needs the address of the hub, too")
        Signer(b"check", chosen)
        self.address = address
        self.port = port
        self.key_file = None if key_file is None else os.path.abspath(os.fspath(key_file))
        self.digest = chosen
        self.hmac_digest = chosen
        self.debug = debug
        self.atexit_timeout = atexit_timeout
        self._target: Optional[Target] = None

    def create_receiver(self, *, run_dir: str,
                        resource_msgs: "Queue[Any]") -> MonitoringRadioReceiver:
        """Learns where the hub is. There is no receiver process unless Parsl's own hub is used."""
        hub = hub_of(resource_msgs)
        if self.key_file is not None:
            self._straight(self.key_file)
        elif hub is not None:
            self._target = hub.radio_target(self.address, self.port)
            self._check(hub)
        else:
            return self._parsls(run_dir, resource_msgs)
        return NoReceiver()

    def create_sender(self) -> MonitoringRadioSender:
        """A sender, in the worker."""
        return UDPSender(*self._target) if self._target is not None else SilentSender()

    def _straight(self, key_file: str) -> None:
        try:
            key = read_key(key_file)
        except (OSError, ValueError) as error:
            warn(f"Parsloscope: the workers send no monitoring messages: {error}")
            return
        assert self.address is not None
        self._target = (self.address, self.port or DEFAULT_PORT, key, self.digest)

    def _check(self, hub: Contact) -> None:
        place = hub.place
        address = self._target[0] if self._target is not None else None
        if place is not None and place.only_local and not is_loopback(address):
            warn(f"Parsloscope: the hub listens on {place.listen} only, so workers on other "
                 f"machines cannot reach it at {address}. Give MonitoringHub(hub_address=...) or "
                 "start the hub with --listen 0.0.0.0.")

    def _parsls(self, run_dir: str, resource_msgs: "Queue[Any]") -> MonitoringRadioReceiver:
        address = self.address or socket.gethostname()
        radio = ParslUDPRadio(address=address, port=self.port, debug=self.debug,
                              atexit_timeout=self.atexit_timeout, hmac_digest=self.digest)
        receiver = radio.create_receiver(run_dir=run_dir, resource_msgs=resource_msgs)
        assert radio.port is not None
        self.port = radio.port
        self._target = (address, radio.port, radio.hmac_key, self.digest)
        return receiver


class NoReceiver(MonitoringRadioReceiver):
    """The hub receives; nothing is to be shut down."""

    def shutdown(self) -> None:
        """Does nothing."""


class SilentSender(MonitoringRadioSender):
    """Sends nothing, when it is not known where to."""

    def send(self, message: object) -> None:
        """Does nothing."""


class UDPSender(MonitoringRadioSender):
    """Sends `signature ‖ pickle`, from one socket per process; never raises."""

    def __init__(self, address: str, port: int, key: bytes, digest: str) -> None:
        self._where = (address, port)
        self._signer = Signer(key, digest)

    def send(self, message: object) -> None:
        """Sends one message, or logs why not."""
        try:
            body = pickle.dumps(message)
            data = self._signer.sign(body) + body
            if len(data) > MOST_BYTES:
                logger.error("A monitoring message of %d bytes is too long for a datagram and is "
                             "not sent", len(data))
                return
            outlet = _outlet(self._where)
            if outlet is not None:
                outlet[0].sendto(data, outlet[1])
        except Exception as error:
            logger.error("A monitoring message could not be sent to %s:%d: %s", *self._where,
                         error)


_Outlet = tuple[socket.socket, Any]

# By process, as a forked one must not share its parent's; None and a time for what failed.
_outlets: dict[tuple[int, str, int], tuple[Optional[_Outlet], float]] = {}


def _outlet(where: tuple[str, int]) -> Optional[_Outlet]:
    """The socket and resolved address of this process; None within a minute after a failure."""
    name = (os.getpid(), *where)
    known = _outlets.get(name)
    if known is not None and (known[0] is not None or time.monotonic() - known[1] < FORGET_S):
        return known[0]
    _outlets[name] = (None, time.monotonic())
    family, kind, protocol, _, address = socket.getaddrinfo(*where, type=socket.SOCK_DGRAM)[0]
    sock = socket.socket(family, kind, protocol)
    sock.settimeout(1.0)
    _outlets[name] = ((sock, address), 0.0)
    return _outlets[name][0]
