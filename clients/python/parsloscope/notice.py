"""Warnings to the user, and the log that everything here writes to."""

import logging
import warnings

# Below Parsl's logger, so that the lines are in the parsl.log of the run too.
logger = logging.getLogger("parsl.parsloscope")


def warn(message: str) -> None:
    """Says it once in the log and once on stderr; never raises."""
    logger.warning(message)
    try:
        warnings.warn(message, RuntimeWarning, stacklevel=2)
    except Warning:
        # The program turned warnings into errors; monitoring must not end it.
        pass
