// Small files that claim to be large, or become so: refused with a sentence, and within their limit.

import assert from "node:assert/strict";
import { join } from "node:path";
import { deflateSync, gzipSync } from "node:zlib";
import type { DataHeader } from "../../export/format/header.ts";
import { inflateWithin, TooLong } from "../../export/format/inflate_within.ts";
import { ImportError } from "../../import/import_error.ts";
import { importReport } from "../../import/import_report.ts";
import { importTrace } from "../../import/import_trace.ts";
import { importLimits } from "../../import/limits.ts";
import { parseTrace } from "../../import/wf_format.ts";
import { schedule } from "../../import/schedule.ts";
import { withDirectory } from "../store/helpers.ts";
import { runCli } from "../support/server.ts";
import { flatTrace, splitTrace, task, traceOf } from "./helpers.ts";
import { climateParts, pageOf } from "./report_pages.ts";

const MIB = 2 ** 20;
const LIMITS = importLimits(64);
/** A part of one byte. */
const BYTE: [string, Uint8Array][] = [["x", new Uint8Array(1)]];

/** Does something, and sees to it that memory does not grow by more than some MiB. */
async function within<T>(mebibytes: number, work: () => Promise<T>): Promise<T> {
  const before = Deno.memoryUsage().rss;
  const made = await work();
  const grown = (Deno.memoryUsage().rss - before) / MIB;
  assert.ok(grown < mebibytes, `memory grew by ${Math.round(grown)} MiB`);
  return made;
}

/** Gzip of so many zeros, which takes no such memory to make. */
async function zeros(bytes: number, format: "gzip" | "deflate"): Promise<Uint8Array> {
  const chunk = new Uint8Array(MIB);
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      if (bytes <= 0) return controller.close();
      controller.enqueue(chunk);
      bytes -= chunk.length;
    },
  });
  return new Uint8Array(
    await new Response(stream.pipeThrough(new CompressionStream(format))).arrayBuffer(),
  );
}

Deno.test("bombs: what comes of a stream is counted as it comes", async () => {
  for (const format of ["gzip", "deflate"] as const) {
    const packed = new Uint8Array(await zeros(1024 * MIB, format));
    await within(200, () => assert.rejects(inflateWithin(packed, format, 10 * MIB), TooLong));
  }
  const bytes = crypto.getRandomValues(new Uint8Array(50_000));
  const packed = new Uint8Array(deflateSync(bytes));
  assert.deepStrictEqual(await inflateWithin(packed, "deflate", 50_000), bytes);
  await assert.rejects(inflateWithin(packed, "deflate", 49_999), TooLong);
  await assert.rejects(inflateWithin(packed.subarray(0, 40_000), "deflate", 50_000));
});

Deno.test("bombs: the command refuses a gzip bomb, names the option, and makes no file", () =>
  withDirectory(async (folder) => {
    const path = join(folder, "t.json.gz");
    await Deno.writeFile(path, await zeros(1500 * MIB, "gzip"));
    const out = join(folder, "out.db");
    const small = await runCli(["import", path, out, "--max-unpacked", "100"]);
    assert.deepStrictEqual([small.code, small.stdout], [1, ""]);
    assert.match(
      small.stderr,
      /too large: it unpacks to more than 100 MiB; .*--max-unpacked MIB\.\n$/,
    );
    const usual = await runCli(["import", path, out]);
    assert.equal(usual.code, 1);
    assert.match(usual.stderr, /too large: more than 500 MiB of text\.\n$/);
    const wrong = await runCli(["import", path, out, "--max-unpacked", "-1"]);
    assert.deepStrictEqual([wrong.code, /--max-unpacked/.test(wrong.stderr)], [2, true]);
    assert.deepStrictEqual([...Deno.readDirSync(folder)].map(({ name }) => name), ["t.json.gz"]);
  }));

