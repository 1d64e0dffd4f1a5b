/** The pages of a run: how long the server and a browser take for each. */
import { findChromium, launch } from "../../tests/support/chromium.ts";
import { firstPaint, type LongTasks, longTasks } from "../pages/paints.ts";
import type { ParslVisualize } from "../pages/parsl_visualize.ts";
import { type Measure, measure, request } from "../pages/requests.ts";
import type { RunFile } from "./file.ts";
import { summaryPath } from "./open.ts";

const REQUESTS = 10;
const THEIR_REQUESTS = 3;
/** parsl-visualize is asked for a page again unless it took longer, in ms. */
const PATIENCE_MS = 20_000;

/** A page by its name. */
export interface Page {
  name: string;
  /** Without the leading slash. */
  path: string;
  /** Whether parsl-visualize has it too, at the same path. */
  common: boolean;
  /** Whether its main thread is watched. */
  touched?: boolean;
}

/** What a page took. */
export interface PageResult {
  name: string;
  ours: Measure;
  theirs?: Measure;
  /** Milliseconds; null when nothing was painted, not there without Chromium. */
  paint?: number | null;
  longTasks?: LongTasks;
}

/** The pages that are measured. */
export function pagesOf({ run, tasks, app, word }: RunFile): Page[] {
  const base = summaryPath(run);
  return [
    { name: "workflows", path: "", common: true },
    { name: "summary", path: base, common: true, touched: true },
    { name: "tasks", path: `${base}task/`, common: true },
    { name: "tasks by run time", path: `${base}task/?sort=ran&order=desc`, common: false },
    { name: "tasks of a state", path: `${base}task/?state=exec_done`, common: false },
    { name: "tasks with a word", path: `${base}task/?q=${word}`, common: false },
    { name: "page 1000 of tasks", path: `${base}task/?page=1000`, common: false },
    { name: "tasks of an app", path: `${base}app/${app}`, common: true },
    { name: "a task", path: `${base}task/${tasks >> 1}`, common: true },
    { name: "DAG by apps", path: `${base}dag_group_by_apps`, common: true, touched: true },
    { name: "DAG by states", path: `${base}dag_group_by_states`, common: true, touched: true },
    { name: "timeline", path: `${base}timeline`, common: false, touched: true },
    { name: "resource usage", path: `${base}resource_usage`, common: true },
  ];
}

/** Measures all pages of a viewer that has read the whole run. */
export async function measurePages(
  origin: string,
  file: RunFile,
  cap: number,
): Promise<PageResult[]> {
  const results: PageResult[] = [];
  const pages = pagesOf(file);
  for (const { name, path } of pages) {
    const url = `${origin}${path}`;
    await request(url, cap); // warm
    results.push({ name, ours: await measure(() => request(url, cap), REQUESTS) });
  }
  const chromium = findChromium();
  if (chromium === null) return results;
  const browser = await launch(chromium);
  try {
    for (const [n, { path, touched }] of pages.entries()) {
      results[n].paint = await firstPaint(browser, origin, path, cap);
      if (touched) results[n].longTasks = await longTasks(browser, origin, path, cap);
    }
  } finally {
    await browser.close();
  }
  return results;
}

/**
 * Measures the pages that parsl-visualize has too, and puts them into the results; also, from the
 * start of its process to the answer, its summary.
 *
 * @param cap milliseconds for each page
 */
export async function measureTheirs(
  server: ParslVisualize,
  file: RunFile,
  results: PageResult[] | undefined,
  cap: number,
): Promise<Measure> {
  const start = performance.now();
  const answer = await server.request(summaryPath(file.run), cap);
  const opening = answer.time === null ? answer : { ...answer, time: performance.now() - start };
  for (const page of results === undefined ? [] : pagesOf(file)) {
    const result = results?.find(({ name }) => name === page.name);
    if (!page.common || !result) continue;
    // What did not come in time at first does not come later: the file is not cold.
    result.theirs = page.name === "summary" && answer.time === null
      ? answer
      : await measure(() => server.request(page.path, cap), THEIR_REQUESTS, PATIENCE_MS);
  }
  return opening;
}
