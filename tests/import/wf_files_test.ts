// Dependencies that only files tell.

import { deepStrictEqual, equal, match, throws } from "node:assert/strict";
import { schedule } from "../../import/schedule.ts";
import type { Trace } from "../../import/trace.ts";
import { parseTrace } from "../../import/wf_format.ts";
import { flatTrace, splitTrace } from "./helpers.ts";

type File = Record<string, unknown>;

const reads = (file: File): File => ({ link: "input", ...file });
const writes = (file: File): File => ({ link: "output", ...file });
const flat = (...files: File[][]) => parseTrace(flatTrace(files.map((f) => ({ files: f }))), "t");
const parentsOf = (trace: Trace) => trace.tasks.map((task) => task.parents);

Deno.test("files: a task depends on all that write what it reads, where no links are told", () => {
  const trace = flat(
    [writes({ name: "a", path: "/w/1/" })],
    [writes({ name: "b", path: "/w/2" })],
    [reads({ name: "a", path: "/w/1" }), reads({ path: "/w/2/b" }), writes({ path: "/w/3/c" })],
    [reads({ name: "c", path: "/w/3/c" })],
  );
  deepStrictEqual(parentsOf(trace), [[], [], [0, 1], [2]]);
  deepStrictEqual(trace.tasks[2].inputs, ["/w/1/a", "/w/2/b"]);
  equal(trace.remarks.length, 1);
  match(trace.remarks[0], /^3 dependencies come from files/);
});

Deno.test("files: links that are told win, and unknown ones do not count as told", () => {
  const tasks = [
    { files: [writes({ name: "a" })] },
    { parents: ["t0"] },
    { files: [reads({ name: "a" })] },
  ];
  const told = parseTrace(flatTrace(tasks), "t");
  deepStrictEqual([parentsOf(told), told.remarks], [[[], [0], []], []]);
  tasks[1].parents = ["gone"];
  const unknown = parseTrace(flatTrace(tasks), "t");
  deepStrictEqual([parentsOf(unknown), unknown.unknownLinks], [[[], [], [0]], 1]);
});

Deno.test("files: one name in several directories is several files", () => {
  const trace = flat(
    [writes({ name: "out", path: "/w/1" })],
    [writes({ name: "out", path: "/w/2" })],
    [reads({ name: "out", path: "/w/2" })],
    [reads({ name: "out", path: "/w/9" })],
    [reads({ name: "out" })],
  );
  deepStrictEqual(parentsOf(trace), [[], [], [1], [], []]);
  match(trace.remarks[1], /^1 file could be any of several of that name/);
});

Deno.test("files: a name without a directory is matched where one file can be meant, and said", () => {
  const trace = flat([writes({ name: "out", path: "/w/1" })], [reads({ name: "out" })]);
  deepStrictEqual(parentsOf(trace), [[], [0]]);
  match(trace.remarks[1], /^1 file had to be matched by name alone/);
  const other = flat(
    [writes({ name: "out", path: "/w/1" })],
    [reads({ name: "out", path: "/in" })],
    [reads({ name: "out" })],
  );
  deepStrictEqual(parentsOf(other), [[], [], []]);
});

Deno.test("files: since version 1.5 they go by id, by path or by name", () => {
  const graph = [
    { id: 1, name: "a", outputFiles: [7, "/w/y"] },
    { id: 2, name: "b", inputFiles: ["7"] },
    { id: 3, name: "c", inputFiles: ["/w/x"] },
    { id: 4, name: "d", inputFiles: ["./y"] },
    { id: 5, name: "e", inputFiles: ["other"] },
  ];
  const executed = [1, 2, 3, 4, 5].map((id) => ({ id: `${id}`, runtimeInSeconds: 1 }));
  const trace = parseTrace(splitTrace(graph, executed, {}, [{ id: 7, path: "/w/x" }]), "t");
  deepStrictEqual(parentsOf(trace), [[], [0], [0], [0], []]);
});

Deno.test("files: what one or two tasks read and write is no circle", () => {
  const own = flat([reads({ name: "log" }), writes({ name: "log" })], [reads({ name: "log" })]);
  deepStrictEqual(parentsOf(own), [[], [0]]);
  const both = [reads({ name: "log" }), writes({ name: "log" })];
  const trace = flat([writes({ name: "log" })], both, both, [reads({ name: "log" })]);
  deepStrictEqual(parentsOf(trace), [[], [0], [0], [0, 1, 2]]);
  match(trace.remarks[1], /^2 dependencies by files would go in a circle \(t[12] is in it\)/);
  const around = flat(
    [reads({ name: "c" }), writes({ name: "a" })],
    [reads({ name: "a" }), writes({ name: "b" })],
    [reads({ name: "b" }), writes({ name: "c" })],
    [reads({ name: "c" })],
  );
  deepStrictEqual(parentsOf(around), [[], [], [], [2]]);
  equal(schedule(around).end, 20_000);
});

Deno.test("files: a name that thousands write and read makes no million of dependencies", () => {
  const all = Array.from({ length: 1500 }, () => [reads({ name: "x" }), writes({ name: "x" })]);
  const trace = flat(...all);
  equal(trace.tasks.every(({ parents }) => parents.length === 0), true);
  match(trace.remarks.join(), /The file x is written by 1,500 tasks and read by 1,500 tasks: no/);
});

Deno.test("files: one that is neither read nor written, or has no name, is counted", () => {
  const trace = flat([writes({ name: "a" })], [{ name: "a" }, { link: "input" }]);
  deepStrictEqual(parentsOf(trace), [[], []]);
  match(trace.remarks[0], /^2 files of tasks without a name, or neither/);
});

Deno.test("links: ids and links may be numbers, and 1 is the id '1'", () => {
  const graph = [
    { id: 0, name: "a", children: ["1"] },
    { id: "1", name: "b", children: [2] },
    { id: 2, name: "c", parents: [1] },
  ];
  const executed = [{ id: "0" }, { id: 1 }, { id: "2" }].map((t) => ({
    ...t,
    runtimeInSeconds: 1,
  }));
  deepStrictEqual(parentsOf(parseTrace(splitTrace(graph, executed), "t")), [[], [0], [1]]);
  const flatText = flatTrace([{ name: "a", id: 0 }, { name: "b", id: 1, parents: [0] }]);
  deepStrictEqual(parentsOf(parseTrace(flatText, "t")), [[], [0]]);
  graph[2].id = "1";
  throws(() => parseTrace(splitTrace(graph, executed), "t"), /two of its tasks have the id 1\b/);
});

Deno.test("links: an id is meant before a name, and a name of several tasks means none", () => {
  const text = flatTrace([
    { name: "x", id: "1" },
    { name: "x", id: "2" },
    { name: "1", id: "3" },
    { name: "y", id: "4", parents: ["1", "x", "gone"] },
  ]);
  const trace = parseTrace(text, "t");
  deepStrictEqual([parentsOf(trace), trace.unknownLinks], [[[], [], [], [0]], 1]);
  deepStrictEqual(trace.remarks, ["1 link to a name that several tasks have: left out."]);
});
