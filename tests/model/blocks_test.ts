// Blocks: one line each, with every change of status, whatever the rows say and in whatever order.
import assert from "node:assert/strict";
import { type Block, blocksOf } from "../../model/figures/blocks.ts";
import { managersOf } from "../../model/figures/capacity.ts";
import { blocksCsv, managersCsv } from "../../model/figures/fleet_columns.ts";
import type { BlockRow, RunRows } from "../../model/run/rows.ts";
import { Run } from "../../model/run/run.ts";
import { resourcesView } from "../../model/views/resources.ts";
import { withDirectory } from "../store/helpers.ts";
import { caseDatabase } from "../support/case_db.ts";
import { block, node, rows, runsOf, seeded, shuffled, T0, workflowRow } from "./synthetic.ts";

function folded(...slices: Partial<RunRows>[]): Run {
  const run = new Run(workflowRow());
  for (const slice of slices) run.fold(rows(slice));
  return run;
}

/** Seconds since the beginning. */
const at = (time: number | null) => time === null ? null : (time - T0) / 1000;

function brief({ requested, started, ended, status }: Block) {
  return [at(requested), at(started), at(ended), status];
}

function only(...blocks: BlockRow[]): Block {
  const [found, ...others] = blocksOf(folded({ blocks }));
  assert.deepStrictEqual(others, []);
  return found;
}

Deno.test("blocks: a row at every poll is folded to three changes, and no block is missing", () =>
  withDirectory(async (directory) => {
    const [run] = await runsOf(caseDatabase("block-polls", `${directory}/polls.db`));
    const blocks = blocksOf(run);
    assert.equal(blocks.length, 1200);
    assert.deepStrictEqual(
      new Set(blocks.map(({ blockId }) => blockId)),
      new Set(Array.from({ length: 1200 }, (_, id) => String(id))),
    );
    const began = Date.UTC(2021, 8, 7, 10);
    for (const { blockId, jobId, changes, requested, started, ended, status } of blocks) {
      assert.equal(jobId, `job${blockId}`);
      assert.deepStrictEqual(changes.map((change) => change.status), [
        "PENDING",
        "RUNNING",
        "CANCELLED",
      ]);
      const own = Number(blockId) / 1000;
      const times = [requested, started, ended].map((time) => Math.round((time! - began) * 1e3));
      assert.deepStrictEqual(times, [0, 5000, 239 * 5000].map((t) => Math.round((t + own) * 1e3)));
      assert.equal(status, "CANCELLED");
    }
    // What is kept grows with the changes, not with the 288,000 rows.
    assert.ok(run.fleet.blocks.bytes < 2e6, `${run.fleet.blocks.bytes}`);
    // Every one is on a page of the resources, and the count says how many there are.
    const first = resourcesView(run, 0).blocks;
    assert.deepStrictEqual([first.total, first.pages], [1200, 12]);
    const ids = Array.from(
      { length: first.pages },
      (_, i) => resourcesView(run, 0, { managers: 1, blocks: i + 1, nodes: 1 }).blocks.lines,
    ).flat()
      .map(({ blockId }) => blockId);
    assert.deepStrictEqual(ids, Array.from({ length: 1200 }, (_, id) => String(id)));
    const beyond = resourcesView(run, 0, { managers: 7, blocks: 99, nodes: 9 });
    assert.deepStrictEqual([beyond.blocks.page, beyond.managers.page], [12, 1]);
  }));

Deno.test("blocks: those of 210 rows are 70, with each of their changes", () =>
  withDirectory(async (directory) => {
    const path = caseDatabase("blocks-cut", `${directory}/cut.db`);
    const [run] = await runsOf(path);
    const { blocks } = resourcesView(run, 0);
    assert.deepStrictEqual([blocks.total, blocks.pages, blocks.lines.length], [70, 1, 70]);
    assert.equal(blocks.lines.reduce((sum, { changes }) => sum + changes.length, 0), 210);
  }));

