/** Imports a workflow trace into a new database. */
import { basename } from "node:path";
import { isTime } from "../parsl/readable.ts";
import { ImportError, naming } from "./import_error.ts";
import { type ImportLimits, importLimits } from "./limits.ts";
import { type Making, writeOutput } from "./output.ts";
import { readableChanges } from "./readable_changes.ts";
import { schedule } from "./schedule.ts";
import { secondsText } from "./sentences.ts";
import { CLOCKS_MS } from "./starts.ts";
import type { Trace } from "./trace.ts";
import { runLength, traceChanges } from "./wf_changes.ts";
import { parseTrace } from "./wf_format.ts";

/** What an import made. */
export interface Imported {
  runId: string;
  trace: Trace;
  /** Tasks whose start is the trace's; that of the others was computed. */
  known: number;
  /** Tasks whose start the trace tells, but which contradicts the rest of it. */
  refused: number;
  edges: number;
  /** Seconds from the beginning of the run to its end. */
  length: number;
  /** What is doubtful in the trace, or was left out, in sentences. */
  remarks: string[];
}

/** How far tasks may end after the makespan unremarked, as a part of it. */
const OVER = 1.01;

/**
 * Writes the run that a trace tells to a database; the same trace always gets the same run id.
 *
 * @param text the trace
 * @param path of the trace, for messages
 * @param output absolute path of the database to make
 * @param force replace a database that is there
 * @param begin called before anything is written; what it gives ends the work when it is aborted
 * @param limits how much may come of it
 * @throws {ImportError} when the trace tells no run, or the database cannot be written.
 */
export async function importTrace(
  text: string,
  path: string,
  output: string,
  force: boolean,
  begin?: Making["begin"],
  limits: ImportLimits = importLimits(),
): Promise<Imported> {
  const trace = parseTrace(text, path, limits);
  const times = naming(path, () => schedule(trace));
  const length = runLength(trace, times);
  if (!isTime(trace.began.naive)) {
    naming(path, () => {
      throw new ImportError("its run does not begin within the years 1 to 9999");
    });
  }
  if (!isTime(trace.began.naive + length)) {
    naming(path, () => {
      throw new ImportError("by its run times it ends after the year 9999");
    });
  }
  const runId = await runIdOf(text);
  const changes = traceChanges(trace, times, runId, basename(path));
  await writeOutput(output, readableChanges(changes, path), { force, begin });
  return {
    runId,
    trace,
    known: times.known,
    edges: trace.tasks.reduce((sum, task) => sum + task.parents.length, 0),
    refused: times.refused,
    length: length / 1000,
    remarks: [...trace.remarks, ...times.remarks, ...overrun(trace, times.end)],
  };
}

/** A sentence when tasks end later than the makespan says. */
function overrun(trace: Trace, end: number): string[] {
  if (trace.makespan === null || end <= trace.makespan * OVER * 1000 + CLOCKS_MS) return [];
  return [
    `The makespan in the trace, ${
      secondsText(trace.makespan * 1000)
    }, is less than its tasks take: ` +
    "the run ends with its last task.",
  ];
}

/** A UUID that follows from the trace's text. */
async function runIdOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  const hex = new Uint8Array(digest).toHex();
  const variant = "89ab"[parseInt(hex[16], 16) & 3];
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20, 32),
  ].join("-");
}