Deno.test("bombs: a report's header is not believed", async () => {
  const { about, header, parts } = await climateParts();
  const status = header.tables.find(({ name }) => name === "status")!;
  const same = (v: number) => ({ e: "same" as const, v });
  const empty = (name: string, columns: DataHeader["tables"][number]["columns"], rows: number) => ({
    name,
    rows,
    parts: ["x"],
    columns,
  });
  const none = { e: "varint" as const, at: [0, 0, 1] as [number, number, number] };
  const nulls = (count: number, kinds: DataHeader["tables"][number]["columns"][number]["kinds"]) =>
    Array.from({ length: count }, (_, n) => ({ name: `c${n}`, kinds, int: same(1) }));
  const edits: Record<string, [DataHeader, RegExp, [string, Uint8Array][]?]> = {
    "rows of nothing": [
      { ...header, tables: [empty("t", nulls(1, same(1)), 2 ** 31 - 1)] },
      /table t claims 2147483647 rows, and has bytes for 0 at most/,
    ],
    "more rows than there are numbers": [
      { ...header, tables: [empty("t", nulls(1, same(1)), 2 ** 40)] },
      /does not say what it holds/,
    ],
    "rows of bytes that are not there": [
      {
        ...header,
        tables: [
          empty("t", [{ name: "c", kinds: same(1), int: { ...none, at: [0, 0, 1e9] } }], 1e9),
        ],
      },
      /Part x is shorter than the header says|take more than 64 MiB|unpacked it takes more/,
      [["x", new Uint8Array(100)]],
    ],
    "columns of equal rows": [
      {
        ...header,
        tables: [
          empty("t", [
            { name: "c", kinds: same(1), int: { ...none, at: [0, 0, 60_000] } },
            ...nulls(1999, same(1)),
          ], 60_000),
        ],
      },
      /unpacked it takes more than 64 MiB; .*--max-unpacked/,
      [["x", new Uint8Array(60_000)]],
    ],
    "texts that are counted and not there": [
      {
        ...header,
        tables: [empty("t", [{
          name: "c",
          kinds: same(3),
          text: {
            index: same(0),
            words: { e: "utf8", n: 2 ** 31 - 1, lengths: same(0), at: [0, 0, 1] },
          },
        }], 1)],
      },
      /unpacked it takes more than 64 MiB/,
      BYTE,
    ],
    "a text in every row": [
      {
        ...header,
        tables: [empty("t", [{
          name: "c",
          kinds: same(3),
          text: {
            index: same(0),
            words: { e: "utf8", n: 1, lengths: same(MIB), at: [0, 0, MIB] },
          },
        }], 2000)],
      },
      /unpacked it takes more than 64 MiB/,
      [["x", new Uint8Array(MIB).fill(65)]],
    ],
    "a part that is longer than its places": [
      { ...header, tables: [empty("t", nulls(1, none), 1)] },
      /its part x is longer than it may be/,
      [["x", new Uint8Array(300 * MIB)]],
    ],
    "a column that refers to itself": [
      {
        ...header,
        tables: [empty("t", [{
          name: "c",
          kinds: same(4),
          time: { by: "c", groups: [{ n: 1, ints: same(0) }] },
        }], 1)],
      },
      /column c of t refers to itself/,
      BYTE,
    ],
    "lists of endless length": [
      {
        ...header,
        tables: [empty("t", [{
          name: "c",
          kinds: same(5),
          list: { counts: same(2 ** 52), firsts: same(0), others: same(0), n: 3 },
        }], 4)],
      },
      /lists have other items than the header says/,
      BYTE,
    ],
    "cells without values": [
      { ...header, tables: [{ ...status, columns: [{ name: "c", kinds: same(3) }] }] },
      /column c has cells of no kind/,
    ],
    "places before the data": [
      {
        ...header,
        tables: [empty("t", [{ name: "c", kinds: same(1), int: { ...none, at: [0, -5, 5] } }], 5)],
      },
      /does not say what it holds/,
      BYTE,
    ],
    "a part of another number": [
      {
        ...header,
        tables: [empty("t", [{ name: "c", kinds: same(1), int: { ...none, at: [7, 0, 5] } }], 5)],
      },
      /There is no part 7/,
      BYTE,
    ],
  };
  await withDirectory(async (folder) => {
    for (const [what, [edited, why, more = BYTE]] of Object.entries(edits)) {
      const page = pageOf(about, JSON.stringify(edited), [...parts, ...more]);
      await within(400, () =>
        assert.rejects(
          importReport(page, "r.html", join(folder, "out.db"), false, undefined, undefined, LIMITS),
          (error: Error) => {
            assert.ok(error instanceof ImportError, `${what}: ${error.stack}`);
            assert.match(error.message, why, what);
            return true;
          },
        ));
      assert.deepStrictEqual([...Deno.readDirSync(folder)], [], what);
    }
    await importReport(
      pageOf(about, JSON.stringify(header), parts),
      "r.html",
      join(folder, "out.db"),
      false,
      undefined,
      undefined,
      LIMITS,
    );
  });
});

