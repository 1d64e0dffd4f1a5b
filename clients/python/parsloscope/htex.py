"""What HighThroughputExecutor uses when its user has chosen no radio.

`install`, which the package calls when it is imported, puts it in the place of Parsl's HTEXRadio.
"""

import socket
from multiprocessing.queues import Queue
from typing import Any, Optional

from parsl.executors.high_throughput import executor
from parsl.monitoring.radios.base import MonitoringRadioReceiver, MonitoringRadioSender
from parsl.monitoring.radios.htex import HTEXRadio
from parsl.monitoring.radios.udp import UDPRadio as ParslUDPRadio

from parsloscope.contact import Contact
from parsloscope.notice import logger
from parsloscope.queue import hub_of
from parsloscope.radio import NoReceiver


class DefaultRadio(HTEXRadio):
    """Parsl's HTEXRadio, or datagrams when our MonitoringHub was given a hub_address.

    It is pickled as one of Parsl's own radios, so that workers need nothing of Parsloscope.
    """

    def __init__(self) -> None:
        self._radio: Optional[ParslUDPRadio] = None

    @property
    def by_datagrams(self) -> bool:
        """Whether datagrams were chosen."""
        return self._radio is not None

    def create_receiver(self, *, run_dir: str,
                        resource_msgs: "Queue[Any]") -> MonitoringRadioReceiver:
        """Chooses the way: datagrams only to a hub that is there and that workers can reach."""
        hub = hub_of(resource_msgs)
        if hub is not None and hub.hub_address is not None:
            self._radio = _datagrams(hub)
        if self._radio is None:
            return super().create_receiver(run_dir=run_dir, resource_msgs=resource_msgs)
        return NoReceiver()

    def create_sender(self) -> MonitoringRadioSender:
        """The chosen radio's sender."""
        return super().create_sender() if self._radio is None else self._radio.create_sender()

    def __reduce__(self) -> tuple[Any, ...]:
        """One of Parsl's own radios takes its place in a pickle."""
        radio = HTEXRadio() if self._radio is None else self._radio
        return object.__new__, (type(radio),), vars(radio)


def _datagrams(hub: Contact) -> Optional[ParslUDPRadio]:
    """Parsl's radio with our hub as its other end, or None to stay with the result channel."""
    try:
        address, port, key, digest = hub.radio_target(None, None)
        if hub.place is None or not hub.reachable(address):
            logger.info("Workers report through the result channel")
            return None
        # Parsl's sender would raise in the task when a worker cannot resolve the name.
        radio = ParslUDPRadio(address=socket.gethostbyname(address), port=port, hmac_digest=digest)
        radio.hmac_key = key
        return radio
    except Exception:
        logger.exception("Workers report through the result channel")
        return None


def install() -> None:
    """Makes HighThroughputExecutor use DefaultRadio where it would have used HTEXRadio.

    The executor looks the name up in its module when it is made. A second call changes nothing,
    and neither does the first one where somebody else has put a radio there.
    """
    names = vars(executor)
    if names.get("HTEXRadio") is HTEXRadio:
        names["HTEXRadio"] = DefaultRadio
