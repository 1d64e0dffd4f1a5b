"""Starts the helper process: no child of the worker, and with nothing of it but its memory."""

import os
import warnings

from parsloscope_worker.messages import worker_facts
from parsloscope_worker.settings import Settings
from parsloscope_worker.slot import Slot


def start(settings: Settings, reading: int, slot: Slot) -> None:
    """Starts a helper that reads records from `reading`, which its caller closes, and the slot.

    It is forked twice, so that neither `os.wait` in a task nor the sums over children of this
    process ever see it. Raises OSError when there can be no process.
    """
    facts = worker_facts()
    with warnings.catch_warnings():
        # From Python 3.12 on a fork in a process with threads is warned of; the helper needs
        # nothing that they may hold.
        warnings.simplefilter("ignore")
        first = os.fork()
    if first == 0:
        try:
            os.setsid()
            if os.fork() == 0:
                _be_helper(settings, reading, slot, facts)
        finally:
            os._exit(0)
    while True:
        try:
            os.waitpid(first, 0)
            return
        except InterruptedError:
            continue
        except ChildProcessError:
            # The worker has its children reaped by itself.
            return


def _be_helper(settings: Settings, reading: int, slot: Slot,
               facts: "dict[str, object]") -> None:
    import gc
    import logging

    # What the worker has opened is closed; nothing may be written or collected that refers to it.
    gc.disable()
    gc.freeze()
    logging.disable(logging.CRITICAL)
    _calm_signals()
    _close_all_but(reading)
    _name()
    _after_fork()
    from parsloscope_worker.helper import Helper
    Helper(settings, reading, slot, facts).run()


def _calm_signals() -> None:
    """Others end the worker, and the helper ends with it: it tells what there is to tell."""
    import signal
    try:
        signal.set_wakeup_fd(-1)
    except ValueError:
        pass
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGALRM", "SIGPIPE",
                 "SIGQUIT"):
        try:
            signal.signal(getattr(signal, name), signal.SIG_IGN)
        except (AttributeError, ValueError, OSError):
            pass
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
    except (ValueError, OSError):
        pass


def _close_all_but(kept: int) -> None:
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        if standard not in (kept, nothing):
            os.dup2(nothing, standard)
    try:
        handles = [int(name) for name in os.listdir("/proc/self/fd")]
    except (OSError, ValueError):
        handles = list(range(3, min(os.sysconf("SC_OPEN_MAX"), 65536)))
    for handle in handles:
        if handle > 2 and handle != kept:
            try:
                os.close(handle)
            except OSError:
                pass


def _name() -> None:
    """What `ps -o comm` and `top` show."""
    try:
        with open("/proc/self/comm", "w") as file:
            file.write("parsloscope")
    except OSError:
        pass


def _after_fork() -> None:
    """What multiprocessing does in a process that it has forked: proxies connect anew."""
    import multiprocessing.util as util
    try:
        util._finalizer_registry.clear()  # type: ignore[attr-defined]
        util._run_after_forkers()  # type: ignore[attr-defined]
    except Exception:
        pass