Deno.test("blocks: pending at one poll and gone at the next: it ran when its managers were there", () => {
  const run = folded({
    blocks: [block("PENDING", 5), block("SCALED_IN", 90)],
    nodes: [node("m1", 31), node("m2", 30), node("m3", 20, { blockId: "1" })],
  });
  const [found] = blocksOf(run);
  assert.deepStrictEqual(brief(found), [5, 30, 90, "SCALED_IN"]);
  assert.equal(found.startedByManager, true);
  assert.equal(only(block("PENDING", 5), block("SCALED_IN", 90)).started, null);
});

Deno.test("blocks: a manager that can be of several executors' blocks tells of none", () => {
  const twins = [
    block("PENDING", 5),
    block("SCALED_IN", 90),
    block("PENDING", 6, { executor: "other" }),
    block("SCALED_IN", 90, { executor: "other" }),
  ];
  const found = blocksOf(folded({ blocks: twins, nodes: [node("m1", 30)] }));
  assert.deepStrictEqual(found.map(({ started }) => started), [null, null]);
  // By then, the other executor's block was over.
  twins[3] = block("SCALED_IN", 20, { executor: "other" });
  const apart = blocksOf(folded({ blocks: twins, nodes: [node("m1", 30)] }));
  assert.deepStrictEqual(apart.map(({ started }) => at(started)), [30, null]);
  // Outside of the time of its block, a manager's clock is another: nothing is known.
  const early = folded({ blocks: twins.slice(0, 2), nodes: [node("m1", 3)] });
  assert.equal(blocksOf(early)[0].started, null);
});

Deno.test("blocks: what is not recorded is unknown", () => {
  assert.deepStrictEqual(brief(only(block("RUNNING", 5))), [null, 5, null, "RUNNING"]);
  assert.deepStrictEqual(brief(only(block("FAILED", 5))), [null, null, 5, "FAILED"]);
  assert.deepStrictEqual(brief(only(block("HELD", 5))), [5, null, null, "HELD"]);
  assert.deepStrictEqual(brief(only(block("UNKNOWN", 5), block("PENDING", 6))), [
    ...[5, null, null, "PENDING"],
  ]);
  const timeless = only(
    block("SCALED_IN", 0, { time: null, jobId: null }),
    block("PENDING", 0, { time: null, jobId: null }),
  );
  assert.deepStrictEqual(brief(timeless), [null, null, null, "SCALED_IN"]);
  assert.equal(timeless.jobId, null);
  assert.equal(timeless.changes.length, 2);
  assert.deepStrictEqual(blocksOf(folded({})), []);
});

Deno.test("blocks: one that comes back lives; of two ends the first counts", () => {
  const lost = [block("PENDING", 1), block("RUNNING", 5), block("MISSING", 30)];
  assert.deepStrictEqual(brief(only(...lost)), [1, 5, 30, "MISSING"]);
  const back = [...lost, block("RUNNING", 40)];
  assert.deepStrictEqual(brief(only(...back)), [1, 5, null, "RUNNING"]);
  const over = [...back, block("COMPLETED", 50), block("UNKNOWN", 55), block("SCALED_IN", 60)];
  assert.deepStrictEqual(brief(only(...over)), [1, 5, 50, "SCALED_IN"]);
  assert.equal(only(...over).changes.length, 7);
  const run = folded({ blocks: back, nodes: [node("m1", 10)] });
  assert.equal(managersOf(run)[0].until, null);
});

Deno.test("blocks: two executors' blocks of one id, and rows without one, stay apart", () => {
  const blocks = [
    block("RUNNING", 5),
    block("RUNNING", 6, { executor: "other" }),
    block("RUNNING", 7, { blockId: null, jobId: "77" }),
    block("RUNNING", 8, { blockId: null, jobId: "78" }),
    block("RUNNING", 9, { jobId: null }),
    block("RUNNING", 10, { jobId: "1.batch" }),
  ];
  assert.deepStrictEqual(
    blocksOf(folded({ blocks })).map(({ executor, blockId, jobId }) => [executor, blockId, jobId]),
    [
      ["htex", "0", "1, 1.batch"],
      ["other", "0", "1"],
      ["htex", null, "77"],
      ["htex", null, "78"],
    ],
  );
});

