import { HttpError } from "fresh";
import { percent } from "../../looks/format.ts";
import { runPath } from "../../components/run_header.tsx";
import type { Lead } from "../../components/trouble_page.tsx";
import type { PageState } from "./page_state.ts";

/** What the user can put right: a sentence that says what to do, and links that lead on. */
export class PageError extends HttpError {
  readonly leads: readonly Lead[];

  constructor(status: 400 | 404 | 503, sentence: string, leads: readonly Lead[] = []) {
    super(status, sentence);
    this.leads = leads;
  }
}

/** What a page is about has not been read yet: its run is being read. */
export class NotYet extends Error {
  override name = "NotYet";

  /** @param part how much of the run has been read, from 0 to 1 */
  constructor(part: number) {
    super(
      `This workflow is being read, ${
        percent(part)
      } of it so far, and what this page is about has ` +
        "not come yet. The page opens by itself as soon as it has.",
    );
  }
}

/** The way to where all is that can be seen. */
export function homeLead({ report, catalog }: PageState): Lead[] {
  if (report) return [{ href: "/", label: "The run's summary" }];
  // A hub alone has no workflows to show.
  if ((catalog?.databases.length ?? 0) === 0) return [{ href: "/hub", label: "The hub" }];
  return [{ href: "/", label: "All workflows of the open databases" }];
}

/** The ways to what a run has. */
export function runLeads(run: string): Lead[] {
  const path = runPath(run);
  return [
    { href: `${path}/`, label: "The workflow's summary" },
    { href: `${path}/#apps`, label: "Its apps" },
    { href: `${path}/task/`, label: "Its tasks, to search and sort" },
  ];
}

/** The error of an address whose run no open database has. */
export function noSuchRun(run: string, { catalog, report }: Pick<PageState, "catalog" | "report">) {
  const why = catalog.problems.map((problem) => problem.why);
  const where = report
    ? "This report holds another workflow than"
    : why.length > 0
    ? "None of the databases that can be read has the workflow"
    : "None of the open databases has the workflow";
  const rest = report
    ? "Go to the one that it holds."
    : why.length > 0
    ? `It may be in one that cannot: ${why.join(" ")}`
    : "Look for it in the list, or open its database.";
  return new PageError(404, `${where} ${run === "" ? "without an id" : run}. ${rest}`);
}

/** The error of an address of an app that a run has not. */
export function noSuchApp(run: string, app: string): PageError {
  return new PageError(
    404,
    `No task of this workflow is of the app ${app === "" ? "without a name" : app}. ` +
      "Choose one of its apps, or search its tasks.",
    runLeads(run),
  );
}

/** The error of an address of a task that a run has not. */
export function noSuchTask(run: string, task: string): PageError {
  const sentence = /^-?\d+$/.test(task)
    ? `This workflow has no task ${task}. Choose one of its tasks, or search them.`
    : `${task} is no task's id: ids are whole numbers. Search the workflow's tasks for it.`;
  const search = `${runPath(run)}/task/?${new URLSearchParams({ q: task })}`;
  const found = { href: search, label: `Its tasks in which ${task} occurs` };
  return new PageError(404, sentence, [...runLeads(run), found]);
}

/** The error of an address at which there is no page. */
export async function noSuchPage(url: URL, run: string, state: PageState): Promise<PageError> {
  const sentence = `There is no page at ${url.pathname}. Check the address, or go on from here.`;
  const known = run !== "" && await state.catalog?.find(run).catch(() => null);
  return new PageError(404, sentence, known ? runLeads(run) : []);
}
