"""The queue that Parsl puts its messages into."""

import multiprocessing.queues
import os
import pickle
import queue
from typing import Any, Callable, Optional

from parsl.monitoring.message_type import MessageType
from parsl.multiprocessing import SpawnContext

from parsloscope.contact import Contact
from parsloscope.lane import Lane
from parsloscope.pipe import PipeReader


class HubQueue(multiprocessing.queues.Queue):  # type: ignore[type-arg]
    """In the submit process a way into the lane, in its child processes a plain queue.

    It is for putting only: `get` finds nothing, as the messages go to the hub. `saw` is told, still
    pickled, what child processes put: all that comes from workers by way of this process.
    """

    def __init__(self, lane: Lane, hub: Contact,
                 saw: Callable[[bytes], None] = lambda message: None) -> None:
        super().__init__(0, ctx=SpawnContext)
        self.hub = hub
        self._lane = lane
        self._owner = os.getpid()
        self._saw = saw
        self._pipe = PipeReader(self._reader, self.take, self._sem)  # type: ignore[attr-defined]

    def __reduce__(self) -> tuple[Any, ...]:
        """In a spawned child it is Parsl's kind of queue, on the same pipe."""
        return object.__new__, (multiprocessing.queues.Queue,), self.__getstate__()

    def start(self) -> None:
        """Begins to read what child processes put."""
        self._pipe.start()

    def put(self, obj: Any, block: bool = True, timeout: Any = None) -> None:
        """Takes a message; it never blocks and never raises."""
        try:
            if os.getpid() == self._owner:
                self._lane.put(obj if _is_made_for_us(obj) else pickle.dumps(obj))
            else:
                super().put(obj, block, timeout)
        except Exception:
            self._lane.refuse()

    @property
    def refused(self) -> int:
        """How many messages could not be pickled."""
        return self._lane.refused

    def put_nowait(self, obj: Any) -> None:
        """The same as `put`."""
        self.put(obj)

    def get(self, block: bool = True, timeout: Any = None) -> Any:
        """Always raises queue.Empty: the hub gets the messages."""
        raise queue.Empty

    def get_nowait(self) -> Any:
        """Always raises queue.Empty."""
        raise queue.Empty

    def qsize(self) -> int:
        """How many messages wait for the hub's acknowledgement."""
        return self._lane.pending

    def empty(self) -> bool:
        """Whether the hub has acknowledged all messages."""
        return self._lane.clear

    def full(self) -> bool:
        """Never."""
        return False

    def take(self, message: bytes) -> None:
        """Hands on a message of another process, pickled already; in the submit process only."""
        self._lane.put(message)
        self._saw(message)

    def drain(self, timeout: float) -> None:
        """Takes what child processes have put, then stops reading."""
        if os.getpid() == self._owner:
            self._pipe.close(timeout)

    def close(self) -> None:
        """Stops reading what child processes put, and closes the pipe."""
        if os.getpid() == self._owner:
            self._pipe.close(1.0)
            if self._pipe.alive:
                return
        super().close()

    def join_thread(self) -> None:
        """Waits for the thread that feeds the pipe, which only child processes have."""
        if os.getpid() != self._owner:
            super().join_thread()


def _is_made_for_us(message: Any) -> bool:
    """Whether nobody changes the message after it was put: Parsl makes each TASK_INFO anew."""
    return (type(message) is tuple and len(message) == 2 and message[0] is MessageType.TASK_INFO
            and type(message[1]) is dict)


def hub_of(resource_msgs: "multiprocessing.queues.Queue[Any]") -> Optional[Contact]:
    """The hub that a queue leads to, or None for Parsl's own queue."""
    return resource_msgs.hub if isinstance(resource_msgs, HubQueue) else None
