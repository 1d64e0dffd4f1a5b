// Reports keep every block and every change of its status, whatever else they leave out.
import assert from "node:assert/strict";
import { makeReport } from "../../installation/make_report.ts";
import { importReport } from "../../import/import_report.ts";
import { claimOutput } from "../../import/output.ts";
import { blocksOf } from "../../model/figures/blocks.ts";
import type { Cell } from "../../parsl/cell.ts";
import { openDatabase } from "../../store/open.ts";
import { seeded } from "../model/synthetic.ts";
import { withDirectory } from "../store/helpers.ts";
import { caseDatabase } from "../support/case_db.ts";
import { folded, open, packed, tablesOf } from "./format_support.ts";

const BLOCKS = 40;
const POLLS = 300;

/** SQL of blocks whose row was repeated at every poll, at times that do not pack well. */
function polled(random: () => number): string {
  const values: string[] = [];
  for (let poll = 0; poll < POLLS; poll++) {
    for (let block = 0; block < BLOCKS; block++) {
      const seconds = poll * 5 + random() * 4;
      const time = new Date(Date.UTC(2021, 8, 7, 11) + 1000 * seconds).toISOString()
        .replace("T", " ").slice(0, 23) + String(Math.floor(random() * 1000)).padStart(3, "0");
      const state = poll === 0 || poll % 100 === 50
        ? "PENDING"
        : poll < 280
        ? "RUNNING"
        : "COMPLETED";
      values.push(`('run-cut','htex','${1200 + block}','j${block}','${time}','${state}')`);
    }
  }
  return `DELETE FROM block; INSERT INTO block (run_id, executor_label, block_id, job_id,
    timestamp, status) VALUES ${values.join(",")}`;
}

Deno.test("reports: rows that repeat a block's status are left out where they take much room", () =>
  withDirectory(async (directory) => {
    const path = caseDatabase("blocks-cut", `${directory}/polls.db`, polled(seeded(4)));
    const database = await openDatabase(path);
    const expected = blocksOf(await folded(database, "run-cut"));
    assert.equal(expected.length, BLOCKS);
    assert.equal(expected[0].changes.length, 9);
    const budget = 50_000;
    const made = await packed(database, "run-cut", { budget });
    assert.deepStrictEqual(made.header.left.map(({ what }) => what), ["block"]);
    const opened = open(made);
    assert.deepStrictEqual(blocksOf(await folded(opened, "run-cut")), expected);
    const { rows } = (await tablesOf(opened.tables("run-cut"))).get("block")!;
    assert.ok(rows.length <= 2 * 9 * BLOCKS, `${rows.length} rows`);
    for (const options of [{}, { full: true, budget }]) {
      const whole = await packed(database, "run-cut", options);
      assert.deepStrictEqual(whole.header.left, []);
      const tables = await tablesOf(open(whole).tables("run-cut"));
      assert.equal(tables.get("block")!.rows.length, BLOCKS * POLLS);
    }
    database.close();
  }));

Deno.test("reports: rows about blocks that came out of order are all kept", () =>
  withDirectory(async (directory) => {
    const late = `${polled(seeded(5))};
      UPDATE block SET timestamp = '2021-09-07 11:00:08.5' WHERE rowid =
        (SELECT max(rowid) FROM block WHERE status = 'RUNNING');`;
    const path = caseDatabase("blocks-cut", `${directory}/late.db`, late);
    const database = await openDatabase(path);
    const made = await packed(database, "run-cut", { without: ["block"] });
    const rows = (held: { rows: Cell[][] } | undefined) => held?.rows.length;
    const before = (await tablesOf(database.tables("run-cut"))).get("block");
    assert.deepStrictEqual(made.header.left, []);
    assert.equal(
      rows((await tablesOf(open(made).tables("run-cut"))).get("block")),
      rows(before),
    );
    database.close();
  }));

Deno.test("reports: a report becomes a database again with all blocks and their changes", () =>
  withDirectory(async (directory) => {
    const path = caseDatabase("blocks-cut", `${directory}/cut.db`);
    const database = await openDatabase(path);
    const { runId } = (await database.workflows())[0];
    const expected = blocksOf(await folded(database, runId));
    assert.equal(expected.reduce((sum, { changes }) => sum + changes.length, 0), 210);
    const decoder = new TextDecoder();
    let text = "";
    for await (const piece of await makeReport(database, runId, {}, () => {})) {
      text += decoder.decode(piece, { stream: true });
    }
    // Printed are the first 50, and how many more there are.
    const paper = text.slice(text.indexOf('id="paper-blocks"'), text.indexOf('id="paper-tasks"'));
    assert.equal(paper.match(/<tr/g)?.length, 51);
    assert.match(paper, /20 more blocks are in the interactive part/);
    const output = await claimOutput(`${directory}/out.db`, false);
    await importReport(text, "r.html", output, false);
    const again = await openDatabase(output);
    assert.deepStrictEqual(blocksOf(await folded(again, runId)), expected);
    again.close();
    database.close();
  }));
