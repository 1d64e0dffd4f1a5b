import { HttpError } from "fresh";
import type { State } from "../../state.ts";
import { dagColour } from "../../model/dag.ts";
import { dagNodes } from "../../model/dag_nodes.ts";
import { dagTurn } from "../../model/dag_run.ts";
import { liveness } from "../../model/liveness.ts";
import { parseOrder } from "../../model/sort.ts";
import { parseTaskQuery } from "../../model/task_table.ts";
import {
  APP_KEYS,
  APP_ORDER,
  type DagPageView,
  dagPageView,
  type ResourcesView,
  resourcesView,
  type RunHead,
  type SummaryView,
  summaryView,
  type TasksView,
  tasksView,
  type TaskView,
  taskView,
} from "../../model/views.ts";
import { type TimelineView, timelineView } from "../../model/timeline_view.ts";
import {
  type WorkflowLine,
  type WorkflowsView,
  workflowsView,
} from "../../model/workflows_view.ts";
import type { Catalog, FollowedRun, Loading } from "../../store/catalog.ts";
import { type Address, addressKey, liveUrl } from "./address.ts";
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
const PATIENCE = 200;
/** How long after its recorded end a run may still get rows, in ms. */
const SETTLED = 15_000;
/** Views that are kept until their run changes. */
const MOST_VIEWS = 200;

const caches = new WeakMap<Catalog, ViewCache>();

/** The views that were made of a catalog's runs. */
export function viewCache(catalog: Catalog): ViewCache {
  const known = caches.get(catalog) ?? new ViewCache(MOST_VIEWS);
  caches.set(catalog, known);
  return known;
}

/** Decodes a path parameter; a name that is no valid encoding stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

type Makers = {
  [Name in keyof RunViews]: (
    followed: FollowedRun,
    now: number,
    at: Address,
  ) => RunViews[Name] | Promise<RunViews[Name]>;
};

const MAKERS: Makers = {
  summary: ({ run }, now, at) => summaryView(run, now, parseOrder(at.params, APP_KEYS, APP_ORDER)),
  tasks({ run }, now, at) {
    let app: string | null = at.app ?? null;
    if (app !== null && run.apps.find(app) === undefined) app = decoded(app);
    const view = tasksView(run, now, parseTaskQuery(at.params, app ?? ""), app);
    if (!view) throw new HttpError(404, `This workflow has no app named ${app}.`);
    return view;
  },
  async task(followed, now, at) {
    const id = /^\d+$/.test(at.task ?? "") ? Number(at.task) : -1;
    const record = id < 0 ? null : await followed.task(id);
    const view = record && taskView(followed.run, now, id, record);
    if (!view) throw new HttpError(404, `This workflow has no task ${at.task}.`);
    return view;
  },
  dag({ run }, now, { params }) {
    return dagPageView(run, now, dagColour(params.get("colour")), dagNodes(params.get("nodes")));
  },
  resources: ({ run }, now) => resourcesView(run, now),
  timeline: (followed, now) => timelineView(followed.run, now, isGrowing(followed)),
};

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
  at: Address,
  outdated = false,
): Promise<RunViews[Name]> {
  const now = followed.hostNow();
  const make: Makers[Name] = MAKERS[name];
  // The structure of a DAG may come later than the tasks that change it.
  const turn = name === "dag" ? ` ${dagTurn(followed.run)}` : "";
  const view = await viewCache(catalog).get(
    addressKey(name, at),
    followed.version + turn,
    () => make(followed, now, at),
    outdated,
  );
  const { head } = view;
  const live = liveness(head.completed, head.failed, followed.newest, now);
  return { ...view, head: { ...head, ...live } };
}

/** The error of an address whose run no open database has. */
export function noSuchRun(runId: string | undefined): HttpError {
  return new HttpError(404, `No workflow ${runId ?? ""} in the databases that are open.`);
}

/** A page of a run: after a moment with what has been read of it so far. */
export async function showRun<Name extends keyof RunViews>(
  state: State,
  name: Name,
  at: Address & { run: string },
): Promise<Shown<RunViews[Name]>> {
  const followed = await state.catalog.run(at.run, PATIENCE);
  if (!followed) throw noSuchRun(at.run);
  const { loading } = followed;
  let view: RunViews[Name];
  try {
    view = await runView(state.catalog, followed, name, at, loading !== null);
  } catch (error) {
    if (!(error instanceof HttpError) || loading === null) throw error;
    // What the page is about may not have been read yet.
    await followed.refresh();
    return await showRun(state, name, at);
  }
  const { completed } = view.head;
  const settled = followed.database.taken !== null ||
    completed !== null && followed.hostNow() - completed > SETTLED;
  if (loading) state.refresh = 1;
  return { view, loading, live: settled && !loading ? null : liveUrl(name, at) };
}

/** Every workflow of the open databases, the newest first. */
export async function loadWorkflowLines(catalog: Catalog): Promise<WorkflowLine[]> {
  return (await catalog.workflows()).map(({ workflow: w, database, glance, now }) => {
    const newest = Math.max(glance?.newest ?? w.completed ?? w.began ?? 0, w.began ?? 0);
    const failed = w.tasksFailed ?? 0;
    return {
      runId: w.runId,
      name: w.name ?? w.runId.slice(0, 8),
      version: w.version,
      user: w.user,
      host: w.host,
      began: w.began,
      completed: w.completed,
      duration: w.began === null ? null : newest - w.began,
      tasksCompleted: w.tasksCompleted,
      tasksFailed: failed,
      tasks: glance?.tasks ?? null,
      database,
      ...liveness(w.completed, failed, newest, now),
    };
  });
}

/** The list of workflows. */
export async function workflowsPage(catalog: Catalog, at: Address): Promise<WorkflowsView> {
  const databases = catalog.databases.map((d) => d.name);
  return workflowsView(await loadWorkflowLines(catalog), databases, at.params);
}
