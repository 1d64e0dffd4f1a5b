"""Messages on their way to the radio: several in one where it takes them."""

import pickle
import threading
from typing import Any, Optional

from parsloscope_worker.messages import RESOURCE_INFO, WORKER_TASK_INFO, Message
from parsloscope_worker.settings import Settings
from parsloscope_worker.trace import shortened

# By this a submit process knows how many tries a message ends, without unpickling it.
ENDS = "parsloscope-ends:"
# Bytes for what a radio puts around a message.
_ROOM_BYTES = 128
# Bytes that a message without a traceback takes at most: the first one of a piece, and another one,
# whose words are those of the first.
_FIRST_BYTES = 2_000
_NEXT_BYTES = 600
# Messages that are kept while the radio fails.
_MOST_KEPT = 10_000


class Outbox:
    """Gives messages to a radio. `add` and `flush` may be called from any thread.

    Parameters
    ----------
    settings : Settings
        Whose radio it is.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._sender: Any = None
        self._waiting: list[Message] = []
        self._lock = threading.Lock()
        # Messages that no radio has taken.
        self.lost = 0

    def add(self, message: Message) -> None:
        """Takes a message for the next `flush`."""
        with self._lock:
            self._waiting.append(message)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to be sent."""
        return not self._waiting

    def flush(self) -> None:
        """Sends all there is, in as few pieces as the radio's limit allows.

        Raises what the radio raises; the messages that it has not taken are tried again.
        """
        with self._lock:
            waiting, self._waiting = self._waiting, []
            try:
                if self._sender is None:
                    self._sender = self._settings.radio.create_sender()
                while waiting:
                    count, tagged = self._piece(waiting)
                    self._sender.send(tagged)
                    del waiting[:count]
            except Exception:
                self.lost += max(0, len(waiting) - _MOST_KEPT)
                self._waiting = waiting[-_MOST_KEPT:] + self._waiting
                raise

    def _piece(self, messages: list[Message]) -> tuple[int, Any]:
        """As many of the messages as travel together, and the object for the radio."""
        limit = self._settings.limit - _ROOM_BYTES
        count = len(messages) if self._settings.several else 1
        while True:
            tagged = _together(messages[:count], self._settings.run_id)
            if (_FIRST_BYTES + count * _NEXT_BYTES <= limit
                    and not any(map(_is_long, messages[:count]))):
                return count, tagged
            size = len(pickle.dumps(tagged))
            if size <= limit:
                return count, tagged
            if count == 1:
                return 1, _together([_cut(messages[0], size - limit)], self._settings.run_id)
            count = max(1, min(count - 1, count * limit // size))


def together(messages: list[Message], run_id: str, marks: dict[str, str]) -> Any:
    """One message, for a radio, that carries others, which have numbers for their kinds.

    `marks` are texts that are found in it without unpickling; hubs pass over them.
    """
    return _kind(WORKER_TASK_INFO), {
        "run_id": run_id, "parsloscope": {**marks, "messages": messages}}


def _together(messages: list[Message], run_id: str) -> Any:
    """What a radio sends."""
    if len(messages) == 1:
        return _kind(messages[0][0]), messages[0][1]
    ends = sum("ended" in payload.get("parsloscope", ()) for _, payload in messages)
    return together(messages, run_id, {"ends": f"{ENDS}{ends};"})


def _kind(value: int) -> Any:
    from parsl.monitoring.message_type import MessageType
    if value == WORKER_TASK_INFO and not hasattr(MessageType, "WORKER_TASK_INFO"):
        # Parsl of 2025 tells starts and ends this way.
        value = RESOURCE_INFO
    return MessageType(value)


def _traceback(message: Message) -> Optional[dict[str, Any]]:
    found: Optional[dict[str, Any]] = message[1].get("parsloscope", {}).get("traceback")
    return found


def _is_long(message: Message) -> bool:
    return _traceback(message) is not None


def _cut(message: Message, bytes_over: int) -> Message:
    """The message with so much less of its traceback."""
    told = _traceback(message)
    if told is None:
        return message
    # A character may take four bytes; the note of the cut takes some, too.
    encoded = len(told["text"].encode())
    share = max(0.0, 1 - (bytes_over + 100) / encoded)
    short = shortened(told["text"], int(len(told["text"]) * share))
    kind, payload = message
    short["cut"] += told["cut"]
    ours = {**payload["parsloscope"], "traceback": short}
    return kind, {**payload, "parsloscope": ours}
