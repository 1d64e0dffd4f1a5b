"""Runs Parsl's own UDP router and database manager, as its MonitoringHub does.

    python bench/hub/parsl_side.py FOLDER KEY

KEY is hex text. Writes FOLDER/monitoring.db. Prints JSON when both processes run: the UDP port, and
their process ids. Stops them as Parsl does when a line comes on its standard input, or its end.
"""
import json
import logging
import sys

from parsl.monitoring.db_manager import dbm_starter
from parsl.monitoring.radios.udp_router import start_udp_receiver
from parsl.multiprocessing import SpawnEvent, SpawnProcess, SpawnQueue


def main(folder, key):
    messages = SpawnQueue()
    stop = SpawnEvent()
    receiver = start_udp_receiver(
        monitoring_messages=messages,
        port=None,
        logdir=folder,
        debug=False,
        atexit_timeout=3,
        hmac_key=key,
        hmac_digest="sha512",
    )
    manager = SpawnProcess(
        target=dbm_starter,
        kwargs={
            "resource_msgs": messages,
            "db_url": f"sqlite:///{folder}/monitoring.db",
            "run_dir": folder,
            "logging_level": logging.INFO,
            "exit_event": stop,
            "log_config": None,
        },
        daemon=True,
    )
    manager.start()
    ready = {"port": receiver.port, "pids": [receiver.process.pid, manager.pid]}
    print(json.dumps(ready), flush=True)
    sys.stdin.readline()
    receiver.shutdown()
    stop.set()
    manager.join()


if __name__ == "__main__":
    main(sys.argv[1], bytes.fromhex(sys.argv[2]))
