import assert from "node:assert/strict";
import { appsOf } from "../../import/wf_apps.ts";
import { parseTrace } from "../../import/wf_format.ts";
import { elapsed, parseClockTime } from "../../import/wf_time.ts";
import { naiveText } from "../../parsl/naive_time.ts";
import { splitTrace, task, traceText } from "./helpers.ts";

/** The same run as a version before 1.5 tells it: edges at one end only, by name. */
function flatText(version: string, system: string): string {
  const old = version < "1.4";
  const memory = (kilobytes: number) =>
    old ? { memory: kilobytes } : { memoryInBytes: kilobytes * 1000 };
  const seconds = (value: number) => old ? { runtime: value } : { runtimeInSeconds: value };
  return JSON.stringify({
    name: "tiny survey",
    schemaVersion: version,
    wms: { name: system, version: "2.1" },
    workflow: {
      [old ? "makespan" : "makespanInSeconds"]: 65,
      executedAt: "20240507T093000+0200",
      machines: [{ nodeName: "alpha", cpu: { count: 1 }, ...memory(8_000_000) }],
      [version < "1.3" ? "jobs" : "tasks"]: [
        {
          name: "split_ID01",
          files: [
            { link: "input", name: "sky.raw" },
            { link: "output", path: "out/", name: "east.raw" },
          ],
          ...seconds(10),
        },
        {
          name: "scan_ID02",
          id: "ID02",
          parents: ["split_ID01"],
          machine: "alpha",
          ...seconds(20),
        },
        {
          name: "scan_ID03",
          parents: ["split_ID01"],
          bytesRead: 7,
          ...seconds(30),
          ...memory(5000),
        },
        { name: "merge_ID04", parents: ["ID02", "scan_ID03", "lost"], ...seconds(5) },
      ],
    },
  });
}

Deno.test("WfFormat: versions 1.5 and 1.6 join the graph and its execution", async () => {
  for (const version of ["1.5", "1.6"]) {
    const trace = parseTrace(await traceText(['"1.5"', `"${version}"`]), "t.json");
    assert.deepStrictEqual(trace.tasks.map((t) => t.parents), [[], [0], [0], [1, 2]]);
    assert.deepStrictEqual(trace.tasks.map((t) => t.runtime), [10, 20, 30, 5]);
    assert.deepStrictEqual(trace.tasks[0].outputs, ["east.raw", "it's west.raw"]);
    const { cpu, memory, read, written, machine } = trace.tasks[1];
    assert.deepStrictEqual([cpu, memory, read, written, machine], [50, 3e6, 1000, 10, "alpha"]);
    assert.deepStrictEqual(trace.machines, [
      { name: "alpha", cores: 1, memory: 8e9 },
      { name: "beta", cores: 2, memory: null },
    ]);
    const { name, system, systemVersion, author, makespan, unknownLinks } = trace;
    assert.deepStrictEqual([name, system, systemVersion, author], [
      "tiny survey",
      "Loom",
      "2.1",
      "ada",
    ]);
    assert.deepStrictEqual([makespan, unknownLinks], [65, 0]);
  }
});

Deno.test("WfFormat: versions 1.0 to 1.4 have flat tasks, the older ones in kilobytes", () => {
  for (const version of ["1.0", "1.1", "1.2", "1.3", "1.4"]) {
    const trace = parseTrace(flatText(version, "Loom"), "t.json");
    assert.deepStrictEqual(trace.tasks.map((t) => t.parents), [[], [0], [0], [1, 2]], version);
    assert.deepStrictEqual(trace.tasks.map((t) => t.runtime), [10, 20, 30, 5], version);
    assert.deepStrictEqual(trace.tasks[0].inputs, ["sky.raw"]);
    assert.deepStrictEqual(trace.tasks[0].outputs, ["out/east.raw"]);
    assert.deepStrictEqual(trace.tasks[2].memory, 5e6, version);
    assert.deepStrictEqual(trace.tasks[2].read, 7000, "other systems counted kilobytes");
    assert.deepStrictEqual(trace.machines, [{ name: "alpha", cores: 1, memory: 8e9 }], version);
    assert.deepStrictEqual([trace.unknownLinks, trace.makespan], [1, 65]);
  }
  const pegasus = parseTrace(flatText("1.3", "Pegasus"), "t.json");
  assert.deepStrictEqual(pegasus.tasks[2].read, 7, "Pegasus counted bytes");
});

Deno.test("WfFormat: an edge told by the parent alone counts once, as one told by both", async () => {
  const text = await traceText(['"parents": ["split_ID01"]', '"parents": []']);
  const trace = parseTrace(text, "t.json");
  assert.deepStrictEqual(trace.tasks.map((t) => t.parents), [[], [0], [0], [1, 2]]);
});

