// What a fail history is a failure of: the exception, without what differs from task to task.

import { deepStrictEqual, equal, ok } from "node:assert/strict";
import { cpuUsage } from "node:process";
import { Causes } from "../../model/run/causes.ts";
import { causeOf } from "../../model/cause/fail_history.ts";

const TRACEBACK = "Traceback (most recent call last):\n" +
  '  File "/opt/lib/run.py", line 12, in run\n    return step(part)\n           ^^^^^^^^^^\n' +
  '  File "/opt/lib/step.py", line 3, in step\n    raise error\n';
/** A text as repr writes it. */
const quoted = (text: string) =>
  `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'").replaceAll("\n", "\\n")}'`;

/** Texts and what they are listed as, by kind. */
const LABELS: Record<string, [string, string][]> = {
  "type and message": [
    ["ValueError('this task always fails, x=1')", "ValueError: this task always fails, x=…"],
    ["ValueError: bad 13", "ValueError: bad …"],
    ["ValueError()", "ValueError"],
    ["AssertionError", "AssertionError"],
    [
      "parsl.app.errors.AppTimeout: App f exceeded walltime: 3 seconds",
      "AppTimeout: App f exceeded walltime: … seconds",
    ],
    ["KeyError('band_4')", "KeyError: band_…"],
    ["TypeError(\"expected 'a', got 5\")", "TypeError: expected 'a', got …"],
    ["RuntimeError('failed', {'step': 3}, [1, 2, 3])", "RuntimeError: failed, {'step': …}, […]"],
    [
      "StepError(step='load', exit_code=3, host='n1')",
      "StepError: step='load', exit_code=3, host='n…'",
    ],
    ["RuntimeError(can't open file)", "RuntimeError: can't open file"],
    ["<StepError: step 3 went wrong>", "StepError: step … went wrong"],
    ["out of luck on 7", "out of luck on …"],
  ],
  "exit codes and signals": [
    ["BashExitFailure('sim', 3)", "BashExitFailure: sim, exit code 3"],
    [
      "BashExitFailure('sim', 137)",
      "BashExitFailure: sim, exit code 137 (killed, often out of memory)",
    ],
    ["BashExitFailure('sim', 139)", "BashExitFailure: sim, exit code 139 (segmentation fault)"],
    ["BashExitFailure('sim', 143)", "BashExitFailure: sim, exit code 143 (terminated)"],
    ["BashExitFailure('sim', 124)", "BashExitFailure: sim, exit code 124 (timed out)"],
    ["BashExitFailure('sim', 126)", "BashExitFailure: sim, exit code 126 (not executable)"],
    ["BashExitFailure('sim', 127)", "BashExitFailure: sim, exit code 127 (command not found)"],
    ["BashExitFailure('sim', -9)", "BashExitFailure: sim, signal 9 (killed, often out of memory)"],
    [
      "bash_app sim failed with unix exit code 137",
      "BashExitFailure: sim, exit code 137 (killed, often out of memory)",
    ],
    [
      "CalledProcessError(1, ['/usr/bin/samtools', 'view', '/y/2.bam'])",
      "CalledProcessError: samtools view, exit code 1",
    ],
    [
      `${TRACEBACK}subprocess.CalledProcessError: Command 'bwa mem /x/7.fa' died with <Signals.SIGSEGV: 11>.`,
      "CalledProcessError: bwa mem, signal 11 (segmentation fault)",
    ],
    ["SystemExit(4)", "SystemExit: exit code 4"],
    ["TimeoutExpired(['/bin/sleep', '5'], 0.01)", "TimeoutExpired: sleep"],
    [
      `${TRACEBACK}subprocess.TimeoutExpired: Command 'sleep 5' timed out after 0.01 seconds`,
      "TimeoutExpired: sleep",
    ],
    [
      "ProcessExited('w 7', 137)",
      "ProcessExited: w …, exit code 137 (killed, often out of memory)",
    ],
    [
      "AppException('Parsl task exited abnormally: returned 2')",
      "AppException: Parsl task exited abnormally: returned 2",
    ],
    [
      "RuntimeError('worker 17 got signal 15')",
      "RuntimeError: worker … got signal 15 (terminated)",
    ],
    ["RuntimeError('job 99 ended, ExitCode=9:0')", "RuntimeError: job … ended, ExitCode=9:0"],
    [
      "AppFailure('[f] App failed with exit code: 137', 137)",
      "AppFailure: [f] App failed with exit code: 137 (killed, often out of memory)",
    ],
  ],
  "what the system says": [
    ["OSError(28, 'No space left on device')", "OSError: [Errno 28] No space left on device"],
    [
      "FileNotFoundError(2, 'No such file or directory')",
      "FileNotFoundError: [Errno 2] No such file or directory",
    ],
    [
      `${TRACEBACK}FileNotFoundError: [Errno 2] No such file or directory: '/scratch/my run/b_17.nc'`,
      "FileNotFoundError: [Errno 2] No such file or directory: '….nc'",
    ],
    [
      "MissingOutputs('Missing outputs from app sim', [<File at 0x7f43 url=/a/b_1.csv scheme=file netloc= path=/a/b_1.csv filename=b_1.csv>, <File at 0x7f44 url=/a/b_2.csv scheme=file netloc= path=/a/b_2.csv filename=b_2.csv>])",
      "MissingOutputs: Missing outputs from app sim, [<File ….csv>]",
    ],
    [
      "HTTPError('503 Server Error: Busy for url: https://x.org/a/3')",
      "HTTPError: 503 Server Error: Busy for url: https://…",
    ],
    ["<HTTPError 503: 'Busy'>", "HTTPError: HTTP Error 503: Busy"],
    [
      "SyntaxError('invalid syntax', ('<string>', 1, 0, '1+', 1, 0))",
      "SyntaxError: invalid syntax",
    ],
    ["gaierror(-2, 'Name or service not known')", "gaierror: [Errno -2] Name or service not known"],
  ],
  "what went away": [
    ["ManagerLost(b'3f2a9b1c', 'node017')", "ManagerLost"],
    ["Task failure due to loss of manager 3f2a on host n1", "ManagerLost"],
    ["WorkerLost(0, 'vm')", "WorkerLost"],
    ["Task failure due to loss of worker 3 on host n12", "WorkerLost"],
  ],
  "texts of several lines": [
    [
      "BadStateException(HighThroughputExecutor(\n    address=None, \n    label='htex', \n    worker_debug=False\n), 'Executor htex is not usable')",
      "BadStateException: HighThroughputExecutor(…), Executor htex is not usable",
    ],
    ['ValueError("""wrong\n)""")', "ValueError: wrong )"],
    ["StepError('line one\nit's line two')", "StepError: line one it's line two"],
    [
      "2 validation errors for Batch\nitems.0.size\n  Input should be less than 10 [type=less_than, input_value=11, input_type=int]\n" +
      "    For further information visit https://errors.pydantic.dev/2.14/v/less_than\nname\n  Field required [type=missing, input_value={}, input_type=dict]",
      "2 validation errors for Batch: items.….size: Input should be less than …; name: Field required",
    ],
    [
      "ValidationError(model='Patient', errors=[{'loc': ('age',), 'msg': 'value is not a valid integer', 'type': 'type_error.integer'}])",
      "1 validation error for Patient: age: value is not a valid integer",
    ],
    [
      `${TRACEBACK}pydantic.error_wrappers.ValidationError: 1 validation error for Patient\nage\n  value is not a valid integer (type=type_error.integer)`,
      "1 validation error for Patient: age: value is not a valid integer",
    ],
  ],
  "tracebacks": [
    [`${TRACEBACK}ValueError: bad 3\n`, "ValueError: bad …"],
    [`RemoteError(${quoted(`align failed:\n${TRACEBACK}ValueError: bad 3`)})`, "ValueError: bad …"],
    [
      `RemoteError(${quoted(`${TRACEBACK}BashExitFailure(fetch, 7)`)})`,
      "BashExitFailure: fetch, exit code 7",
    ],
    [`TaskError('t', ['logs', ${quoted(`${TRACEBACK}KeyError: 'k'`)}])`, "KeyError: k"],
    [
      `${TRACEBACK}KeyError: 'x'\n\nDuring handling of the above exception, another exception occurred:\n\n${TRACEBACK}OSError: could not load /data/x_17.nc`,
      "OSError: could not load ….nc",
    ],
    [
      `${TRACEBACK}ValueError: bad 3\n\nThe above exception was the direct cause of the following exception:\n\n${TRACEBACK}RuntimeError: stage 4 failed`,
      "RuntimeError: stage … failed, from ValueError: bad …",
    ],
    [
      `concurrent.futures.process._RemoteTraceback: \n"""\n${TRACEBACK}ValueError: bad 3\n"""\n\n` +
      `The above exception was the direct cause of the following exception:\n\n${TRACEBACK}ValueError: bad 3`,
      "ValueError: bad …",
    ],
    ['  File "a.py", line 4, in f\n    g()\nValueError: bad 3', "ValueError: bad …"],
    [TRACEBACK, "a traceback that was cut off before its exception"],
    [
      '  + Exception Group Traceback (most recent call last):\n  |   File "x", line 5, in <module>\n  | ExceptionGroup: several (2 sub-exceptions)\n' +
      "  +-+---------------- 1 ----------------\n    | ValueError: a 1\n    +---------------- 2 ----------------\n    | TypeError: b\n    +------------------------------------\n",
      "ExceptionGroup: several: TypeError: b; ValueError: a …",
    ],
    [
      "ExceptionGroup('several', [ValueError('a 1'), ExceptionGroup('in', [TypeError('b')]), ValueError('a 2')])",
      "ExceptionGroup: several: TypeError: b; ValueError: a …",
    ],
    [
      "RetryError(<Future at 0x7f3 state=finished raised ValueError>)",
      "RetryError: <Future raised ValueError>",
    ],
    [
      "WorkQueueTaskFailure('Task execution raises an exception', ValueError('x 3'))",
      "WorkQueueTaskFailure: Task execution raises an exception, ValueError: x …",
    ],
  ],
  "failures of other tasks": [
    [
      "DependencyError([(ValueError('bad 1'), 'task 33')], 35)",
      "DependencyError from ValueError: bad …",
    ],
    [
      "DependencyError([(DependencyError([(ValueError('bad 1'), 'task 33')], 35), 'task 35'), (OSError(), 'task 2')], 36)",
      "DependencyError from OSError; ValueError: bad …",
    ],
    [
      "JoinError([(ValueError('no (x=3), '), 'task 57')], 45)",
      "JoinError from ValueError: no (x=…),",
    ],
    ["DependencyError([(DependencyError(...), 'task 35')], 36)", "DependencyError"],
    [
      "Dependency failure for task 35 from: [ValueError('bad 3')]",
      "DependencyError from ValueError: bad …",
    ],
    ["Dependency failure for task 36. The representative cause is via task 33", "DependencyError"],
  ],
  "several tries in one text": [
    ["no convergence after 3 steps,no convergence after 19 steps", "no convergence after … steps"],
    ["a, b,a, b,a, b", "a, b"],
    ["ValueError('a,b'),TypeError('c')", "TypeError: c"],
    ["('fetch', 7),('fetch', 7)", "BashExitFailure: fetch, exit code 7"],
    ["oom,[Errno 28] No space left on device", "[Errno 28] No space left on device"],
    ["expected 3,got 4", "expected …,got …"],
  ],
};

