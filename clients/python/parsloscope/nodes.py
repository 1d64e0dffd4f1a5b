"""Receives what an interchange sends, in a thread, in the place of Parsl's process for that."""

import threading
from typing import Any, Optional

import zmq
from parsl import curvezmq
from parsl.addresses import tcp_url

from parsloscope.notice import logger
from parsloscope.queue import HubQueue

_LOOK_MS = 200


class NodeReceiver:
    """A thread that hands each message on as it came, still pickled.

    It has the two names that HighThroughputExecutor uses of Parsl's ZMQRadioReceiver.

    Parameters
    ----------
    queue : HubQueue
        Where the messages go.
    address : str
        What it listens at.
    port_range : tuple of int
        The first port, and the one after the last.
    cert_dir : str, optional
        The folder of CurveZMQ's certificates; without it nothing is encrypted.
    """

    def __init__(self, queue: HubQueue, address: str, port_range: tuple[int, int],
                 cert_dir: Optional[str]) -> None:
        self._queue = queue
        self._context = curvezmq.ServerContext(cert_dir=cert_dir)
        self._socket: Any = self._context.socket(zmq.DEALER)
        self._socket.setsockopt(zmq.LINGER, 0)
        self._socket.set_hwm(0)
        self.port: int = self._socket.bind_to_random_port(
            tcp_url(address), min_port=port_range[0], max_port=port_range[1])
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="parsloscope-nodes", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Takes what has come, and ends."""
        self._closing.set()
        self._thread.join(2.0)

    def _run(self) -> None:
        try:
            while True:
                # What came before the end was asked for, is taken.
                last = self._closing.is_set()
                if self._socket.poll(0 if last else _LOOK_MS):
                    self._take()
                elif last:
                    return
        except Exception:
            logger.exception("What interchanges say is not received any more")
        finally:
            self._socket.close()
            self._context.term()  # type: ignore[no-untyped-call]

    def _take(self) -> None:
        while True:
            try:
                self._queue.take(self._socket.recv(zmq.NOBLOCK))
            except zmq.Again:
                return
