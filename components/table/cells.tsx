/** How the cells of tables look: one function for each kind of values. */
import type { ComponentChildren } from "preact";
import {
  ago,
  bytes,
  count,
  duration,
  naiveTime,
  nameText,
  percent,
  seconds,
} from "../../looks/format.ts";
import type { KindValues, ValueKind } from "../../model/table/kinds.ts";
import { causePath } from "../cause_path.ts";
import { Links } from "../links.tsx";
import { MeasuredFigure } from "../measured.tsx";
import { Known } from "../reading.ts";
import { relatedPath } from "../related.tsx";
import { appPath, runPath, statusText, taskPath } from "../run_header.tsx";
import { workerText } from "../worker.ts";
import { RunStatus, StateBadge, StateBar } from "../ui.tsx";

/**
 * Draws values of all kinds; `runId` is what the page's run is named by, and `line` what the cell is
 * in.
 */
export type Cells<Line> = {
  readonly [K in ValueKind]: (value: KindValues[K], runId: string, line: Line) => ComponentChildren;
};

/** The most names in a cell. */
const MOST_NAMES = 2;

/** Cells as pages have them. */
export const CELLS: Cells<unknown> = {
  text: (text) => text ?? "–",
  link: ({ href, text }) => <a href={href}>{text}</a>,
  count,
  readCount: (tasks) => <Known>{count(tasks)}</Known>,
  badCount: (n) => <span class={n > 0 ? "hub-held" : "hub-calm"}>{count(n)}</span>,
  calmCount: (n) => <span class={n > 0 ? undefined : "hub-calm"}>{count(n)}</span>,
  time: naiveTime,
  ago: ({ time, since }) => <span title={naiveTime(time)}>{ago(since)}</span>,
  duration,
  seconds,
  bytes,
  measured: (figure) => <MeasuredFigure {...figure} />,
  worker: (worker) =>
    worker ? <span title={worker.manager ?? undefined}>{workerText(worker)}</span> : "–",
  share: percent,
  state: (state) => <StateBadge state={state} />,
  states: ({ counts, total }) => (
    <StateBar
      counts={counts.map(({ name, count }) => ({ state: name, count }))}
      total={total}
    />
  ),
  app: (app, runId) => <a href={appPath(runId, app)}>{nameText(app)}</a>,
  task: (id, runId) => <a href={taskPath(runId, id)}>{id}</a>,
  dependencies: ({ taskId, ids, more }, runId) => (
    <>
      <Links items={ids.map((id) => ({ href: taskPath(runId, id), label: id }))} none="–" />
      {more > 0 && (
        <>
          {" "}
          <a href={relatedPath(runId, { relation: "dependencies_of", taskId })}>
            +{count(more)}
          </a>
        </>
      )}
    </>
  ),
  run: ({ id, name }) => <a href={`${runPath(id)}/`}>{name}</a>,
  runId: (id) => <code title={id}>{id.slice(0, 8)}</code>,
  runStatus: ({ status, silence }) => (
    <RunStatus status={status} text={statusText(status, silence)} />
  ),
  runFailures: ({ id, tasks }) =>
    tasks ? <a href={`${runPath(id)}/#failures`}>{count(tasks)}</a> : count(tasks),
  hubRun: ({ id, name, linked }) =>
    linked
      ? <a class="clip" href={`${runPath(id)}/`} title={id}>{name}</a>
      : <span class="clip" title={id}>{name}</span>,
  blockStatus: (block) => <BlockStatus {...block} />,
  cause: ({ cause }) => <code>{cause}</code>,
  causeTasks: ({ cause, state, tasks }, runId) => (
    <Known>
      {tasks > 0 ? <a href={causePath(runId, cause, state)}>{count(tasks)}</a> : "0"}
    </Known>
  ),
  names({ names, more, what }) {
    if (names.length === 0) return "–";
    const all = names.length + more;
    return all <= MOST_NAMES ? names.join(", ") : `${count(all)} ${what}`;
  },
};

/** The newest status of a block; opened, all of its changes. */
function BlockStatus({ status, changes, joined }: KindValues["blockStatus"]) {
  const lines = changes.map(({ status, time }) => ({ time, what: status ?? "unknown" }));
  if (joined) lines.push({ time: joined.time, what: "first manager joined" });
  if (lines.length === 1) return <>{status ?? "–"}</>;
  lines.sort((a, b) => (a.time ?? Infinity) - (b.time ?? Infinity) || 0);
  return (
    <details class="changes">
      <summary>{status ?? "–"}</summary>
      <ol>
        {lines.map(({ time, what }) => (
          <li key={`${time} ${what}`}>
            {what} <time>{naiveTime(time)}</time>
          </li>
        ))}
      </ol>
    </details>
  );
}