Deno.test("bombs: a report's header that is packed a thousand times is not unpacked", async () => {
  const { about } = await climateParts();
  const bomb = await zeros(1024 * MIB, "deflate");
  const page = pageOf(about, "", [], () => bomb);
  await within(
    300,
    () =>
      assert.rejects(
        importReport(page, "r.html", "/nowhere/out.db", false),
        /part header is longer/,
      ),
  );
});

Deno.test("bombs: JSON that takes a hundred times its length, or is nested without end", () =>
  withDirectory(async (folder) => {
    const out = join(folder, "out.db");
    const deep = (open: string, close: string, n: number) => open.repeat(n) + close.repeat(n);
    const cases: [string, RegExp][] = [
      [
        `{"workflow":[${"{},".repeat(2e6)}{}]}`,
        /what is in it takes more than 64 MiB; .*--max-unpacked/,
      ],
      [flatTrace(Array.from({ length: 40_000 }, () => ({}))), /takes more than 64 MiB; /],
      [`{"a":${deep("[", "]", 1e6)}}`, /more than 500 deep/],
      [`${'{"a":'.repeat(1e6)}1${"}".repeat(1e6)}`, /more than 500 deep/],
      ["[".repeat(1e6), /more than 500 deep/],
      // With an integer that makes the text be gone through again.
      [`{"id":12345678901234567890,"a":${deep("[", "]", 1e5)}}`, /more than 500 deep/],
      [
        flatTrace([{ makespan: 1 }], { makespanInSeconds: JSON.parse(deep("[", "]", 100)) }),
        /^$/,
      ],
    ];
    for (const [text, why] of cases) {
      const said = await importTrace(text, "t.json", out, true, undefined, LIMITS)
        .then(() => "", (error) => error instanceof ImportError ? error.message : error.stack);
      assert.match(said, why);
    }
    assert.throws(() => parseTrace("{".repeat(2000), "t.json"), ImportError);
  }));

Deno.test("bombs: keys that every object has mean nothing in a trace", () =>
  withDirectory(async (folder) => {
    const out = join(folder, "out.db");
    const text = flatTrace([{ name: "__proto__", parents: ["constructor", "toString"] }])
      .replace(
        '{"name":"flat"',
        '{"__proto__":{"polluted":1,"name":"x"},"constructor":7,"name":"flat"',
      );
    const imported = await importTrace(text, "t.json", out, false);
    assert.equal(imported.trace.unknownLinks, 2);
    assert.equal(({} as Record<string, unknown>).polluted, undefined);
    const bare = splitTrace([{ id: "__proto__" }], [{ id: "__proto__", runtimeInSeconds: 1 }]);
    assert.equal((await importTrace(bare, "t.json", out, true)).known, 0);
  }));

Deno.test("bombs: machines of a million cores, and files that all tasks share", () => {
  const machines = Array.from({ length: 2000 }, (_, n) => ({
    name: `m${n}`,
    cores: 1_000_000,
    memory: null,
  }));
  const tasks = machines.map(({ name }) => task({ machine: name, cores: 1_000_000, runtime: 2 }));
  assert.equal(schedule(traceOf(tasks, { machines })).end, 2000);
  const shared = Array.from({ length: 100 }, (_, file) =>
    Array.from({ length: 1800 }, (_, n) => ({
      name: `t${file}-${n}`,
      files: [{ name: `f${file}`, path: "/d", link: n % 2 ? "input" : "output" }],
    }))).flat();
  assert.throws(
    () => parseTrace(flatTrace(shared), "t.json"),
    /its files make more than 20,000,000 dependencies/,
  );
});

Deno.test("bombs: names at which expressions take for ever", () =>
  withDirectory(async (folder) => {
    const names = ["-".repeat(300_000) + "x", "a" + "1.".repeat(300_000), "_ID".repeat(100_000)];
    const programs = [
      "1".repeat(300_000) + "!",
      "a".repeat(300_000) + "!",
      "x" + "1".repeat(300_000),
    ];
    const steps = "a.".repeat(200_000) + "a";
    const tasks = [...names, steps].map((name, n) => ({
      name,
      command: { program: programs[n % programs.length] },
    }));
    assert.equal(parseTrace(flatTrace(tasks), "t.json").tasks.length, 4);
    await importTrace(flatTrace(tasks), "t.json", join(folder, "out.db"), false);
  }));

Deno.test("bombs: a trace in gzip comes in as before", () =>
  withDirectory(async (folder) => {
    const path = join(folder, "t.json.gz");
    await Deno.writeFile(path, gzipSync(flatTrace([{}, {}])));
    const { code, stderr } = await runCli(["import", path, join(folder, "out.db")]);
    assert.equal(code, 0, stderr);
  }));