for (const [kind, texts] of Object.entries(LABELS)) {
  Deno.test(`causes: ${kind}`, () => {
    for (const [text, label] of texts) equal(causeOf(text).label, label, text);
  });
}

Deno.test("causes: of the ways to say the same one is shown, whichever came first", () => {
  const texts = ["E('1 file lost')", "E('2 files lost')", "E(\"'3' files lost\")"];
  for (const order of [texts, [...texts].reverse()]) {
    const causes = new Causes();
    for (const text of order) causes.of(text);
    deepStrictEqual(causes.list, ["E: '…' files lost"]);
    equal(causes.examples[0], order[0]);
  }
});

Deno.test("causes: those that a failure of others began with are causes of their own", () => {
  const causes = new Causes();
  const join = causes.of("JoinError([(ValueError('bad 1'), 'task 57')], 45)");
  const own = causes.of("ValueError('bad 7')");
  deepStrictEqual(causes.rootsOf(join), [own]);
  equal(causes.rootsOf(own), null);
  equal(causes.examples[own], "ValueError('bad 7')");
});

Deno.test("causes: hostile texts take time in proportion to their length", () => {
  const long = 60_000;
  const texts = [
    ..."x (['\"<{,/.:9=\\".split("").map((c) => c.repeat(long)),
    ...["E(", "E('", "[(", "a=", "'\"", "<a ", "/a", "a/", "1 ", "1,", "…", "x…", "0x", "E(E('a'),"]
      .map((piece) => piece.repeat(long / piece.length)),
    `${"DependencyError([(".repeat(3000)}ValueError('x')`,
    TRACEBACK.repeat(200),
  ];
  const times = texts.map((text) => {
    const began = cpuUsage();
    ok(causeOf(text).label.length <= 300);
    return cpuUsage(began).user / 1000;
  });
  // A pattern that goes back and forth over such a text would take minutes of the processor.
  ok(Math.max(...times) < 20_000, `${Math.max(...times)} ms of the processor`);
});
