import { dagColour } from "../../model/dag/view.ts";
import { dagNodes } from "../../model/dag/nodes.ts";
import { dagTurn } from "../../model/dag/run.ts";
import { APP_KEYS } from "../../model/figures/app_columns.ts";
import { failedOf, stateCounts } from "../../model/figures/figures.ts";
import { liveness } from "../../model/figures/liveness.ts";
import { runName } from "../../model/figures/run_name.ts";
import { pageParam } from "../../model/figures/pages.ts";
import type { WorkflowRow } from "../../model/run/rows.ts";
import { parseOrder } from "../../model/table/order.ts";
import { textWords } from "../../model/tasks/search_terms.ts";
import { parseTaskQuery } from "../../model/tasks/table.ts";
import { type DagPageView, dagPageView } from "../../model/views/dag.ts";
import type { RunHead } from "../../model/views/head.ts";
import { type ResourcesView, resourcesView } from "../../model/views/resources.ts";
import { APP_ORDER, type SummaryView, summaryView } from "../../model/views/summary.ts";
import { type TaskView, taskView } from "../../model/views/task.ts";
import { type Searched, type TasksView, tasksView } from "../../model/views/tasks.ts";
import type { TextWord } from "../../model/tasks/texts.ts";
import { LONG_TEXTS, NAMES, shortTexts, wholeName } from "../../model/figures/short_texts.ts";
import { type TimelineView, timelineView } from "../../model/timeline/view.ts";
import type { WorkflowLine } from "../../model/views/workflow_columns.ts";
import { type WorkflowsView, workflowsView } from "../../model/views/workflows.ts";
import type { Catalog, FollowedRun, Loading } from "../runs/catalog.ts";
import { inTime } from "../../store/in_time.ts";
import { type Address, addressKey, liveUrl, type RunAddress } from "./address.ts";
import { noSuchApp, noSuchRun, noSuchTask, NotYet, PageError } from "./page_error.ts";
import type { PageState } from "./page_state.ts";
import { ViewCache } from "./view_cache.ts";

/** A view of a run, with what every page of a run says. */
export interface RunView {
  head: RunHead;
}

/** The views of a run, by name. */
export interface RunViews {
  summary: SummaryView;
  tasks: TasksView;
  task: TaskView;
  dag: DagPageView;
  resources: ResourcesView;
  timeline: TimelineView;
}

/** What a page shows, how much of its run has been read, and where its updates come from. */
export interface Shown<View> {
  view: View;
  loading: Loading | null;
  /** Null when nothing can change any more. */
  live: string | null;
}

/** How long a page waits for a run to be read before it shows what there is, in ms. */
const PATIENCE_MS = 200;
/** How long a page waits for what it is about, where that has not been read yet, in ms. */
const LONG_PATIENCE_MS = 8_000;
/** How long after its recorded end a run may still get rows, in ms. */
const SETTLED_MS = 15_000;
/** Views that are kept until their run changes. */
const MOST_VIEWS = 200;

const caches = new WeakMap<Catalog, ViewCache>();

/** The views that were made of a catalog's runs. */
export function viewCache(catalog: Catalog): ViewCache {
  const known = caches.get(catalog) ?? new ViewCache(MOST_VIEWS);
  caches.set(catalog, known);
  return known;
}

type Makers = {
  [Name in keyof RunViews]: (
    followed: FollowedRun,
    now: number,
    at: RunAddress,
  ) => RunViews[Name] | Promise<RunViews[Name]>;
};

const MAKERS: Makers = {
  summary: ({ run }, now, at) => summaryView(run, now, parseOrder(at.params, APP_KEYS, APP_ORDER)),
  async tasks(followed, now, at) {
    const texts = await followed.texts.ask(wordsOf(at), PATIENCE_MS);
    const app = at.app === undefined ? null : wholeName(followed.run.apps.list, at.app);
    const view = tasksView(followed.run, now, parseTaskQuery(at.params, app), app, texts);
    if (!view) throw noSuchApp(at.run, app ?? "");
    return view;
  },
  async task(followed, now, at) {
    const id = /^-?\d{1,15}$/.test(at.task ?? "") ? Number(at.task) : NaN;
    const record = Number.isNaN(id) ? null : await followed.task(id);
    const page = pageParam(at.params, "tries") ?? undefined;
    const view = record && taskView(followed.run, now, id, record, page);
    if (!view) throw noSuchTask(at.run, at.task ?? "");
    return view;
  },
  dag({ run }, now, { params }) {
    return dagPageView(run, now, dagColour(params.get("colour")), dagNodes(params.get("nodes")));
  },
  resources({ run }, now, { params }) {
    const page = (name: string) => pageParam(params, name) ?? 1;
    const pages = { managers: page("managers"), blocks: page("blocks"), nodes: page("nodes") };
    return resourcesView(run, now, pages);
  },
  timeline: (followed, now) => timelineView(followed.run, now, isGrowing(followed)),
};

/** What a view depends on beside its run's version, as a text that differs whenever it may. */
const TURNS: Record<keyof RunViews, (followed: FollowedRun, at: RunAddress) => string> = {
  summary: () => "",
  tasks: ({ texts }, at) => ` ${texts.turn(wordsOf(at))}`,
  task: () => "",
  // The structure of a DAG may come later than the tasks that change it.
  dag: ({ run }) => ` ${dagTurn(run)}`,
  resources: () => "",
  timeline: () => "",
};

/** The words of a search that must be looked for in texts. */
function wordsOf({ params }: Address): TextWord[] {
  return textWords(parseTaskQuery(params).search);
}

