/** Imports a report of Parsloscope into a new database. */
import type { ReportHeader } from "../export/header.ts";
import { copyTables } from "../store/copy_tables.ts";
import type { TableBatch } from "../store/database.ts";
import { type ImportLimits, importLimits } from "./limits.ts";
import { makeOutput, type Making } from "./output.ts";
import { readReport } from "./report.ts";

/** What an import of a report made. */
export interface ImportedReport {
  header: ReportHeader;
  /** Rows by table. */
  rows: Map<string, number>;
}

/**
 * Writes the rows of the run that a report holds to a database, as they were in the one that the
 * report was made of.
 *
 * @param text of the report's file
 * @param path of that file, for messages
 * @param output absolute path of the database to make
 * @param force replace a database that is there
 * @param progress called with how much has been done, from 0 to 1
 * @param begin called before anything is written; what it gives ends the work when it is aborted
 * @param limits how much may come of it
 * @throws {ImportError} when it is no whole report, or the database cannot be written.
 */
export async function importReport(
  text: string,
  path: string,
  output: string,
  force: boolean,
  progress: (share: number) => void = () => {},
  begin?: Making["begin"],
  limits: ImportLimits = importLimits(),
): Promise<ImportedReport> {
  const { header, tables } = await readReport(text, path, limits);
  const rows = await makeOutput(
    output,
    { force, begin },
    (making, signal) => copyTables(making, telling(tables(), progress, signal)),
  );
  return { header, rows };
}

async function* telling(
  tables: AsyncIterable<TableBatch>,
  progress: (share: number) => void,
  signal?: AbortSignal,
): AsyncIterable<TableBatch> {
  for await (const batch of tables) {
    signal?.throwIfAborted();
    yield batch;
    if (batch.done !== undefined && batch.total) progress(batch.done / batch.total);
  }
}
