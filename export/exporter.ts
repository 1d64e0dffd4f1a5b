import { late } from "../installation/lazy.ts";
import type { ReportTheme } from "../looks/report_theme.ts";
import type { MonitoringDatabase } from "../store/database.ts";

/** How a report is to be. */
export interface ReportOptions {
  /** The workflow's name unless given. */
  title?: string;
  theme?: ReportTheme;
  /** Without host names, users, paths and arguments. */
  redact?: boolean;
  /** With what is left out for size otherwise. */
  full?: boolean;
}

/** What goes on around the making of a report. */
export interface Making {
  /** Ends the work. */
  signal: AbortSignal;
  /** Called with how much has been done, from 0 to 1. */
  progress?(share: number): void;
}

/** Makes the report of a run, as pieces of one HTML file. */
export type Exporter = (
  database: MonitoringDatabase,
  runId: string,
  options: ReportOptions,
  making: Making,
) => Promise<AsyncIterable<Uint8Array>>;

let last: Promise<unknown> = Promise.resolve();

/**
 * Makes reports one after the other: each takes memory in proportion to its run. The next begins
 * when the one before it has been made, whether it was taken or not.
 */
export const exporter: Exporter = async (database, runId, options, { signal, progress }) => {
  const before = last;
  const { promise, resolve } = Promise.withResolvers<void>();
  last = promise;
  try {
    await before;
    signal.throwIfAborted();
    const { exportRun } = await late("export/make/export_run");
    return await exportRun(database, runId, options, (share: number) => {
      signal.throwIfAborted();
      progress?.(share);
    });
  } finally {
    resolve();
  }
};