/** Whether a view will show more although its run does not change: texts are being searched. */
export function isSearching(view: RunView & { searched?: Searched }): boolean {
  return view.searched?.texts != null;
}

/** Whether a run goes on, or is still being read. */
export function isGrowing({ run, loading }: FollowedRun): boolean {
  return run.workflow.completed === null || loading !== null;
}

/** Whether a name is that of a view of a run. */
export function isRunView(name: string): name is keyof RunViews {
  return Object.hasOwn(MAKERS, name);
}

/**
 * A view of a run as far as it has been read. It is made once for each version of the run: of the
 * clock only what the head says of silence depends, and when the DAG is condensed again.
 *
 * @param outdated whether a view made before the run's last news will do
 */
export async function runView<Name extends keyof RunViews>(
  catalog: Catalog,
  followed: FollowedRun,
  name: Name,
  at: RunAddress,
  outdated = false,
): Promise<RunViews[Name]> {
  const now = followed.hostNow();
  const make: Makers[Name] = MAKERS[name];
  const turn = TURNS[name](followed, at);
  const view = await viewCache(catalog).get(
    addressKey(name, at),
    followed.version + turn,
    async () => shortTexts(await make(followed, now, at), name === "task" ? LONG_TEXTS : NAMES),
    outdated,
  );
  const { head } = view;
  // Until the run has been read, Parsl's own count tells of failures that are not known yet.
  const counted = followed.loading ? followed.run.workflow.tasksFailed ?? 0 : 0;
  const failed = Math.max(head.failed + head.notRun, counted);
  const { key, problem } = followed;
  return {
    ...view,
    head: {
      ...head,
      ...liveness(head.completed, failed, followed.newest, now),
      ...key === head.runId ? {} : { runId: key, recordedId: head.runId },
      ...problem === null ? {} : { problem },
    },
  };
}

/**
 * A page of a run: after a moment with what has been read of it so far.
 *
 * @param patience ms to wait for what the page is about, a task or an app
 * @throws {NotYet} when it has not been read then
 * @throws {PageError} when there is no such thing
 */
export async function showRun<Name extends keyof RunViews>(
  state: PageState,
  name: Name,
  at: RunAddress,
  patience = LONG_PATIENCE_MS,
): Promise<Shown<RunViews[Name]>> {
  const followed = await state.catalog.run(at.run, PATIENCE_MS);
  if (!followed) throw noSuchRun(at.run, state);
  const { loading } = followed;
  let view: RunViews[Name];
  try {
    view = await runView(state.catalog, followed, name, at, loading !== null);
  } catch (error) {
    if (!(error instanceof PageError) || loading === null) throw error;
    // What the page is about may not have been read yet. A report has nothing else to do.
    const read = await inTime(
      followed.refresh().then(() => true),
      state.report ? Infinity : patience,
    );
    if (!read) throw new NotYet(loading.total > 0 ? loading.done / loading.total : 0);
    return await showRun(state, name, at);
  }
  const { completed } = view.head;
  const settled = followed.database.taken !== null ||
    completed !== null && followed.hostNow() - completed > SETTLED_MS;
  const { problem } = followed;
  const unfinished = loading !== null || isSearching(view);
  if (unfinished) state.refresh = 1;
  else if (problem !== null) state.refresh = 5;
  return { view, loading, live: settled && !unfinished && !problem ? null : liveUrl(name, at) };
}

/** Every workflow of the open databases, the newest first. */
export async function loadWorkflowLines(catalog: Catalog): Promise<WorkflowLine[]> {
  return (await catalog.workflows()).map(({ key, workflow: w, database, glance, now }) => {
    const glanced = Math.max(glance?.newest ?? w.completed ?? w.began ?? 0, w.began ?? 0);
    const read = readStates(catalog.runs.peek(key), database, w, glanced);
    // A run that was read knows of samples and of what workers said last.
    const newest = w.completed === null ? Math.max(glanced, read?.newest ?? 0) : glanced;
    const failed = read?.failed ?? w.tasksFailed;
    return {
      ...key === w.runId ? {} : { key },
      runId: w.runId,
      name: runName(w),
      version: w.version,
      user: w.user,
      host: w.host,
      began: w.began,
      completed: w.completed,
      duration: w.began === null || newest < w.began ? null : newest - w.began,
      tasksCompleted: w.tasksCompleted,
      tasksFailed: failed,
      tasksNotRun: read?.notRun ?? null,
      tasks: glance?.tasks ?? null,
      database,
      ...liveness(w.completed, (failed ?? 0) + (read?.notRun ?? 0), newest, now),
    };
  });
}

/** What the states of the tasks tell of a run that is in memory as its database has it, else null. */
function readStates(
  followed: FollowedRun | undefined,
  database: string,
  workflow: WorkflowRow,
  newest: number,
): { failed: number; notRun: number; newest: number } | null {
  if (!followed || followed.loading || followed.database.name !== database) return null;
  const isNewest = workflow.completed === null
    ? followed.newest >= newest
    : followed.run.workflow.completed === workflow.completed;
  return isNewest ? { ...failedOf(stateCounts(followed.run)), newest: followed.newest } : null;
}

/** The list of workflows. */
export async function workflowsPage(catalog: Catalog, at: Address): Promise<WorkflowsView> {
  const databases = catalog.databases.map((d) => d.name);
  const lines = await loadWorkflowLines(catalog);
  const problems = catalog.problems.map(({ why }) => why);
  return shortTexts(workflowsView(lines, databases, at.params, undefined, problems));
}
