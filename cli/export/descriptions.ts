/** What is said of reports on the terminal. */
import { bytes, duration, naiveTime } from "../../looks/format.ts";
import { liveness } from "../../model/figures/liveness.ts";
import type { CatalogEntry } from "../../live/runs/catalog.ts";

/** How a run stands. */
export function standingText({ workflow, glance, now }: CatalogEntry) {
  const { completed, began, tasksFailed } = workflow;
  const newest = Math.max(glance?.newest ?? completed ?? began ?? 0, began ?? 0);
  return { newest, ...liveness(completed, tasksFailed ?? 0, newest, now) };
}

/** A warning that a report shows a run without an end; null for one that ended. */
export function warning(entry: CatalogEntry): string | null {
  const { status, newest } = standingText(entry);
  const { name, runId } = entry.workflow;
  const run = name ?? runId;
  if (status === "running") {
    return `${run} is still running; the report shows it as of ${naiveTime(newest)}.`;
  }
  if (status === "lost") {
    return `${run} has no end; it was last heard of at ${naiveTime(newest)}.`;
  }
  return null;
}

/** The line that ends an export: file, size, time. */
export function written(path: string, size: number, milliseconds: number): string {
  return `${path}: ${bytes(size)}, written in ${duration(milliseconds)}`;
}
