"""Makes signed datagrams of an imagined workflow, pickled by Parsl's own classes.

    python bench/hub/messages.py FILE COUNT KEY

Writes about COUNT datagrams to FILE, each behind its length as four bytes, the least significant
first, in the order in which a run sends them: its start, then tasks of which 64 overlap. A task is
pending, launched, begun by its worker, sampled two or three times, ended by its worker, and done.
No message equals another. KEY is hex text. Prints JSON: the datagrams, their bytes, and the rows by
table that they make.
"""
import datetime
import hmac
import json
import pickle
import random
import struct
import sys
import uuid

from parsl.dataflow.states import States
from parsl.monitoring.message_type import MessageType

OVERLAP = 64
STEP = datetime.timedelta(microseconds=50)
EXECUTOR = "htex_cluster"
HOST = "node-{:03d}.cluster.example.org"
FOLDER = "/scratch/project/climate/runinfo/000"
NAMES = ["read_grid", "interpolate", "simulate_month", "reduce_mean", "write_netcdf"]


class Run:
    def __init__(self):
        self.run_id = str(uuid.uuid4())
        self.random = random.Random(self.run_id)
        self.now = datetime.datetime.now().replace(microsecond=0)
        self.completed = 0

    def start(self):
        return MessageType.WORKFLOW_INFO, {
            "python_version": "3.11.7",
            "parsl_version": "1.3.0-dev",
            "time_began": self.now,
            "run_id": self.run_id,
            "workflow_name": "climate",
            "workflow_version": "v1.0",
            "rundir": FOLDER,
            "tasks_completed_count": 0,
            "tasks_failed_count": 0,
            "user": "researcher",
            "host": "login-1",
        }

    def tick(self):
        self.now += STEP
        return self.now

    def task(self, task, state):
        time = self.tick()
        launched = state != States.pending
        done = state == States.exec_done
        if done:
            self.completed += 1
        return MessageType.TASK_INFO, {
            "task_func_name": NAMES[task % len(NAMES)],
            "task_memoize": False,
            "task_hashsum": None,
            "task_fail_count": 0,
            "task_fail_cost": 0,
            "task_status": state,
            "task_id": task,
            "task_time_invoked": time - STEP,
            "task_try_time_launched": time - STEP if launched else None,
            "task_time_returned": time if done else None,
            "task_try_time_returned": time if done else None,
            "task_executor": EXECUTOR,
            "run_id": self.run_id,
            "try_id": 0,
            "timestamp": time,
            "task_status_name": state.name,
            "tasks_failed_count": 0,
            "tasks_completed_count": self.completed,
            "tasks_memo_completed_count": 0,
            "from_memo": False if launched else None,
            "task_inputs": f"[<File url={FOLDER}/input/{task}.nc>]",
            "task_outputs": f"[<File url={FOLDER}/output/{task}.nc>]",
            "task_stdin": None,
            "task_stdout": f"{FOLDER}/task_logs/{task}.stdout",
            "task_stderr": f"{FOLDER}/task_logs/{task}.stderr",
            "task_fail_history": "",
            "task_depends": f"{task - OVERLAP}" if task >= OVERLAP else "",
            "task_joins": None,
        }

    def worker(self, task, first):
        return MessageType.WORKER_TASK_INFO, {
            "run_id": self.run_id,
            "try_id": 0,
            "task_id": task,
            "hostname": HOST.format(task % 100),
            "block_id": str(task % 8),
            "first_msg": first,
            "last_msg": not first,
            "timestamp": self.tick(),
        }

    def sample(self, task):
        chance = self.random.random()
        return MessageType.RESOURCE_INFO, {
            "psutil_process_num_threads": 2,
            "psutil_process_username": "researcher",
            "psutil_process_exe": "/home/researcher/venv/bin/python3.11",
            "psutil_process_memory_percent": chance * 10,
            "psutil_process_status": "sleeping",
            "psutil_process_name": "python3",
            "psutil_process_create_time": 1795477580.83,
            "psutil_process_ppid": 19979,
            "psutil_process_nice": 0,
            "psutil_process_cpu_num": 1,
            "psutil_process_cwd": FOLDER,
            "psutil_process_pid": 1000 + task % 30000,
            "run_id": self.run_id,
            "task_id": task,
            "try_id": 0,
            "resource_monitoring_interval": 1,
            "hostname": HOST.format(task % 100),
            "timestamp": self.tick(),
            "psutil_cpu_count": 128,
            "psutil_cpu_num": task % 128,
            "psutil_process_num_ctx_switches_voluntary": 14.0,
            "psutil_process_num_ctx_switches_involuntary": 351.0,
            "psutil_process_memory_virtual": 158535680 + int(chance * 1e8),
            "psutil_process_memory_resident": 124751872 + int(chance * 1e8),
            "psutil_process_time_user": chance * 100,
            "psutil_process_time_system": chance * 10,
            "psutil_process_children_count": 1,
            "psutil_process_disk_write": int(chance * 1e6),
            "psutil_process_disk_read": int(chance * 1e7),
        }

    def of_task(self, task):
        yield self.task(task, States.pending)
        yield self.task(task, States.launched)
        yield self.worker(task, True)
        for _ in range(2 + task % 2):
            yield self.sample(task)
        yield self.worker(task, False)
        yield self.task(task, States.exec_done)

    def messages(self):
        yield self.start()
        current = [self.of_task(task) for task in range(OVERLAP)]
        following = OVERLAP
        while True:
            for place in range(OVERLAP):
                message = next(current[place], None)
                if message is None:
                    current[place] = self.of_task(following)
                    following += 1
                    message = next(current[place])
                yield message


ROWS = {
    MessageType.WORKFLOW_INFO: ("workflow",),
    MessageType.TASK_INFO: ("status",),
    MessageType.WORKER_TASK_INFO: ("status",),
    MessageType.RESOURCE_INFO: ("resource",),
}


def main(path, count, key):
    rows = {"workflow": 0, "task": 0, "try": 0, "status": 0, "resource": 0}
    size = 0
    with open(path, "wb") as file:
        messages = Run().messages()
        for _ in range(count):
            message = next(messages)
            body = pickle.dumps(message)
            datagram = hmac.digest(key, body, "sha512") + body
            file.write(struct.pack("<I", len(datagram)))
            file.write(datagram)
            size += len(datagram)
            for table in ROWS[message[0]]:
                rows[table] += 1
            if message[1].get("task_status") is States.pending:
                rows["task"] += 1
                rows["try"] += 1
    print(json.dumps({"datagrams": count, "bytes": size, "rows": rows}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), bytes.fromhex(sys.argv[3]))
