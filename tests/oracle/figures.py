"""Figures of the recordings, computed apart from the program: the oracle of tests/oracle.

    python tests/oracle/figures.py > tests/oracle/figures.json && deno fmt tests/oracle

Needs pandas. Reads tests/fixtures/climate.db and large.db.gz and writes, per run, what
model/ has to find as well. Instants are seconds since time_began, so no time zone enters.
A manager's row names its block but not its executor: a block's end counts for every manager
of that block number in the run. The last instant is the run's end itself, where a model may
well say 0 workers and the oracle still counts managers that never said goodbye.
"""

import gzip
import json
import pathlib
import shutil
import sqlite3
import tempfile

import pandas as pd

FIXTURES = pathlib.Path(__file__).resolve().parent.parent / "fixtures"
RANK = {
    "pending": 0,
    "launched": 1,
    "running": 2,
    "running_ended": 3,
    "joining": 4,
    "fail_retryable": 5,
    "exec_done": 6,
    "memo_done": 6,
    "failed": 6,
    "dep_fail": 6,
}
TERMINAL = {"SCALED_IN", "COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "MISSING"}
INSTANTS = 20


def counts(series):
    return {str(k): int(v) for k, v in sorted(series.value_counts().items())}


def number(value):
    return None if pd.isna(value) else int(value)


def read(connection, table, run, times):
    frame = pd.read_sql_query(f'select * from "{table}" where run_id = ?', connection, params=(run,))
    for column in times:
        frame[column] = pd.to_datetime(frame[column], format="ISO8601")
    return frame


def tries_of(status, tries):
    """One row per try that ran on a worker: from `running` to the first thing after it."""
    tries = tries[tries.task_executor != "_parsl_internal"]
    running = (
        status[status.task_status_name == "running"]
        .groupby(["task_id", "try_id"])
        .timestamp.min()
        .rename("begin")
        .reset_index()
    )
    running = running.merge(
        tries[["task_id", "try_id", "task_try_time_returned"]], on=["task_id", "try_id"]
    )
    later = status[~status.task_status_name.isin(["running", "pending", "launched"])]
    later = later.merge(running, on=["task_id", "try_id"])
    later = later[later.timestamp > later.begin]
    ends = later.groupby(["task_id", "try_id"]).timestamp.min().rename("later").reset_index()
    spans = running.merge(ends, on=["task_id", "try_id"], how="left")
    returned = spans.task_try_time_returned.where(spans.task_try_time_returned > spans.begin)
    spans["end"] = pd.concat([spans.later, returned], axis=1).min(axis=1)
    return spans


def capacity_at(node, block, instant):
    """Workers of the managers that are there at the instant."""
    if node.empty:
        return 0
    seen = node[node.timestamp <= instant]
    if seen.empty:
        return 0
    latest = seen.sort_values(["timestamp", "id"]).groupby("uid").tail(1)
    ended = block[(block.status.isin(TERMINAL)) & (block.timestamp <= instant)]
    gone = set(ended.block_id.astype(str))
    total = 0
    for row in latest.itertuples():
        if row.active and str(row.block_id) not in gone:
            total += int(row.worker_count)
    return total


def figures(connection, workflow):
    run = workflow.run_id
    task = read(connection, "task", run, [])
    tries = read(connection, "try", run, ["task_try_time_returned"])
    status = read(connection, "status", run, ["timestamp"])
    resource = read(connection, "resource", run, ["timestamp"])
    node = read(connection, "node", run, ["timestamp"])
    block = read(connection, "block", run, ["timestamp"])
    began = pd.to_datetime(workflow.time_began)
    completed = pd.to_datetime(workflow.time_completed)

    last_try = status.groupby("task_id").try_id.transform("max")
    final = status[status.try_id == last_try].copy()
    final["rank"] = final.task_status_name.map(RANK)
    final = final.sort_values(["rank", "timestamp"]).groupby("task_id").tail(1)

    # The last event: of the statuses, the samples, the managers' and the blocks' rows.
    events = [frame.timestamp.max() for frame in (status, resource, node, block)]
    last = completed if not pd.isna(completed) else max(t for t in events if not pd.isna(t))

    spans = tries_of(status, tries)
    end = spans.end.fillna(last)
    length = last - began
    instants = [began + length * (i / (INSTANTS - 1)) for i in range(INSTANTS)]
    instants = [t.floor("us") for t in instants]
    # A process that had gone when it was looked at: no measurement.
    resource = resource.copy()
    memory = resource.psutil_process_memory_resident
    resource["psutil_process_memory_resident"] = memory.where(memory > 0)
    named = resource.merge(task[["task_id", "task_func_name"]], on="task_id")
    peaks = named.groupby("task_func_name").psutil_process_memory_resident.max()
    return {
        "name": workflow.workflow_name,
        "tasks": len(task),
        "states": counts(final.task_status_name),
        "apps": counts(task.task_func_name),
        "duration": None if pd.isna(completed) else round((completed - began).total_seconds(), 6),
        "span": round(length.total_seconds(), 6),
        "peak_memory": number(resource.psutil_process_memory_resident.max()),
        "peak_memory_of_app": {str(k): number(v) for k, v in sorted(peaks.items())},
        "instants": [round((t - began).total_seconds(), 6) for t in instants],
        "busy": [int(((spans.begin <= t) & (t < end)).sum()) for t in instants],
        "capacity": [capacity_at(node, block, t) for t in instants],
    }


def main():
    result = {}
    with tempfile.TemporaryDirectory() as folder:
        large = pathlib.Path(folder) / "large.db"
        with gzip.open(FIXTURES / "large.db.gz") as source, open(large, "wb") as target:
            shutil.copyfileobj(source, target)
        for name, path in (("climate.db", FIXTURES / "climate.db"), ("large.db", large)):
            connection = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
            workflows = pd.read_sql_query("select * from workflow order by time_began", connection)
            result[name] = {w.run_id: figures(connection, w) for w in workflows.itertuples()}
            connection.close()
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
