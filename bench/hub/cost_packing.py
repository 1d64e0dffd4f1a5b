"""What it takes to pack one call for a worker: without monitoring, with Parsl's wrapper, with ours.

Prints a JSON list; times are seconds, the median of five times 2,000 calls of different tasks.
"""
import json
import os
import statistics
import tempfile
import time

import parsl
from parsl.monitoring.radios.htex import HTEXRadio
from parsl.monitoring.remote import monitor_wrapper
from parsl.serialize import pack_apply_message

from parsloscope.tasks import Tasks

ROUNDS = 5
CALLS = 2_000


@parsl.python_app
def noop(i):
    return i


def of_a_module():
    """An app in a file of its own, as larger programs have it."""
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "cost_module.py"), "w") as file:
            file.write("import parsl\n@parsl.python_app\ndef noop(i):\n    return i\n")
        import sys
        sys.path.insert(0, folder)
        import cost_module
        return cost_module.noop.func


def arguments(folder, radio):
    return {"radio_config": radio, "run_id": "00000000-0000-0000-0000-000000000000",
            "logging_level": 20, "sleep_dur": 10, "monitor_resources": True, "run_dir": folder}


def measure(wrap, f, calls):
    size = 0
    start = time.perf_counter()
    for i in range(calls):
        size = len(pack_apply_message(*wrap(f, (i,), {}, i)))
    return (time.perf_counter() - start) / calls, size


def main():
    folder = "/home/user/project/runinfo/000"
    radio = HTEXRadio()
    tasks = Tasks(folder)

    def parsls(f, args, kwargs, i):
        return monitor_wrapper(f=f, args=args, kwargs=kwargs, x_try_id=0, x_task_id=i,
                               **arguments(folder, radio))

    def ours(f, args, kwargs, i):
        return tasks.wrap(f, args, kwargs, x_try_id=0, x_task_id=i, **arguments(folder, radio))

    sides = {"none": lambda f, args, kwargs, i: (f, args, kwargs), "parsl": parsls, "ours": ours}
    found = []
    for app, f in {"an app of __main__": noop.func, "an app of a module": of_a_module(),
                   "an importable function": os.path.basename}.items():
        row = {"app": app}
        for side, wrap in sides.items():
            rounds = [measure(wrap, f, CALLS // 10 if side == "parsl" else CALLS)
                      for _ in range(ROUNDS)]
            row[side] = statistics.median(seconds for seconds, _ in rounds)
            row[f"{side}_bytes"] = rounds[0][1]
        found.append(row)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
