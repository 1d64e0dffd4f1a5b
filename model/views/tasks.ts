/** The task table, of all tasks or of one app's. */
import { type AppFigures, appFigures, type Count } from "../figures/figures.ts";
import type { Run } from "../run/run.ts";
import type { TaskQuery } from "../tasks/query.ts";
import { parseSearch, searchNotes } from "../tasks/search_terms.ts";
import { type TaskLine, taskLine } from "../tasks/columns.ts";
import { taskPage } from "../tasks/selection.ts";
import { NO_TEXTS, type Texts } from "../tasks/texts.ts";
import { type RunHead, runHead } from "./head.ts";

/** A page of the task table, of all tasks or of one app's. */
export interface TasksView {
  head: RunHead;
  query: TaskQuery;
  total: number;
  pages: number;
  lines: TaskLine[];
  states: Count[];
  app: AppFigures | null;
  searched: Searched;
}

/** How a search was understood, and what it has not found yet or cannot find. */
export interface Searched {
  /** Why it was not understood, or its texts were not searched; null when all is well. */
  problem: string | null;
  /** Rows whose texts were searched and in all, while there are more to search; else null. */
  texts: { done: number; total: number } | null;
  /** Sentences on what was not searched. */
  notes: string[];
}

/**
 * The page of the task table that a query asks for; null when it names an app the run has not.
 *
 * @param texts what is known of the tasks' texts
 */
export function tasksView(
  run: Run,
  now: number,
  query: TaskQuery,
  onlyApp: string | null,
  texts: Texts = NO_TEXTS,
): TasksView | null {
  const app = onlyApp === null ? null : appFigures(run).find((a) => a.app === onlyApp) ?? null;
  if (onlyApp !== null && app === null) return null;
  const { total, page, pages, tasks } = taskPage(run, query, texts);
  const { problem } = parseSearch(query.search);
  const unsearched = texts.problem && `Texts could not be searched: ${texts.problem}`;
  const head = runHead(run, now);
  return {
    head,
    query: { ...query, page },
    total,
    pages,
    lines: tasks.map((task) => taskLine(run, task)),
    states: app ? app.states : head.states,
    app,
    searched: {
      problem: problem ?? unsearched,
      texts: texts.progress,
      notes: [...texts.lacks, ...searchNotes(query.search)],
    },
  };
}
