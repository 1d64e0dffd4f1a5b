"""Pickles of many values at every protocol, and what they are, as lines of JSON.

Needs nothing but Python: the modules of Parsl's enumerations are made here.
"""
import datetime
import enum
import json
import math
import pickle
import pickletools
import random
import sys
import types


def module(name, **members):
    made = types.ModuleType(name)
    for key, value in members.items():
        value.__module__ = name
        value.__qualname__ = key
        setattr(made, key, value)
    sys.modules[name] = made


class MessageType(enum.Enum):
    TASK_INFO = 0
    RESOURCE_INFO = 1
    WORKFLOW_INFO = 2
    NODE_INFO = 3
    BLOCK_INFO = 4
    WORKER_TASK_INFO = 5


class States(enum.IntEnum):
    pending = 0
    running = 2
    exec_done = 3
    running_ended = 11


class ByName:
    """Pickles as the Pythons do that pickle members by name."""

    def __init__(self, member):
        self.member = member

    def __reduce_ex__(self, protocol):
        return getattr, (type(self.member), self.member.name)


class Called:
    """Pickles as a call with arguments."""

    def __init__(self, function, *arguments):
        self.function = function
        self.arguments = arguments

    def __reduce_ex__(self, protocol):
        return self.function, self.arguments


module("parsl")
module("parsl.monitoring")
module("parsl.dataflow")
module("parsl.monitoring.message_type", MessageType=MessageType)
module("parsl.dataflow.states", States=States)


def compact(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def plain(v):
    if isinstance(v, ByName):
        return plain(v.member)
    if isinstance(v, Called):
        return plain(v.function(*v.arguments))
    if isinstance(v, enum.Enum):
        return {"enum": [type(v).__name__, v.value, v.name]}
    if v is None or isinstance(v, (bool, str)):
        return v
    if isinstance(v, int):
        return v if abs(v) < 2**53 else {"int": str(v)}
    if isinstance(v, float):
        if math.isnan(v):
            return {"float": "nan"}
        if math.isinf(v):
            return {"float": "inf" if v > 0 else "-inf"}
        return int(v) if v.is_integer() and abs(v) < 2**53 else v
    if isinstance(v, datetime.datetime):
        return {"datetime": v.strftime("%m-%d %H:%M:%S.%f").join([f"{v.year:04d}-", ""])}
    if isinstance(v, (datetime.date, datetime.time)):
        return v.isoformat()
    if isinstance(v, datetime.timedelta):
        return plain(v.days * 86400 + v.seconds + v.microseconds / 1e6)
    if isinstance(v, (bytes, bytearray)):
        return {"bytes": v.hex()}
    if isinstance(v, (set, frozenset)):
        return {"set": sorted(compact(plain(x)) for x in v)}
    if isinstance(v, (list, tuple)):
        return [plain(x) for x in v]
    if isinstance(v, dict):
        return {"dict": [[plain(k), plain(x)] for k, x in v.items()]}
    raise TypeError(type(v))


now = datetime.datetime(2026, 11, 24, 0, 13, 38, 836702)
shared = {"run_id": "abc", "at": now}
random.seed(4)
values = [
    None, True, False, 0, 1, -1, 255, 256, 65535, 65536, -65536, 2**31 - 1, 2**31, -2**31,
    2**47, -2**47, 2**53 - 1, 1 - 2**53, 2**53, -2**53, 2**63, -2**63, 2**64, 10**30, -10**30,
    2**2039, -2**2040, 2**3000 + 1, -(2**8000) - 12345,
    0.0, 1.5, -2.25, 0.1, 1e300, 5e-324, 1 / 3, 1e16, float("inf"), float("-inf"), float("nan"),
    "", "a", "text", "x" * 255, "y" * 256, "z" * 70000, "q'\"\\ \n\r\t\0\x1a\x7f\x80\xff",
    "\\u0041 \\\\u0041 \\", "äöü", "日本語", "😀 and 😀", "\ufeffmark", "é" * 30, "\U0010ffff",
    b"", b"a", bytes(range(256)), b"x" * 300, b"\\ ' \n", bytearray(b""), bytearray(b"ab\xff"),
    bytearray(range(256)),
    [], [1], [1, [2, [3, []]]], (), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), ((), ((),)),
    {}, {"a": 1}, {"z": 1, "a": 2, "m": {"k": [1, 2]}}, {1: "one", None: 2, 2.5: 3, (1, 2): 4},
    {b"k": b"v"}, set(), {1}, {1, "a", None}, frozenset(), frozenset([1, 2, (3, 4)]),
    {frozenset([1])}, [{1, 2}, frozenset("ab")],
    list(range(2500)), {str(i): i for i in range(2500)}, set(range(2500)),
    now, now.replace(fold=1), datetime.datetime.min, datetime.datetime.max,
    datetime.datetime(2024, 2, 29), [now, now], (now, now.replace(microsecond=0)),
    Called(datetime.datetime, 2026, 11, 24), Called(datetime.datetime, 2026, 1, 2, 3, 4, 5, 6),
    datetime.date(2026, 11, 24), datetime.date.min, datetime.date.max,
    datetime.time(1, 2, 3), datetime.time(23, 59, 59, 999999), datetime.time(1, 2, fold=1),
    datetime.timedelta(), datetime.timedelta(days=-1, seconds=5, microseconds=250000),
    datetime.timedelta(days=999999), {"d": datetime.date(1, 2, 3), "t": datetime.timedelta(1)},
    *MessageType, *States, [States.running, States.running], {States.pending: MessageType.NODE_INFO},
    ByName(MessageType.BLOCK_INFO), ByName(States.running_ended),
    (ByName(MessageType.TASK_INFO), {"task_status": ByName(States.exec_done), "timestamp": now}),
    (MessageType.BLOCK_INFO, [shared, shared, {"a": [shared]}]),
    (0, 1795479218, (MessageType.TASK_INFO, {"task_status": States.running, "t": now, "n": 2**40})),
]
for _ in range(30):
    values.append({
        "".join(random.choices("abcdefé😀_", k=random.randint(0, 60))): random.choice([
            random.getrandbits(random.randint(1, 200)) - 2**60, random.random() * 10**9,
            [random.random()] * 3, "n" * random.randint(0, 400), now,
        ])
        for _ in range(random.randint(0, 60))
    })

for value in values:
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        pickled = pickle.dumps(value, protocol)
        for data in {pickled, pickletools.optimize(pickled)}:
            print(json.dumps({
                "protocol": protocol, "optimized": data != pickled, "hex": data.hex(),
                "expected": plain(value),
            }))
