"""One Parsl program of many short tasks, and what its monitoring costs it.

    python bench/hub/cost_program.py SIDE EXECUTOR TASKS INTERVAL FOLDER

SIDE is `none`, `parsl` for Parsl's own monitoring, `client` for Parsloscope's, or `datagrams` for
the same with workers that report by UDP. EXECUTOR is `threads` or `htex`, INTERVAL the seconds between two
samples, 0 for none. Prints JSON: seconds
from before the load to all results and to the end of the cleanup, processor seconds of this
process, of the hub and of all other descendants, and rows in the database right after the cleanup.
"""
import ctypes
import json
import os
import resource
import signal
import sqlite3
import sys
import time

import parsl
from parsl.config import Config
from parsl.executors import HighThroughputExecutor, ThreadPoolExecutor
from parsl.providers import LocalProvider

SUBREAPER = 36
TABLES = ("workflow", "task", "try", "status", "resource")


@parsl.python_app
def noop(i):
    return i


def monitoring_of(side, executor, interval, folder):
    if side == "none":
        return None
    options = {
        "logging_endpoint": f"sqlite:///{folder}/monitoring.db",
        "resource_monitoring_enabled": executor == "htex",
        "resource_monitoring_interval": interval,
    }
    if side == "parsl":
        from parsl.monitoring import MonitoringHub
        return MonitoringHub(**options)
    from parsloscope import MonitoringHub
    if side == "datagrams":
        options["hub_address"] = "127.0.0.1"
    return MonitoringHub(hub_port=free_port(), **options)


def free_port():
    import socket
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def executor_of(name):
    if name == "threads":
        return ThreadPoolExecutor(label="threads", max_threads=2)
    return HighThroughputExecutor(
        label="htex",
        address="127.0.0.1",
        max_workers_per_node=2,
        provider=LocalProvider(init_blocks=1, min_blocks=1, max_blocks=1),
    )


def seconds(who):
    usage = resource.getrusage(who)
    return usage.ru_utime + usage.ru_stime


def reap(pids, limit):
    """Waits some seconds for these children, so that their processor time is counted."""
    end = time.monotonic() + limit
    waiting = set(pids)
    while waiting and time.monotonic() < end:
        for pid in list(waiting):
            try:
                if os.waitpid(pid, os.WNOHANG)[0] == pid:
                    waiting.remove(pid)
            except ChildProcessError:
                waiting.remove(pid)
        time.sleep(0.05)


def children():
    with open(f"/proc/self/task/{os.getpid()}/children") as file:
        return {int(pid) for pid in file.read().split()}


def rows(database):
    if not os.path.exists(database):
        return None
    db = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        return {name: db.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in TABLES}
    finally:
        db.close()


def main(side, executor, tasks, interval, folder):
    # Workers whose parent has ended become children of this process, and are counted with them.
    ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)
    # Made before the clock starts: importing is not what is measured.
    monitoring = monitoring_of(side, executor, interval, folder)
    config = Config(executors=[executor_of(executor)], monitoring=monitoring, strategy="none",
                    run_dir=f"{folder}/runinfo", usage_tracking=0)
    used = seconds(resource.RUSAGE_SELF)
    start = time.monotonic()
    parsl.load(config)
    loaded = time.monotonic() - start
    total = sum(future.result() for future in [noop(i) for i in range(tasks)])
    results = time.monotonic() - start
    parsl.dfk().cleanup()
    end = time.monotonic() - start
    used = seconds(resource.RUSAGE_SELF) - used
    assert total == tasks * (tasks - 1) // 2
    found = rows(f"{folder}/monitoring.db")
    hub = hub_of(f"{folder}/monitoring.db.hub")
    # Python's resource tracker stays, and has used nothing.
    reap(children() - {hub}, 2)
    others = seconds(resource.RUSAGE_CHILDREN)
    if hub is not None:
        os.kill(hub, signal.SIGTERM)
        reap({hub}, 20)
    print(json.dumps({
        "loaded": loaded, "results": results, "end": end, "submit": used, "others": others,
        "hub": seconds(resource.RUSAGE_CHILDREN) - others, "rows": found,
    }))


def hub_of(path):
    try:
        with open(path) as file:
            return json.load(file)["pid"]
    except FileNotFoundError:
        return None


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4]), sys.argv[5])
