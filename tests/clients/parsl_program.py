"""The monitoring example of Parsl's documentation with its import changed, and a few tasks.

    python parsl_program.py PORT

Prints `ready RUN_ID` when the run has begun, and `done` when its monitoring is closed. The first half
of the tasks begins when a line comes on standard input, the others with the next one.
"""
import sys

import parsl
from parsl.addresses import address_by_hostname
from parsl.config import Config
from parsl.executors import HighThroughputExecutor

from parsloscope import MonitoringHub

PORT = int(sys.argv[1])

config = Config(
    executors=[
        HighThroughputExecutor(
            label="local_htex",
            cores_per_worker=1,
            max_workers_per_node=4,
            address=address_by_hostname(),
        )
    ],
    monitoring=MonitoringHub(
        hub_address=address_by_hostname(),
        hub_port=PORT,
        monitoring_debug=False,
        resource_monitoring_interval=10,
    ),
    strategy='none'
)


@parsl.python_app
def square(i):
    import time
    time.sleep(0.2)
    return i * i


@parsl.python_app
def total(inputs=()):
    return sum(inputs)


@parsl.python_app
def breaks():
    raise ValueError("as meant")


if __name__ == "__main__":
    with parsl.load(config) as dfk:
        print("ready " + dfk.run_id, flush=True)
        sys.stdin.readline()
        squares = [square(i) for i in range(12)]
        sys.stdin.readline()
        broken = breaks()
        squares += [square(i) for i in range(12, 24)]
        result = total(inputs=squares).result()
        broken.exception()
    print("done", result, flush=True)
