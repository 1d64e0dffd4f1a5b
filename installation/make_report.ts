/** The making of reports, with what it needs of the project's folder. */
import type { MakeReport } from "../export/exporter.ts";
import { exportRun, type ReportParts } from "../export/make/export_run.ts";
import { readAsset } from "./files.ts";
import { reportAssets, reportCode } from "./report.ts";

let elk: Promise<Uint8Array<ArrayBuffer>> | undefined;

/** What reports are made with. */
export async function reportParts(): Promise<ReportParts> {
  elk ??= readAsset("elk-worker.js");
  return { assets: reportAssets, code: reportCode, elk: await elk };
}

/** Makes the report of a run, as pieces of one HTML file. */
export const makeReport: MakeReport = async (database, runId, options, progress) =>
  await exportRun(database, runId, options, await reportParts(), progress);
