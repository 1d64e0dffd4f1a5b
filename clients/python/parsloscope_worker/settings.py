"""What is the same for all tasks of a run on one executor; it travels once per worker."""

import pickle
from typing import Any, Optional

# Bytes of one message to the radio, where nothing else is known.
MOST_BYTES = 60_000
# Settings that a worker remembers; one would do, but for workers that outlive a run.
_MOST_KNOWN = 16


class Settings:
    """What is the same for all tasks of a run on one executor.

    Parameters
    ----------
    arguments : dict
        Those arguments of Parsl's `monitor_wrapper` that are not a task's: `radio_config`,
        `run_id`, `logging_level`, `sleep_dur`, `monitor_resources` and `run_dir`.
    limit : int
        Bytes of the longest message that the radio takes.
    several : bool
        Whether several messages may travel as one, and a try that is short be told of in one;
        otherwise they are those of Parsl's own monitoring.
    """

    def __init__(self, arguments: dict[str, Any], limit: int = MOST_BYTES, several: bool = True,
                 blob: Optional[bytes] = None) -> None:
        self.arguments = arguments
        self.limit = limit
        self.several = several
        self.radio: Any = arguments["radio_config"]
        self.run_id: str = arguments["run_id"]
        self.run_dir: str = arguments["run_dir"]
        # Seconds between two samples; 0 for none.
        self.interval: float = arguments["sleep_dur"] if arguments["monitor_resources"] else 0
        self._blob = blob

    @property
    def blob(self) -> bytes:
        """All of it, pickled. Raises what the radio raises that cannot be pickled."""
        if self._blob is None:
            self._blob = pickle.dumps((self.arguments, self.limit, self.several))
        return self._blob


_known: dict[bytes, Settings] = {}


def settings_of(blob: bytes) -> Settings:
    """What a blob says; equal ones give the same object."""
    found = _known.get(blob)
    if found is None:
        arguments, limit, several = pickle.loads(blob)
        if len(_known) >= _MOST_KNOWN:
            _known.clear()
        found = _known[blob] = Settings(arguments, limit, several, blob)
    return found
