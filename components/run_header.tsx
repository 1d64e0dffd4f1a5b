import { pathPart } from "../model/figures/path_part.ts";
import { isCompleted } from "../parsl/states.ts";
import type { RunHead } from "../model/views/head.ts";
import { ago, count, duration, naiveTime, percent } from "../looks/format.ts";
import { stateLabel } from "../looks/palette.ts";
import { Known, useReading } from "./reading.ts";
import { type Loading, LoadingLine } from "./loading_line.tsx";
import { Problems } from "./problems.tsx";
import { TopBar } from "./top_bar.tsx";
import { Figure, Figures, RunStatus, StateBar, Tabs } from "./ui.tsx";

/** The address of a run's pages. */
export function runPath(runId: string): string {
  return `/workflow/${pathPart(runId)}`;
}

/** The address of an app's page. */
export function appPath(runId: string, app: string): string {
  return `${runPath(runId)}/app/${pathPart(app)}`;
}

/** The address of a task's page. */
export function taskPath(runId: string, taskId: number): string {
  return `${runPath(runId)}/task/${taskId}`;
}

const STATUS_TEXT: Record<RunHead["status"], string> = {
  running: "running",
  completed: "completed",
  failed: "completed with failures",
  lost: "lost contact",
};

const NOT_NEWEST = "What is shown is what was read before; it goes on by itself.";

const EXPORT_HINT = "This workflow as one HTML file, to mail or keep: it opens without a server";

/** How a run stands, in words: never "running" without when it was last heard of. */
export function statusText(status: RunHead["status"], silence: number | null): string {
  return silence === null
    ? STATUS_TEXT[status]
    : `${STATUS_TEXT[status]} · last update ${ago(silence)}`;
}

/** The top of every page of a run: where one is, how the run stands, and its other views. */
export function RunHeader(
  { head, tab, title, loading = null }: {
    head: RunHead;
    tab: string;
    title?: string;
    /** How much of the run has been read, while that is not all. */
    loading?: Loading | null;
  },
) {
  const path = runPath(head.runId);
  const tabs = [
    ["summary", `${path}/`, "Summary"],
    ["tasks", `${path}/task/`, "Tasks"],
    ["dag", `${path}/dag_group_by_apps`, "DAG"],
    ["timeline", `${path}/timeline`, "Timeline"],
    ["resources", `${path}/resource_usage`, "Resources"],
  ];
  return (
    <>
      <TopBar
        crumbs={[{ href: "/", label: "Workflows" }, { href: `${path}/`, label: head.name }]}
      >
        <RunStatus status={head.status} text={statusText(head.status, head.silence)} />
      </TopBar>
      <LoadingLine loading={loading} />
      {head.problem && <Problems texts={[head.problem, NOT_NEWEST]} />}
      <div class="run-head">
        <h1>{title ?? head.name}</h1>
        <Tabs items={tabs.map(([key, href, label]) => ({ href, label, current: key === tab }))} />
        <a class="export-link" href={`${path}/report.html`} download title={EXPORT_HINT}>
          Export report
        </a>
      </div>
    </>
  );
}

/** Figures of the run as a whole, with its progress; until it has been read only what is known. */
export function RunFigures({ head }: { head: RunHead }) {
  const path = runPath(head.runId);
  const states = useReading() ? [] : head.states;
  // A run has the name that its release of Parsl gave the state.
  const completed = head.states.filter((s) => isCompleted(s.name));
  return (
    <>
      <StateBar
        counts={useReading()
          ? [{ state: "unknown", count: head.tasks }]
          : states.map((s) => ({ state: s.name, count: s.count }))}
        total={head.tasks}
      />
      <Figures>
        <Figure
          label="Finished"
          value={<Known>{head.tasks ? percent(head.finished / head.tasks) : "–"}</Known>}
          hint={`${count(head.finished)} of ${count(head.tasks)} tasks`}
        />
        <Figure
          label="Completed"
          href={`${path}/task/?state=${encodeURIComponent(completed[0]?.name ?? "exec_done")}`}
          hint="tasks that succeeded, memoized ones not counted"
          value={
            <span data-figure="completed">
              <Known>{count(completed.reduce((sum, s) => sum + s.count, 0))}</Known>
            </span>
          }
        />
        <Figure label="Tasks" value={count(head.tasks)} href={`${path}/task/`} />
        {states.filter((s) => !isCompleted(s.name)).map((s) => (
          <Figure
            key={s.name}
            label={stateLabel(s.name)}
            value={count(s.count)}
            href={`${path}/task/?state=${encodeURIComponent(s.name)}`}
          />
        ))}
        <Figure label="Started" value={naiveTime(head.began)} />
        <Figure
          label={head.completed === null ? "Elapsed" : "Duration"}
          value={duration(head.duration)}
        />
      </Figures>
    </>
  );
}
