// A redacted run has the figures of the run.

import assert from "node:assert/strict";
import { packRun } from "../../export/format/pack_run.ts";
import { openPacked } from "../../export/format/packed_database.ts";
import { redact, type TableSource } from "../../export/redact/redact.ts";
import { inflateSync } from "node:zlib";
import { parseTaskQuery } from "../../model/tasks/table.ts";
import { dagPageView } from "../../model/views/dag.ts";
import { resourcesView } from "../../model/views/resources.ts";
import { summaryView } from "../../model/views/summary.ts";
import { tasksView } from "../../model/views/tasks.ts";
import { APP_KEYS } from "../../model/figures/app_columns.ts";
import { APP_ORDER } from "../../model/views/summary.ts";
import { parseOrder } from "../../model/table/order.ts";
import { Catalog } from "../../live/runs/catalog.ts";
import type { TableBatch } from "../../store/database.ts";
import { openDatabase } from "../../store/open.ts";
import { climate } from "../support/fixtures.ts";

/** What the pages show of packed tables, as JSON. */
async function views(tables: AsyncIterable<TableBatch>, runId: string): Promise<string[]> {
  const { header, parts } = await packRun(tables, {}, () => {});
  const part = (name: string) => {
    const found = parts.find((candidate) => candidate.name === name);
    return Promise.resolve(new Uint8Array(inflateSync(found!.deflated)));
  };
  const now = Date.UTC(2026, 10, 24, 12);
  const database = openPacked(header, part, { name: "report", taken: now });
  const { run } = (await new Catalog([database]).run(runId))!;
  const params = new URLSearchParams();
  return [
    summaryView(run, now, parseOrder(params, APP_KEYS, APP_ORDER)),
    tasksView(run, now, parseTaskQuery(params, ""), null),
    dagPageView(run, now, "apps"),
    resourcesView(run, now),
  ].map((view) => JSON.stringify(view));
}

/** Texts of climate.db that redaction replaces, and what it makes of them. */
function expected(json: string): string {
  return json
    .replaceAll(/"\/scratch\/[^"]*"/g, '"/…"')
    // Causes are without numbers.
    .replaceAll(/("cause":"[^"]*')vm(?=')/g, "$1host-…")
    .replaceAll(/(?<=["'])vm(?=["'])/g, "host-1")
    .replaceAll(/(?<=["'])root(?=["'])/g, "user-1");
}

Deno.test("redaction: summary, tasks, DAG and resources show the same figures", async () => {
  const { path, remove } = await climate();
  const database = await openDatabase(path);
  try {
    for (const { runId } of await database.workflows()) {
      const tables: TableSource = () => database.tables(runId);
      const plain = await views(tables(), runId);
      const redacted = await views(redact(tables), runId);
      plain.forEach((json, i) =>
        assert.deepStrictEqual(redacted[i], expected(json), `view ${i} of ${runId}`)
      );
    }
  } finally {
    database.close();
    await remove();
  }
});
