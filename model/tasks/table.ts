/** The table of tasks: what an address asks of it, and its CSV. */
import type { Run } from "../run/run.ts";
import { SORT_KEYS, taskLine, TASKS_CSV } from "./columns.ts";
import type { TaskQuery } from "./query.ts";
import { parseRelated } from "./related.ts";

export { taskLine } from "./columns.ts";
export { selectTasks, taskPage } from "./selection.ts";

/** Reads a table query from URL parameters; what makes no sense becomes the default. */
export function parseTaskQuery(params: URLSearchParams, app: string | null = null): TaskQuery {
  const sort = params.get("sort");
  return {
    sort: SORT_KEYS.find((key) => key === sort) ?? "id",
    descending: params.get("order") === "desc",
    search: (params.get("q") ?? "").trim(),
    state: params.get("state") ?? "",
    app: app ?? params.get("app"),
    related: parseRelated(params),
    ...params.get("cause") ? { cause: params.get("cause")! } : {},
    page: Math.max(1, Math.floor(Number(params.get("page"))) || 1),
    perPage: 50,
  };
}

/** The lines of a selection as CSV with a header, RFC 4180. */
export function tasksCsv(run: Run, tasks: ArrayLike<number>): string {
  return [...tasksCsvParts(run, tasks)].join("");
}

/** The same in parts of some 100 kB, none made before it is asked for. */
export function* tasksCsvParts(
  run: Run,
  tasks: ArrayLike<number>,
  linesPerPart = 1000,
): Generator<string> {
  let part = TASKS_CSV.header;
  for (let i = 0; i < tasks.length; i++) {
    part += TASKS_CSV.line(taskLine(run, tasks[i], Infinity));
    if ((i + 1) % linesPerPart === 0) {
      yield part;
      part = "";
    }
  }
  if (part !== "") yield part;
}
