// Every cell comes back as it was, value and SQL type, whatever it is.
import assert from "node:assert/strict";
import { packRun } from "../../export/format/pack_run.ts";
import { microsOf, microsToMs } from "../../export/format/micros.ts";
import type { Cell } from "../../parsl/cell.ts";
import { microsText, parseNaiveTime } from "../../parsl/naive_time.ts";
import { seeded } from "../model/synthetic.ts";
import { batches, open, sizeOf, spelled, tablesOf } from "./format_support.ts";

type Make = (random: () => number, row: number) => Cell;

const pick = <T>(random: () => number, list: readonly T[]): T =>
  list[Math.floor(random() * list.length)];

const ODD: Cell[] = [
  null,
  0n,
  -1n,
  2n ** 31n,
  -(2n ** 31n) - 1n,
  2n ** 51n - 1n,
  -(2n ** 51n) + 1n,
  2n ** 51n,
  2n ** 63n - 1n,
  -(2n ** 63n),
  0,
  -0,
  30,
  0.1,
  1e300,
  -5e-324,
  Infinity,
  2 ** 53 + 2,
  20.900000000000002,
  "",
  "NaN",
  "null",
  "0",
  "-0",
  "007",
  "3,17",
  "3, 17",
  ",",
  "12345678901",
  "deadbeef",
  "DEADBEEF",
  "2026-11-02 08:00:00.300180",
  "2041-05-10 11:50:21.369248",
  "2026-11-02 08:00:00",
  "2026-11-02T08:00:00.300180",
  "2026-02-30 08:00:00.300180",
  "2026-11-02 08:00:60.300180",
  "2026-11-02 24:00:00.000000",
  "0001-01-01 00:00:00.000001",
  "0000-01-01 00:00:00.000000",
  "9999-12-31 23:59:59.999999",
  "1969-12-31 23:59:59.999999",
  "\u0000\u202e</script>\ufeff",
  "\ufeffmark",
  "ünï😀",
  "x".repeat(100_000),
  new Uint8Array(),
  new Uint8Array([0, 255, 16]),
];

const COLUMNS: Record<string, Make> = {
  "the same": () => "run",
  "all null": () => null,
  "ascending": (_, row) => BigInt(row),
  "small": (random) => BigInt(Math.floor(random() * 5)),
  "wide": (random) => BigInt(Math.floor((random() - 0.5) * 2 ** 51)),
  "around 2^31": (random) => BigInt(Math.floor(2 ** 31 + (random() - 0.5) * 10)),
  "around -2^31": (random) => BigInt(Math.floor(-(2 ** 31) + (random() - 0.5) * 10)),
  "spread over 32 bits": (random) => BigInt(Math.floor((random() - 0.5) * 2 ** 32)),
  "pages": (random) => Math.floor(random() * 1e6) * 4096,
  "whole floats": (random) => Math.floor(random() * 100) - 50,
  "hundredths": (random) => Math.floor(random() * 1e5) / 100,
  "sums of hundredths": (random) =>
    Math.floor(random() * 1e5) / 100 - Math.floor(random() * 1e3) / 100,
  "floats": (random) => (random() - 0.5) * 10 ** Math.floor(random() * 300),
  "times": (random) => microsText(Math.floor(1.7e15 + random() * 1e10)),
  "milliseconds": (random) => microsText(Math.floor(1.7e12 + random() * 1e7) * 1000),
  "times of all years": (random) =>
    new Date(-62_167_219_200_000 + random() * 3e14).toISOString()
      .replace("T", " ").replace("Z", "123"),
  "some times": (random) =>
    random() < 0.5 ? null : microsText(Math.floor(1.7e15 + random() * 1e10)),
  "words": (random) => pick(random, ["align", "filter", "", "émigré"]),
  "texts": (random) => String(random()),
  "hashes": (random) =>
    Array.from({ length: 32 }, () => pick(random, [..."0123456789abcdef"])).join(""),
  "task_depends": (random, row) =>
    pick(random, ["", `${Math.max(0, row - 3)}`, `${row},0,7`, "0", null, "1,", "00,1"]),
  "task_joins": (random) => pick(random, [null, "None", "1,2,3,999999999", "5"]),
  "odd": (random) => pick(random, ODD),
};

/** Columns that are tried out beyond a block, too. */
const BLOCKS = ["ascending", "wide", "around 2^31", "sums of hundredths", "floats", "some times"];

for (const count of [0, 1, 2, 300, 70_000]) {
  Deno.test(`format: ${count} rows of every kind of column come back as they were`, async () => {
    for (const [name, make] of Object.entries(COLUMNS)) {
      const random = seeded(count + name.length);
      if (count > 300 && !BLOCKS.includes(name)) continue;
      const rows = Array.from({ length: count }, (_, row) => [make(random, row)]);
      const packed = await packRun(batches("block", [name], rows), { full: true });
      const table = (await tablesOf(open(packed).tables("x"))).get("block");
      assert.deepEqual(table?.columns, [name]);
      assert.deepEqual(
        table.rows.map(([cell]) => spelled(cell)),
        rows.map(([cell]) => spelled(cell)),
        name,
      );
    }
  });
}

Deno.test("format: rows of tasks are put in order and none is lost, with ids of any kind", async () => {
  const random = seeded(5);
  const ids: Make[] = [
    (random) => BigInt(Math.floor(random() * 50)),
    (random) => BigInt(Math.floor((random() - 0.5) * 2 ** 50)),
    (random) => pick(random, [null, "7", 7n, 7.5, 2n ** 60n]),
  ];
  for (const make of ids) {
    for (const table of ["try", "status", "resource"]) {
      const rows = Array.from({ length: 500 }, (_, row): Cell[] => [
        make(random, row),
        BigInt(Math.floor(random() * 3)),
        microsText(Math.floor(1.7e15 + random() * 1e9)),
        pick(random, ["pending", "running", "exec_done", "own state"]),
        pick(random, ["1", "2,3", ""]),
      ]);
      const columns = ["task_id", "try_id", "timestamp", "task_status_name", "task_depends"];
      const packed = await packRun(batches(table, columns, rows), { full: true });
      const found = (await tablesOf(open(packed).tables("x"))).get(table)!;
      const spell = (all: Cell[][]) => all.map((row) => row.map(spelled).join(" | "));
      assert.deepEqual(spell(found.rows).sort(), spell(rows).sort());
      if (make === ids[0]) {
        const order = found.rows.map((row) => Number(row[0]));
        assert.deepEqual(order, [...order].sort((a, b) => a - b));
      }
    }
  }
});

Deno.test("format: a time as a number is the very one that its text gives", () => {
  const random = seeded(11);
  for (let i = 0; i < 20_000; i++) {
    const text = microsText(Math.floor((random() - 0.5) * 2 ** 52));
    assert.equal(microsText(microsOf(text)), text);
    assert.equal(microsToMs(microsOf(text)), parseNaiveTime(text));
  }
});

Deno.test("format: what repeats takes hardly any room", async () => {
  const rows = Array.from({ length: 50_000 }, (_, row): Cell[] => [
    BigInt(row),
    "6f1b1c1e",
    microsText(1.7e15 + row * 1000),
  ]);
  const packed = await packRun(batches("block", ["a", "b", "c"], rows));
  assert.ok(sizeOf(packed) < 2000, `${sizeOf(packed)} bytes`);
});
