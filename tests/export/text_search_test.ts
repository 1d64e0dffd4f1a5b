// Words in the texts of tasks, and lines of tries, as a report has them.

import assert from "node:assert/strict";
import { packRun } from "../../export/format/pack_run.ts";
import type { PackedDatabase } from "../../export/format/packed_database.ts";
import { redact } from "../../export/redact/redact.ts";
import { parseTaskQuery } from "../../model/tasks/table.ts";
import { textWords } from "../../model/tasks/search_terms.ts";
import { tasksView } from "../../model/views/tasks.ts";
import { triesCsvStream } from "../../routes/(_lib)/task_csv.ts";
import { Catalog } from "../../live/runs/catalog.ts";
import { type MonitoringDatabase, START } from "../../store/database.ts";
import { openDatabase } from "../../store/open.ts";
import { CLIMATE, readAll } from "../store/helpers.ts";
import { CLIMATE_RUN } from "../support/fixtures.ts";
import { open, packed } from "./format_support.ts";

const WORDS = ["bf.err", "wc", "2026", "in-0.txt", "ValueError", "é☃", "É☃", "%", "host-1", "vm"];

async function foundIn(database: MonitoringDatabase, runId: string): Promise<number[][]> {
  const { watermark } = await readAll(database, runId);
  const all: number[][] = [];
  for (const text of WORDS) {
    for (const field of ["file", "stdout", "stderr", "error"] as const) {
      const found = new Set<number>();
      let last = null;
      const word = { field, text: text.toLowerCase() };
      for await (const slice of database.searchTexts(runId, word, START, watermark)) {
        for (const id of slice.found) found.add(id);
        last = slice;
      }
      assert.deepStrictEqual(last?.watermark, watermark);
      all.push([...found].sort((a, b) => a - b));
    }
  }
  return all;
}

async function triesCsv(database: MonitoringDatabase, runId: string, q = ""): Promise<string> {
  const followed = (await new Catalog([database]).run(runId))!;
  const params = new URLSearchParams({ q });
  const texts = await followed.texts.complete(textWords(q));
  return await new Response(triesCsvStream({ followed, params, texts })).text();
}

Deno.test("report: texts are searched and tries listed as in the database", async () => {
  const database = await openDatabase(CLIMATE);
  for (const { runId } of await database.workflows()) {
    const report = open(await packed(database, runId));
    assert.deepStrictEqual(await foundIn(report, runId), await foundIn(database, runId));
    for (const q of ["", "ValueError", "app:wc"]) {
      assert.equal(await triesCsv(report, runId, q), await triesCsv(database, runId, q), q);
    }
  }
  database.close();
});

async function redacted(): Promise<PackedDatabase> {
  const database = await openDatabase(CLIMATE);
  const made = await packRun(redact(() => database.tables(CLIMATE_RUN)), {});
  database.close();
  return open(made, [], true);
}

Deno.test("report: what redaction took out cannot be searched, and that is said", async () => {
  const report = await redacted();
  const followed = (await new Catalog([report]).run(CLIMATE_RUN))!;
  const view = async (q: string) => {
    const texts = await followed.texts.complete(textWords(q));
    const query = parseTaskQuery(new URLSearchParams({ q }));
    return tasksView(followed.run, 0, query, null, texts)!;
  };
  for (
    const q of ["bf.err", "file:bf.err", "stderr:task_0012_wc.stderr", "in-0.txt", "vm", "root"]
  ) {
    const { total, searched } = await view(q);
    assert.equal(total, 0, q);
    assert.match(searched.notes[0], /left out/, q);
  }
  const errors = await view("error:ValueError");
  assert.equal(errors.total, 5);
  assert.deepStrictEqual(errors.searched.notes, []);
  assert.deepStrictEqual((await view("app:wc")).searched.notes, []);
});

Deno.test("report: no line of a redacted report's tries tells where and by whom it was run", async () => {
  const csv = await triesCsv(await redacted(), CLIMATE_RUN);
  assert.ok(csv.includes("host-1") && csv.includes("ValueError"));
  for (const secret of ["vm", "root", "scratch", "wc.stderr", "bf.err", "19932"]) {
    assert.ok(!new RegExp(`\\b${secret}\\b`).test(csv), secret);
  }
});
