"""Warnings to the user, and the log that everything here writes to."""

import logging
import re
import warnings

# Below Parsl's logger, so that the lines are in the parsl.log of the run too.
logger = logging.getLogger("parsl.parsloscope")

# Control characters, separators of lines, marks and turns of direction, and what is not seen.
_UNPRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)


def printable(text: str) -> str:
    """The text with each character that a terminal would not show spelled out, as Python does."""
    return _UNPRINTABLE.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def _print_safely(record: logging.LogRecord) -> bool:
    """Paths and messages of hubs come from others; one record is one line of the log."""
    record.msg, record.args = printable(record.getMessage()), None
    return True


logger.addFilter(_print_safely)


def warn(message: str) -> None:
    """Says it once in the log and once on stderr; never raises."""
    logger.warning("%s", message)
    try:
        warnings.warn(printable(message), RuntimeWarning, stacklevel=2)
    except Warning:
        # The program turned warnings into errors; monitoring must not end it.
        pass
