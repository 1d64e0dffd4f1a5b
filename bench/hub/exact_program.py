"""How exact a try's figures are: ours and Parsl's own beside what the program itself counts.

    python bench/hub/exact_program.py SIDE TRIES FOLDER

SIDE is `parsl` or `client`. Four workers run tries of 20 ms to 5 s side by side, every second with
child processes; each burns a known processor time, holds a known memory and writes known bytes.
Prints JSON: for each kind of figure the median, the 95th percentile and the largest error, as share
of the truth and in its unit, and how many tries are within the bar.
"""
import json
import os
import pickle
import random
import sqlite3
import statistics
import sys
import time

import parsl
from parsl.config import Config
from parsl.executors import HighThroughputExecutor
from parsl.providers import LocalProvider

MIB = 1 << 20
# Bars: share of the truth, or the unit (s, bytes) where that is more.
BARS = {"cpu": (0.02, 0.01), "memory": (0.05, 4 * MIB), "written": (0.01, 0.0)}


@parsl.python_app
def work(seconds, megabytes, kilobytes, children):
    import os
    import resource
    import subprocess
    import sys
    import time
    program = f"import time\nwhile time.process_time() < {seconds / 2}: sum(range(1000))"
    before = [resource.getrusage(who) for who in (0, resource.RUSAGE_CHILDREN)]
    memory = bytearray(megabytes << 20)
    for at in range(0, len(memory), 4096):
        memory[at] = 1
    with open(os.devnull, "wb", buffering=0) as file:
        for _ in range(kilobytes):
            file.write(bytes(1000))
    if children:
        subprocess.run([sys.executable, "-S", "-c", program], check=True)
    share = seconds / 2 if children else seconds
    start = time.process_time()
    while time.process_time() - start < share:
        sum(range(1000))
    held = len(memory)
    # Giving memory back takes time, too, which is the try's.
    del memory
    after = [resource.getrusage(who) for who in (0, resource.RUSAGE_CHILDREN)]
    used = sum(b.ru_utime + b.ru_stime - a.ru_utime - a.ru_stime for a, b in zip(before, after))
    return used, held, kilobytes * 1000


def monitoring_of(side, folder):
    options = {"logging_endpoint": f"sqlite:///{folder}/monitoring.db",
               "resource_monitoring_interval": 1}
    if side == "parsl":
        from parsl.monitoring import MonitoringHub
        return MonitoringHub(**options)
    from parsloscope import MonitoringHub
    # The messages themselves are looked at: what a hub makes of them is asked elsewhere.
    return MonitoringHub(start_hub=False, close_timeout=1, **options)


def of_parsl(folder):
    """The last sample of each try less its first one, as readers of Parsl's table have to."""
    db = sqlite3.connect(f"file:{folder}/monitoring.db?mode=ro", uri=True)
    found = {}
    rows = db.execute(
        "SELECT task_id, psutil_process_time_user + psutil_process_time_system, "
        "psutil_process_memory_resident, psutil_process_disk_write "
        "FROM resource ORDER BY task_id, timestamp")
    for task, cpu, memory, written in rows:
        found.setdefault(task, []).append((cpu, memory, written))
    return {task: {"cpu": rows[-1][0] - rows[0][0],
                   "memory": max(row[1] for row in rows) - rows[0][1],
                   "written": rows[-1][2] - rows[0][2]} for task, rows in found.items()}


def of_client(folder):
    found = {}
    for path, _, names in os.walk(folder):
        if not path.endswith("monitor-fs-radio/new"):
            continue
        for name in names:
            with open(os.path.join(path, name), "rb") as file:
                while True:
                    try:
                        kind, said = pickle.load(file)
                    except EOFError:
                        break
                    ours = said.get("parsloscope", {}) if isinstance(said, dict) else {}
                    for _, each in ours.get("messages", [(kind, said)]):
                        totals = (each.get("parsloscope", {}).get("totals")
                                  if isinstance(each, dict) else None)
                        if totals is not None:
                            found[each["task_id"]] = {
                                "cpu": sum(totals[name] or 0.0 for name in (
                                    "cpu_user_s", "cpu_system_s", "children_cpu_user_s",
                                    "children_cpu_system_s")),
                                "memory": totals["memory_peak_bytes"]
                                - totals["memory_start_bytes"],
                                "written": totals["written_bytes"]}
    return found


def judged(truth, found):
    result = {}
    for place, name in enumerate(BARS):
        share, unit = BARS[name]
        errors, within = [], 0
        for task, true in truth.items():
            if task not in found:
                errors.append(1.0)
                continue
            off = abs(found[task][name] - true[place])
            errors.append(off / true[place])
            within += off <= max(share * true[place], unit)
        ordered = sorted(errors)
        result[name] = {"median": statistics.median(errors), "most": ordered[-1],
                        "p95": ordered[int(0.95 * (len(ordered) - 1))], "within": within,
                        "of": len(truth)}
    return result


def main(side, tries, folder):
    executor = HighThroughputExecutor(
        label="htex", address="127.0.0.1", max_workers_per_node=4, cores_per_worker=0.1,
        provider=LocalProvider(init_blocks=1, min_blocks=1, max_blocks=1))
    draw = random.Random(14)
    # What is larger than 32 MiB the C library gives back to the system at once, so that a try's
    # memory comes on top of what the worker has.
    with parsl.load(Config(executors=[executor], monitoring=monitoring_of(side, folder),
                           strategy="none", run_dir=f"{folder}/runinfo", usage_tracking=0)):
        futures = [work(0.02 * 250 ** (draw.random() ** 3), draw.randrange(40, 200),
                        draw.randrange(100, 5000), bool(i % 2)) for i in range(tries)]
        truth = {future.tid: future.result() for future in futures}
        time.sleep(1)
    found = of_parsl(folder) if side == "parsl" else of_client(folder)
    print(json.dumps({"load": os.getloadavg()[0], **judged(truth, found)}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