Deno.test("WfFormat: times of all writers, compared across zones", () => {
  const text = (time: string) => {
    const parsed = parseClockTime(time);
    return parsed === null ? null : naiveText(parsed.naive);
  };
  assert.deepStrictEqual(text("2020-04-03T12:05:15.376151Z"), "2020-04-03 12:05:15.376151");
  assert.deepStrictEqual(text("20200402T023752+0000"), "2020-04-02 02:37:52.000000");
  assert.deepStrictEqual(text("2023-03-29T15:45:52-10:00"), "2023-03-29 15:45:52.000000");
  assert.deepStrictEqual(text("12-22-20T01:12:23Z"), "2020-12-22 01:12:23.000000");
  for (const bad of ["yesterday", "2020-02-30T00:00:00Z", "2020-01-01T25:00:00Z", "20200402"]) {
    assert.deepStrictEqual(text(bad), null, bad);
  }
  const [here, there] = ["2024-05-07T09:30:00+02:00", "2024-05-07T07:30:08Z"].map(parseClockTime);
  assert.deepStrictEqual(elapsed(here!, there!), 8000);
  assert.deepStrictEqual(naiveText(999.9999999), "1970-01-01 00:00:01.000000");
});

Deno.test("WfFormat: apps are categories, programs, or names without what is theirs alone", () => {
  const apps = (...tasks: Parameters<typeof task>[0][]) => appsOf(tasks.map(task));
  assert.deepStrictEqual(apps({ category: "c", program: "p" }, { category: "d" }), ["c", "d"]);
  assert.deepStrictEqual(apps({ program: "/opt/bin/scan" }, { program: "merge.py" }), [
    "scan",
    "merge.py",
  ]);
  assert.deepStrictEqual(
    apps({ program: "python3", name: "a_ID0001" }, { program: "scan", name: "bowtie2_ID7" }),
    ["a", "bowtie2"],
  );
  assert.deepStrictEqual(apps({ name: "bowtie2" }, { name: "x-12" }, { name: "42" }), [
    "bowtie2",
    "x",
    "42",
  ]);
  assert.deepStrictEqual(
    apps({ name: "W.PREP.SORT" }, { name: "W.ALIGN.SORT" }, { name: "W.ALIGN.QC" }),
    ["PREP.SORT", "ALIGN.SORT", "QC"],
  );
});

Deno.test("WfFormat: what is no run of a workflow is refused with its reason", async () => {
  const refused = async (reason: RegExp, ...edits: [string, string][]) => {
    let message = "nothing";
    try {
      parseTrace(await traceText(...edits), "t.json");
    } catch (error) {
      message = `${(error as Error).name}: ${(error as Error).message}`;
    }
    assert.ok(
      /^ImportError: t\.json /.test(message) && reason.test(message),
      `${reason}: ${message}`,
    );
  };
  await refused(/not JSON/, ['"name": "tiny survey"', '"name"']);
  await refused(/not a workflow trace/, ['"workflow"', '"recipe"']);
  await refused(/no schemaVersion/, ['"schemaVersion"', '"schema"']);
  await refused(/version 9\.0, and 1\.0/, ['"1.5"', '"9.0"']);
  await refused(/a workflow but no run/, ["runtimeInSeconds", "wanted"]);
  await refused(/1 of its 4 tasks have no run time, .* split_ID01/, [
    '"runtimeInSeconds": 10',
    '"x": 10',
  ]);
  await refused(/a workflow but no run/, ['"execution"', '"plan"'], ["65", "66"]);
  await refused(/"runtimeInSeconds" is not a number/, ['Seconds": 10', 'Seconds": -10']);
  await refused(/two of its tasks have the id scan_ID02/, [
    '"id": "scan_ID03", "parents"',
    '"id": "scan_ID02", "parents"',
  ]);
  await refused(/execution has two tasks with the id scan_ID02/, [
    '{ "id": "scan_ID03", "runtime',
    '{ "id": "scan_ID02", "runtime',
  ]);
  await refused(/"parents" is not a list of texts/, ['"parents": []', '"parents": [true]']);
  await refused(
    /when it ran/,
    ["2024-05-07T09:30:00+02:00", "then"],
    ["2024-05-07T08:00:00Z", "later"],
  );
});

Deno.test("WfFormat: ids are numbers of any length, which no two ids share", () => {
  const ids = ["A1", "A2", "A3"];
  const text = splitTrace(
    [{ id: "A1" }, { id: "A2" }, { id: "A3", parents: ["A1", "A2"] }],
    ids.map((id) => ({ id, runtimeInSeconds: 1, memoryInBytes: "M" })),
  );
  // Numbers that a computer's own do not tell apart.
  const long = text.replace(/"A(\d)"/g, "900719925474099$1").replaceAll('"M"', "9007199254740993");
  const { tasks } = parseTrace(long, "t.json");
  assert.deepEqual(tasks.map(({ id }) => id), [1, 2, 3].map((n) => `900719925474099${n}`));
  assert.deepEqual(tasks.map(({ parents }) => parents), [[], [], [0, 1]]);
  assert.equal(tasks[0].memory, 9007199254740992);
});
