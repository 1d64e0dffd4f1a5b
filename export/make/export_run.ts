/** Makes the report of a run. */
import { inflate } from "node:zlib";
import type { DagLayouts } from "../../picture/dag/layout/layouts.ts";
import { runPath } from "../../components/run_header.tsx";
import type { WorkflowRow } from "../../model/run/rows.ts";
import { runName } from "../../model/figures/run_name.ts";
import type { MonitoringDatabase, TableBatch } from "../../store/database.ts";
import { hostNow } from "../../live/runs/host_clock.ts";
import { absolute } from "../address.ts";
import { ExportError } from "../export_error.ts";
import type { Packed } from "../format/header.ts";
import { packRun } from "../format/pack_run.ts";
import { openPacked } from "../format/packed_database.ts";
import { generator } from "./generator.ts";
import type { ReportHeader } from "../header.ts";
import { reportHtml } from "./html.ts";
import { startLayouts } from "../paper/layouts.ts";
import { paper } from "../paper/paper.tsx";
import { redact } from "../redact/redact.ts";
import { reportApp, type ReportCode } from "../app/report_app.ts";
import type { ReportAssets } from "./carried.ts";
import type { ReportOptions } from "../../state.ts";

/** The share of the work that is packing; the rest is reading it again and drawing. */
const PACKING = 0.8;

/** What reports are made with. */
export interface ReportParts {
  assets(): Promise<ReportAssets>;
  code(): Promise<ReportCode>;
  /** The script of elkjs's worker. */
  elk: Uint8Array<ArrayBuffer>;
}

/**
 * Makes the report of a run, as pieces of one HTML file. The run is read and packed when the promise
 * resolves, and its first page rendered from what was packed: the file is tried as it is made.
 *
 * @param progress called with how much has been done, from 0 to 1; what it throws ends the work
 * @throws {ExportError} when the database has no such run
 */
export async function exportRun(
  database: MonitoringDatabase,
  runId: string,
  options: ReportOptions,
  parts: ReportParts,
  progress: (share: number) => void = () => {},
): Promise<AsyncIterable<Uint8Array>> {
  const workflow = (await database.workflows()).find((known) => known.runId === runId);
  if (!workflow) throw new ExportError(`${database.name} has no workflow ${runId}.`);
  const layouts = startLayouts(parts.elk);
  try {
    return await makeReport(database, workflow, layouts, options, parts, progress);
  } finally {
    layouts.end();
  }
}

async function makeReport(
  database: MonitoringDatabase,
  workflow: WorkflowRow,
  layouts: DagLayouts,
  options: ReportOptions,
  parts: ReportParts,
  progress: (share: number) => void,
): Promise<AsyncIterable<Uint8Array>> {
  const { runId } = workflow;
  const [packed, assets, code] = await Promise.all([
    pack(database, runId, options, (share) => progress(PACKING * share)),
    parts.assets(),
    parts.code(),
  ]);
  const name = runName(workflow);
  const header: ReportHeader = {
    format: "parsloscope-report",
    version: 1,
    generator: generator(),
    made: new Date().toISOString(),
    title: options.title ?? name,
    run: { id: runId, name },
    taken: database.taken ?? hostNow(
      packed.header.newest ?? workflow.completed ?? workflow.began ?? 0,
      await database.lastWritten(),
    ),
    redacted: options.redact ?? false,
    data: packed.header,
  };
  const { handler, catalog } = reportApp(code, header, reopened(packed, header));
  const followed = await catalog.run(runId);
  if (!followed) throw new Error(`What was packed of ${runId} cannot be opened.`);
  progress(0.5 + PACKING / 2);
  const { html, layout } = await paper(followed.run, {
    now: followed.hostNow(),
    title: options.title,
    made: `${header.generator}, ${header.made.slice(0, 16).replace("T", " ")} UTC`,
    css: assets.css,
    layouts,
  });
  const page = await handler(new Request(absolute(`${runPath(runId)}/`)));
  if (!page.ok) throw new Error(`The first page of the report: ${await page.text()}`);
  progress(1);
  return reportHtml({
    header,
    page: await page.text(),
    paper: html,
    layout,
    assets,
    data: packed.parts,
    theme: options.theme,
  });
}

function pack(
  database: MonitoringDatabase,
  runId: string,
  { redact: redacted, full }: ReportOptions,
  progress: (share: number) => void,
): Promise<Packed> {
  const tables = (only?: readonly string[]) => chosen(database.tables(runId), only);
  return packRun(
    redacted ? redact(tables) : tables(),
    { full },
    (done, total) => progress(total > 0 ? done / total : 0),
  );
}

async function* chosen(
  tables: AsyncIterable<TableBatch>,
  only?: readonly string[],
): AsyncIterable<TableBatch> {
  for await (const batch of tables) if (!only || only.includes(batch.table)) yield batch;
}

function reopened({ header, parts }: Packed, { title, taken, redacted }: ReportHeader) {
  const byName = new Map(parts.map(({ name, deflated }) => [name, deflated]));
  const part = (name: string) => {
    const deflated = byName.get(name);
    if (!deflated) throw new Error(`The packed run lacks its part ${name}.`);
    return new Promise<Uint8Array>((resolve, reject) =>
      inflate(deflated, (error, bytes) => error ? reject(error) : resolve(new Uint8Array(bytes)))
    );
  };
  return openPacked(header, part, { name: title, taken, redacted });
}
