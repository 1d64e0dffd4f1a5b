// What workers told of themselves goes into reports, comes out of them again, and is redacted.

import assert from "node:assert/strict";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import { packRun } from "../../export/format/pack_run.ts";
import { openPacked } from "../../export/format/packed_database.ts";
import { redact } from "../../export/redact/redact.ts";
import { importReport } from "../../import/import_report.ts";
import { makeReport } from "../../installation/make_report.ts";
import { Catalog } from "../../live/runs/catalog.ts";
import { parseTaskQuery } from "../../model/tasks/table.ts";
import { triesCsv } from "../../model/tasks/try_table.ts";
import { resourcesView } from "../../model/views/resources.ts";
import { taskView } from "../../model/views/task.ts";
import { tasksView } from "../../model/views/tasks.ts";
import type { MonitoringDatabase, TableBatch } from "../../store/database.ts";
import { openDatabase } from "../../store/open.ts";
import { withDirectory } from "../store/helpers.ts";
import { RUN } from "../support/own_messages.ts";
import { HOSTS, writeOwnRun } from "../support/own_run.ts";

const NOW = Date.UTC(2026, 11, 1);

/** What pages and downloads say of the run. */
async function shown(database: MonitoringDatabase): Promise<unknown[]> {
  const { run } = (await new Catalog([database]).run(RUN))!;
  const ids = [3, 8, 13];
  const records = await Promise.all(ids.map((id) => database.task(RUN, id)));
  const details = await database.details(RUN, ids, [0]);
  return [
    resourcesView(run, NOW),
    tasksView(run, NOW, parseTaskQuery(new URLSearchParams(), ""), null),
    ...ids.map((id, i) => taskView(run, NOW, id, records[i]!)),
    triesCsv(run, ids.map((id) => run.indexOf(id)!), details),
  ];
}

async function packed(tables: AsyncIterable<TableBatch>): Promise<MonitoringDatabase> {
  const { header, parts } = await packRun(tables, {}, () => {});
  const part = (name: string) => {
    const { deflated } = parts.find((candidate) => candidate.name === name)!;
    return Promise.resolve(new Uint8Array(inflateSync(deflated)));
  };
  return openPacked(header, part, { name: "report", taken: NOW });
}

Deno.test("own rows: a report shows what the database shows, and becomes it again", () =>
  withDirectory(async (directory) => {
    const path = join(directory, "monitoring.db");
    await writeOwnRun(path);
    const database = await openDatabase(path);
    const expected = await shown(database);
    assert.match(JSON.stringify(expected), /"exact":true/);
    assert.deepStrictEqual(await shown(await packed(database.tables(RUN))), expected);
    const decoder = new TextDecoder();
    let html = "";
    for await (const piece of await makeReport(database, RUN, { full: true }, () => {})) {
      html += decoder.decode(piece, { stream: true });
    }
    database.close();
    const again = join(directory, "again.db");
    await importReport(html, "report.html", again, false);
    const imported = await openDatabase(again);
    assert.deepStrictEqual(await shown(imported), expected);
    imported.close();
  }));

Deno.test("own rows: a redacted run has their figures, and no host, user, path and name in them", () =>
  withDirectory(async (directory) => {
    const path = join(directory, "monitoring.db");
    await writeOwnRun(path);
    const database = await openDatabase(path);
    const redacted = await shown(await packed(redact(() => database.tables(RUN))));
    const text = JSON.stringify(redacted);
    for (
      const secret of [...HOSTS, "c1.", "cluster.example", "ada", "/home", "/scratch", "in.csv"]
    ) {
      assert.ok(!text.includes(secret), secret);
    }
    const plain = JSON.stringify(await shown(database));
    const figures = (json: string) => json.match(/"(?:value|busy|used|cut)":[^"}]*/g);
    assert.deepStrictEqual(figures(text), figures(plain));
    assert.match(text, /ValueError: no column 'tas' in/);
    database.close();
  }));
