"""Looks for a hub, again and again, without holding anybody up."""

import random
import threading
from typing import Callable, Optional

from parsloscope.link import Link
from parsloscope.notice import logger

# Seconds between two attempts: at first, and at most.
BACKOFF_S = (0.1, 5.0)
LAST_ATTEMPTS_S = 0.5


class Seeker:
    """Looks for the hub in a thread of its own, which ends when it has found it.

    Parameters
    ----------
    connect : callable
        One attempt: a link to the hub, or None when there is none now.
    found : callable
        Called in that thread when there is a link to be taken.
    closing : threading.Event
        Set when the program ends: every attempt counts then.
    """

    def __init__(self, connect: Callable[[], Optional[Link]], found: Callable[[], None],
                 closing: threading.Event) -> None:
        self._connect = connect
        self._found = found
        self._closing = closing
        self._stop = threading.Event()
        self._link: Optional[Link] = None
        self._thread: Optional[threading.Thread] = None

    @property
    def ready(self) -> bool:
        """Whether there is a link to be taken."""
        return self._link is not None

    def seek(self) -> None:
        """Begins to look, unless it looks already or has found one."""
        if self._link is None and (self._thread is None or not self._thread.is_alive()):
            self._thread = threading.Thread(target=self._run, name="parsloscope-connect",
                                            daemon=True)
            self._thread.start()

    def take(self) -> Optional[Link]:
        """The link that was found, once."""
        link, self._link = self._link, None
        return link

    def stop(self) -> None:
        """Ends looking, and closes what was found and not taken."""
        self._stop.set()
        link = self.take()
        if link is not None:
            link.sock.close()

    def _run(self) -> None:
        delay, longest = BACKOFF_S
        while not self._stop.is_set():
            link = None
            try:
                link = self._connect()
            except Exception:
                logger.exception("Looking for the hub failed")
            if link is not None:
                self._link = link
                self._found()
                return
            if self._closing.wait(0):
                # At the end every attempt counts, but not every millisecond.
                self._stop.wait(LAST_ATTEMPTS_S)
            else:
                self._closing.wait(delay * random.uniform(0.5, 1.0))
            delay = min(delay * 2, longest)
