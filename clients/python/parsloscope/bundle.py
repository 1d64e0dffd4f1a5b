"""Messages of the submit process, pickled: several in one, which costs all who handle it less."""

import datetime
import os
import pickle
from collections import deque
from collections.abc import Iterator
from typing import Any, Callable, Optional

from parsl.dataflow.states import States
from parsl.monitoring.message_type import MessageType

from parsloscope_worker.outbox import together

# So many messages travel in one at most, and none with a text of more characters than these: what
# is wrong with one should not concern many, and memory is counted by what travels together.
MOST = 64
LONGEST_TEXT = 4_096
# Tells in a bundle how many messages it is; it stands near the beginning.
_COUNT = b"parsloscope-several:"
_HEAD_BYTES = 512
_PLAIN = frozenset((str, int, float, bool, type(None), datetime.datetime, States))


def packed(inbox: "deque[Any]", most: int, refuse: Callable[[], None],
           several: Optional[bool] = None) -> Iterator[bytes]:
    """Takes up to `most` messages out of the inbox, and gives them pickled, in their order.

    Parameters
    ----------
    inbox : deque
        Pickled messages, which are given as they are, and tuples, as Parsl makes them.
    most : int
        How many are taken.
    refuse : callable
        Called in the handler of the error of each that cannot be pickled.
    several : bool, optional
        Whether several may travel in one. Default: unless PARSLOSCOPE_SEVERAL is 0.
    """
    if several is None:
        several = os.environ.get("PARSLOSCOPE_SEVERAL", "1") != "0"
    group: list[Any] = []
    for _ in range(min(len(inbox), most)):
        message = inbox.popleft()
        if several and _is_plain(message):
            group.append(message)
            if len(group) == MOST:
                yield from _as_one(group, refuse)
                group = []
            continue
        yield from _as_one(group, refuse)
        group = []
        yield from _alone(message, refuse)
    yield from _as_one(group, refuse)


def count_of(message: bytes) -> int:
    """How many messages of the submit process a pickled one is."""
    at = message.find(_COUNT, 0, _HEAD_BYTES)
    if at < 0:
        return 1
    digits = message[at + len(_COUNT):message.find(b";", at)]
    return int(digits) if digits.isdigit() else 1


def _is_plain(message: Any) -> bool:
    """Whether it is a message of one task with nothing in it that may be refused."""
    if (type(message) is not tuple or len(message) != 2
            or message[0] is not MessageType.TASK_INFO or type(message[1]) is not dict
            or type(message[1].get("run_id")) is not str):
        return False
    for name, value in message[1].items():
        kind = type(value)
        if kind is str:
            if len(value) > LONGEST_TEXT:
                return False
        elif kind not in _PLAIN and name != "parsloscope":
            return False
    return True


def _as_one(group: list[Any], refuse: Callable[[], None]) -> Iterator[bytes]:
    if len(group) < 2:
        for message in group:
            yield from _alone(message, refuse)
        return
    messages = [(kind.value, payload) for kind, payload in group]
    run_id = group[0][1]["run_id"]
    several = {"several": f"{_COUNT.decode()}{len(group)};"}
    try:
        yield pickle.dumps(together(messages, run_id, several))
    except Exception:
        for message in group:
            yield from _alone(message, refuse)


def _alone(message: Any, refuse: Callable[[], None]) -> Iterator[bytes]:
    if isinstance(message, bytes):
        yield message
        return
    try:
        data = pickle.dumps(message)
    except Exception:
        refuse()
        return
    yield data
