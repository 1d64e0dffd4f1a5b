import { HttpError } from "fresh";
import type { State } from "../../state.ts";
import { liveness, newestTime } from "../../model/liveness.ts";
import { countOf, stateCounts } from "../../model/figures.ts";
import { parseOrder } from "../../model/sort.ts";
import { parseTaskQuery } from "../../model/task_table.ts";
import {
  APP_KEYS,
  APP_ORDER,
  type DagPageView,
  dagPageView,
  type ResourcesView,
  resourcesView,
  type SummaryView,
  summaryView,
  type TasksView,
  tasksView,
  type TaskView,
  taskView,
} from "../../model/views.ts";
import {
  type WorkflowLine,
  type WorkflowsView,
  workflowsView,
} from "../../model/workflows_view.ts";
import type { FollowedRun } from "../../store/catalog.ts";

/** Which view of which thing a page or a live connection shows. */
export interface Address {
  run?: string;
  app?: string;
  task?: string;
  /** The page's own URL parameters. */
  params: URLSearchParams;
}

async function need(state: State, runId: string | undefined): Promise<FollowedRun> {
  const followed = runId ? await state.catalog.run(runId) : null;
  if (!followed) {
    throw new HttpError(404, `No workflow ${runId ?? ""} in the databases that are open.`);
  }
  return followed;
}

/** Decodes a path parameter; a name that is no valid encoding stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Every workflow of the open databases, the newest first. */
export async function loadWorkflowLines(state: State): Promise<WorkflowLine[]> {
  const entries = await state.catalog.workflows();
  const lines: WorkflowLine[] = [];
  for (const { workflow: w, database } of entries) {
    let failed = w.tasksFailed ?? 0;
    let completed = w.tasksCompleted ?? 0;
    let newest = w.completed ?? w.began ?? 0;
    let live = liveness(w.completed, failed, newest, newest);
    let total: number | null = null;
    if (w.completed === null) {
      const followed = await state.catalog.run(w.runId);
      if (followed) {
        const counts = stateCounts(followed.run);
        total = followed.run.tasks;
        // As Parsl counts them in the table of workflows: neither memoized nor dependency failures.
        failed = countOf(counts, "failed");
        completed = countOf(counts, "exec_done");
        newest = newestTime(followed.run);
        live = liveness(null, failed, newest, followed.hostNow());
      }
    }
    lines.push({
      runId: w.runId,
      name: w.name ?? w.runId.slice(0, 8),
      version: w.version,
      user: w.user,
      host: w.host,
      began: w.began,
      completed: w.completed,
      duration: w.began === null ? null : newest - w.began,
      tasksCompleted: completed,
      tasksFailed: failed,
      tasks: total,
      database,
      ...live,
    });
  }
  return lines;
}

/** The list of workflows. */
export async function loadWorkflows(state: State, at: Address): Promise<WorkflowsView> {
  const databases = state.catalog.databases.map((d) => d.name);
  return workflowsView(await loadWorkflowLines(state), databases, at.params);
}

/** The summary of a run. */
export async function loadSummary(state: State, at: Address): Promise<SummaryView> {
  const followed = await need(state, at.run);
  return summaryView(followed.run, followed.hostNow(), parseOrder(at.params, APP_KEYS, APP_ORDER));
}

/** A page of the task table. */
export async function loadTasks(state: State, at: Address): Promise<TasksView> {
  const followed = await need(state, at.run);
  let app: string | null = at.app ?? null;
  if (app !== null && followed.run.apps.find(app) === undefined) app = decoded(app);
  const view = tasksView(
    followed.run,
    followed.hostNow(),
    parseTaskQuery(at.params, app ?? ""),
    app,
  );
  if (!view) throw new HttpError(404, `This workflow has no app named ${app}.`);
  return view;
}

/** One task. */
export async function loadTask(state: State, at: Address): Promise<TaskView> {
  const followed = await need(state, at.run);
  const id = /^\d+$/.test(at.task ?? "") ? Number(at.task) : -1;
  const record = id < 0 ? null : await followed.task(id);
  const view = record && taskView(followed.run, followed.hostNow(), id, record);
  if (!view) throw new HttpError(404, `This workflow has no task ${at.task}.`);
  return view;
}

/** The DAG of a run. */
export async function loadDag(state: State, at: Address): Promise<DagPageView> {
  const followed = await need(state, at.run);
  const colour = at.params.get("colour") === "states" ? "states" : "apps";
  return dagPageView(followed.run, followed.hostNow(), colour);
}

/** What a run used. */
export async function loadResources(state: State, at: Address): Promise<ResourcesView> {
  const followed = await need(state, at.run);
  return resourcesView(followed.run, followed.hostNow());
}

/** Every view that can be followed live, by name. */
export const LOADERS: Record<string, (state: State, at: Address) => Promise<object>> = {
  workflows: loadWorkflows,
  summary: loadSummary,
  tasks: loadTasks,
  task: loadTask,
  dag: loadDag,
  resources: loadResources,
};

/** How long after its recorded end a run may still get rows, in ms. */
const SETTLED = 15_000;

/** Whether a run has ended so long ago that no more rows will come. */
async function settled(state: State, runId: string): Promise<boolean> {
  const followed = await state.catalog.run(runId);
  const completed = followed?.run.workflow.completed ?? null;
  return completed !== null && followed!.hostNow() - completed > SETTLED;
}

/** The address of a page's live updates; null when nothing can change any more. */
export async function liveUrl(state: State, view: string, at: Address): Promise<string | null> {
  if (at.run && await settled(state, at.run)) return null;
  const params = new URLSearchParams(at.params);
  params.set("view", view);
  if (at.run) params.set("run", at.run);
  if (at.app) params.set("only", at.app);
  if (at.task) params.set("task", at.task);
  return `/api/live?${params}`;
}
