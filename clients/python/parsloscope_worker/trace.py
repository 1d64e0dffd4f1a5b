"""Tracebacks as text."""

import os
import traceback
from types import TracebackType
from typing import Any, Optional

MOST_CHARACTERS = 20_000

_OURS = os.path.dirname(os.path.abspath(__file__)) + os.sep
# Parsl's frames between a worker and a task's function.
_PARSLS = tuple(os.path.join("parsl", *name) for name in (
    ("app", "errors.py"), ("app", "python.py"), ("executors", "execute_task.py")))


def describe(error: BaseException) -> dict[str, Any]:
    """The traceback of an error with its causes: `text`, and `cut`, the characters left out.

    It begins where the task's own function does.
    """
    shown = traceback.TracebackException(type(error), error, _start(error.__traceback__),
                                         compact=True)
    return shortened("".join(shown.format()))


def shortened(text: str, most: int = MOST_CHARACTERS) -> dict[str, Any]:
    """A text of `most` characters, its middle left out, and how many of them were cut."""
    # A hub takes no NUL, and UTF-8 has no lone surrogates.
    text = text.replace("\0", "\\x00").encode("utf-8", "backslashreplace").decode()
    cut = len(text) - most
    if cut <= 0:
        return {"text": text, "cut": 0}
    half = most // 2
    end = text[len(text) - (most - half):]
    return {"text": f"{text[:half]}\n[… {cut} characters left out …]\n{end}", "cut": cut}


def _start(trace: Optional[TracebackType]) -> Optional[TracebackType]:
    """From the first frame that is neither ours nor one of Parsl's wrappers, if there is one."""
    at = trace
    while at is not None:
        path = os.path.abspath(at.tb_frame.f_code.co_filename)
        if not path.startswith(_OURS) and not path.endswith(_PARSLS):
            return at
        at = at.tb_next
    return trace