Deno.test("blocks: rows may come in any order and in any slices", () => {
  // Polled every second; requeued once: back to PENDING after it ran.
  const states = ["PENDING", "RUNNING", "COMPLETED"].flatMap((state, i) =>
    Array.from({ length: 20 }, (_, poll) => block(state, 20 * i + poll))
  );
  const other = states.map((row) => ({ ...row, blockId: "1" }));
  const all = [...states, ...other];
  const expected = blocksOf(folded({ blocks: all }));
  assert.deepStrictEqual(expected.map(brief), [[0, 20, 40, "COMPLETED"], [
    ...[0, 20, 40, "COMPLETED"],
  ]]);
  for (let seed = 1; seed <= 20; seed++) {
    const mixed = shuffled(all, seeded(seed));
    assert.deepStrictEqual(blocksOf(folded({ blocks: mixed })), expected, `seed ${seed}`);
    const one = folded(...mixed.map((row) => ({ blocks: [row] })));
    assert.deepStrictEqual(blocksOf(one), expected, `seed ${seed}, one by one`);
  }
});

Deno.test("blocks: one that is requeued keeps each of its changes, in any order of them", () => {
  const states = ["PENDING", "RUNNING", "PENDING", "HELD", "PENDING", "RUNNING", "TIMEOUT"];
  const changes = states.map((state, i) => block(state, 10 * i));
  const polls = changes.flatMap((row, i) => [row, block(states[i], 10 * i + 3)]);
  const expected = states.map((status, i) => ({ status, time: T0 + 10_000 * i }));
  assert.deepStrictEqual(only(...polls).changes, expected);
  for (let seed = 1; seed <= 20; seed++) {
    const mixed = shuffled(changes, seeded(seed));
    assert.deepStrictEqual(only(...mixed).changes, expected, `seed ${seed}`);
    assert.deepStrictEqual(brief(only(...mixed)), [0, 10, 60, "TIMEOUT"]);
  }
});

Deno.test("blocks: a late row within a time of another status parts it", () => {
  const found = only(block("RUNNING", 5), block("RUNNING", 50), block("PENDING", 20));
  assert.deepStrictEqual(
    found.changes.map(({ status, time }) => [status, at(time)]),
    [["RUNNING", 5], ["PENDING", 20], ["RUNNING", 50]],
  );
});

Deno.test("blocks: rows without end in one file cost no more than their changes", () => {
  const run = folded({ blocks: [block("PENDING", 0)] });
  for (let poll = 0; poll < 1000; poll++) run.fold(rows({ blocks: [block("RUNNING", poll)] }));
  const before = run.bytes;
  for (let poll = 1000; poll < 3000; poll++) run.fold(rows({ blocks: [block("RUNNING", poll)] }));
  assert.equal(run.bytes, before);
});

Deno.test("blocks: as CSV each has its line, with every change", () => {
  const run = folded({
    blocks: [block("PENDING", 5), block("RUNNING", 6), block("FAILED", 7, { blockId: "=1" })],
    nodes: [node("m,1", 10), node("m2", 20, { active: false })],
  });
  const day = "2026-01-01 12:00:";
  assert.deepStrictEqual(blocksCsv(blocksOf(run)).split("\r\n"), [
    "executor,block_id,job_id,requested,started,ended,status,changes",
    `htex,0,1,${day}05.000,${day}06.000,,RUNNING,PENDING ${day}05.000; RUNNING ${day}06.000`,
    `htex,'=1,1,,,${day}07.000,FAILED,FAILED ${day}07.000`,
    "",
  ]);
  assert.deepStrictEqual(managersCsv(managersOf(run)).split("\r\n"), [
    "hostname,uid,block_id,workers,cores_of_host,memory_of_host_bytes,python,joined,left",
    `node1,"m,1",0,3,8,16000000000,3.12,${day}10.000,`,
    `node1,m2,0,3,8,16000000000,3.12,${day}20.000,${day}20.000`,
    "",
  ]);
});
