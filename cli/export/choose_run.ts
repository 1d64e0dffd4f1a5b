import type { CatalogEntry } from "../../live/runs/catalog.ts";
import { ExportError } from "../../export/export_error.ts";

/** Runs that an error lists at most. */
const MOST_LISTED = 20;

/** What the user said of the run to export. */
export interface Wish {
  /** An id, the beginning of one, or a workflow's name. */
  run?: string;
  latest: boolean;
}

/** The run to export, and what is to be said of how it was found. */
export interface Choice {
  entry: CatalogEntry;
  note: string | null;
}

/**
 * The run that the user means.
 *
 * @param entries the runs of the database, the newest first
 * @param database what the user called the database
 * @throws {ExportError} with the runs that there are when none or several can be meant.
 */
export function chooseRun(
  entries: readonly CatalogEntry[],
  wish: Wish,
  database: string,
): Choice {
  if (entries.length === 0) {
    throw new ExportError(`${database} holds no workflow yet; there is nothing to export.`);
  }
  if (wish.latest) return { entry: entries[0], note: null };
  if (wish.run === undefined) {
    if (entries.length === 1) return { entry: entries[0], note: null };
    throw new ExportError(
      `${database} holds ${entries.length} workflows; say which one by its id or its name, ` +
        "--latest for the first of these, or --all -o FOLDER:",
      listed(entries),
    );
  }
  return named(entries, wish.run, database);
}

function named(entries: readonly CatalogEntry[], run: string, database: string): Choice {
  const exact = entries.find(({ workflow }) => workflow.runId === run);
  if (exact) return { entry: exact, note: null };
  const same = entries.filter(({ workflow }) => workflow.name === run);
  if (same.length > 0) {
    const [entry] = same;
    const note = same.length === 1
      ? null
      : `${same.length} workflows are named ${run}; this is the newest, ${entry.workflow.runId}.`;
    return { entry, note };
  }
  const begun = run === ""
    ? []
    : entries.filter(({ workflow: { runId } }) =>
      [run, run.toLowerCase()].some((begin) => runId.startsWith(begin))
    );
  if (begun.length === 1) return { entry: begun[0], note: null };
  if (begun.length > 1) {
    throw new ExportError(
      `The ids of ${begun.length} workflows of ${database} begin with ${run}; ` +
        "give more of it:",
      listed(begun),
    );
  }
  throw new ExportError(
    `No workflow of ${database} has the id or the name "${run}"; it holds:`,
    listed(entries),
  );
}

/** Runs as lines of id, start and name. */
function listed(entries: readonly CatalogEntry[]): string[] {
  const lines = entries.slice(0, MOST_LISTED).map(({ workflow: { runId, began, name } }) => {
    const start = began === null
      ? "unknown start      "
      : new Date(began).toISOString().slice(0, 19).replace("T", " ");
    return `  ${runId}  ${start}  ${name ?? "(no name)"}`;
  });
  const more = entries.length - lines.length;
  if (more > 0) {
    const ones = more === 1 ? "one" : "ones";
    lines.push(`  and ${more} older ${ones}; parsloscope visualize lists them all`);
  }
  return lines;
}
