"""What Parsl's own database manager makes of recorded messages.

    python dbm.py MESSAGES.jsonl.gz RESULT.json.gz

Feeds every message of a recording, in its order, to parsl.monitoring.db_manager.DatabaseManager
and writes the tables that come out: for each its columns, its rows by key (by id for node), and the
SQLite types of each row as letters (n null, i integer, r real, t text, b blob).

The manager ends a run that has no end itself, with the time at which it was told to stop. That
cell is made NULL here, as it was before.
"""
import gzip
import json
import logging
import multiprocessing
import os
import pickle
import sqlite3
import sys
import tempfile
import threading
import time

from parsl.monitoring.db_manager import DatabaseManager
from parsl.monitoring.message_type import MessageType

KEYS = {
    "workflow": "run_id",
    "task": "run_id, task_id",
    "try": "run_id, task_id, try_id",
    "status": "run_id, task_id, task_status_name, timestamp",
    "resource": "run_id, task_id, try_id, timestamp",
    "node": "id",
    "block": "run_id, block_id, executor_label, timestamp",
}


def read_messages(path):
    with gzip.open(path, "rt") as lines:
        return [pickle.loads(bytes.fromhex(json.loads(line)["hex"])) for line in lines]


def run_manager(messages, directory):
    database = os.path.join(directory, "monitoring.db")
    stop = multiprocessing.Event()
    manager = DatabaseManager(
        db_url="sqlite:///" + database,
        run_dir=directory,
        logging_level=logging.WARNING,
        batching_interval=0.2,
        exit_event=stop,
    )
    messages_queue = multiprocessing.Queue()
    for message in messages:
        messages_queue.put(message)

    def watch():
        while not messages_queue.empty():
            time.sleep(0.05)
        time.sleep(0.5)
        stop.set()

    watcher = threading.Thread(target=watch)
    watcher.start()
    manager.start(messages_queue)
    watcher.join()
    manager.db.session.close()
    manager.db.eng.dispose()
    return database


def dump(database, ended):
    connection = sqlite3.connect(database)
    tables = {}
    for table, key in KEYS.items():
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        rows, types = [], []
        kinds = " || ".join(f"substr(typeof({column}), 1, 1)" for column in columns)
        for *row, letters in connection.execute(
            f"SELECT {', '.join(columns)}, {kinds} FROM {table} ORDER BY {key}"
        ):
            if table == "workflow" and not ended:
                place = columns.index("time_completed")
                row[place] = None
                letters = letters[:place] + "n" + letters[place + 1:]
            rows.append(row)
            types.append(letters)
        tables[table] = {"columns": columns, "rows": rows, "types": types}
    connection.close()
    return tables


def main(source, target):
    messages = read_messages(source)
    ended = any(
        kind == MessageType.WORKFLOW_INFO and "python_version" not in payload
        for kind, payload in messages
    )
    with tempfile.TemporaryDirectory() as directory:
        tables = dump(run_manager(messages, directory), ended)
    with open(target, "wb") as file:
        # Without a time in its header, the file is the same each time.
        with gzip.GzipFile(filename="", fileobj=file, mode="wb", mtime=0) as packed:
            packed.write(json.dumps(tables, separators=(",", ":")).encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
