"""What HighThroughputExecutor uses when its user has chosen no radio."""

import socket
from multiprocessing.queues import Queue
from typing import Any, Optional, Tuple

import parsl.executors.high_throughput.executor as executor
from parsl.monitoring.radios.base import MonitoringRadioReceiver, MonitoringRadioSender
from parsl.monitoring.radios.htex import HTEXRadio
from parsl.monitoring.radios.udp import UDPRadio as ParslUDPRadio

from parsloscope.notice import logger
from parsloscope.radio import NoReceiver


class DefaultRadio(HTEXRadio):
    """Parsl's HTEXRadio, or datagrams when our MonitoringHub was given a hub_address.

    It is pickled as one of Parsl's own radios, so that workers need nothing of Parsloscope.
    """

    def __init__(self) -> None:
        self._radio: Optional[ParslUDPRadio] = None

    def create_receiver(self, *, run_dir: str, resource_msgs: "Queue[Any]") -> MonitoringRadioReceiver:
        """Chooses the way: datagrams only to a hub that is there and that workers can reach."""
        hub = getattr(resource_msgs, "hub", None)
        if hub is not None and hub.hub_address is not None:
            self._radio = _datagrams(hub)
        if self._radio is None:
            return super().create_receiver(run_dir=run_dir, resource_msgs=resource_msgs)
        return NoReceiver()

    def create_sender(self) -> MonitoringRadioSender:
        """The chosen radio's sender."""
        return super().create_sender() if self._radio is None else self._radio.create_sender()

    def __reduce__(self) -> Tuple[Any, ...]:
        radio = HTEXRadio() if self._radio is None else self._radio
        return object.__new__, (type(radio),), vars(radio)


def _datagrams(hub: Any) -> Optional[ParslUDPRadio]:
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
    """Makes HighThroughputExecutor use DefaultRadio where it would have used HTEXRadio."""
    executor.HTEXRadio = DefaultRadio  # type: ignore[misc]
