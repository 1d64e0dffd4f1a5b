"""The function that Parsl's executors run in the place of a task's own."""

import functools
import os
import zlib
from typing import Any, Callable

from parsloscope_worker import watch
from parsloscope_worker.settings import Settings

# The keyword argument that names the try, as "TASK.TRY": one text is packed faster than two
# numbers.
TRY = "_parsloscope_try"

# Run by a worker that unpickles a task: without this package, Parsl's own wrapper is made there.
SOURCE = """try:
 import parsloscope_worker as p;w=p.wrapped(f,s)
except Exception as e:
 import logging,pickle,parsl.monitoring.remote as r
 logging.getLogger("parsl").warning("no Parsloscope here: %s", e)
 o=r.monitor_wrapper(f=f,args=(),kwargs={},x_try_id=0,x_task_id=0,**pickle.loads(s)[0])[0]
 def w(*a,_parsloscope_try,**k):
  k["_parsl_monitoring_task_id"],k["_parsl_monitoring_try_id"]=map(int,_parsloscope_try.split("."))
  return o(*a,**k)
"""

_PACKED_SOURCE = zlib.compress(SOURCE.encode(), 9)


class Wrapper:
    """A task's function with its monitoring; it is called and raises as the function does.

    Pickled, it is the function, a few hundred bytes, and nothing that a worker without this package
    could not unpickle. Kept per function, it is pickled once: Parsl's serializer remembers.

    Parameters
    ----------
    f : callable
        The task's function.
    settings : Settings
        Of the run and the executor.
    here : bool
        Whether this is the submit process, where tasks run in threads.
    """

    def __init__(self, f: Callable[..., Any], settings: Settings, here: bool) -> None:
        functools.update_wrapper(self, f)
        self._parsloscope = (f, settings, os.getpid() if here else 0)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Runs the function; monitoring never changes what it gives or raises."""
        f, settings, home = self._parsloscope
        watched = watch.begin(settings, kwargs.pop(TRY, None), home == os.getpid())
        try:
            result = f(*args, **kwargs)
        except BaseException as error:
            watch.end(watched, error)
            raise
        watch.end(watched, watch.error_of(result))
        return result

    def __reduce__(self) -> tuple[Any, ...]:
        """The function, the settings, and how to put them together where they are unpickled."""
        f, settings, _ = self._parsloscope
        names = {"f": f, "s": settings.blob}
        return eval, ("exec(__import__('zlib').decompress(c),n)or n['w']",
                      {"c": _PACKED_SOURCE, "n": names})
