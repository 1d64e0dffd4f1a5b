import type { DagView } from "../../model/dag/view.ts";
import type { Size } from "../../picture/geometry.ts";
import type { DagPoint } from "../../picture/geometry.ts";
import type { Hit } from "../../picture/dag/layout/scene.ts";
import type { Study } from "../../picture/dag/task_details.ts";
import { nodeWords } from "./descriptions.ts";
import { clock, count, duration } from "../../looks/format.ts";
import { stateLabel, stateVar } from "../../looks/palette.ts";
import { PictureTip } from "../tip.tsx";
import { Swatch } from "../marks.tsx";

const ROOM_PX = 180;
const MOST_WAITING = 3;

interface TipProps {
  hit: Hit;
  at: DagPoint;
  window: Size;
  study: Study | undefined;
}

/** What is pointed at, in words, beside the pointer. */
export function DagTip({ hit, at, window, study }: TipProps) {
  return (
    <PictureTip at={at} window={window} room={ROOM_PX}>
      {hit.part === "cell" || hit.at.node.kind === "task"
        ? <TaskWords hit={hit} study={study} />
        : <GroupWords view={hit.at.view} hit={hit} />}
    </PictureTip>
  );
}

function GroupWords({ view, hit }: { view: DagView; hit: Hit }) {
  const [name, ...facts] = nodeWords(view, hit.at.node);
  return (
    <>
      <b>{name}</b>
      {facts.map((fact) => <div key={fact}>{fact}</div>)}
    </>
  );
}

function TaskWords({ hit, study }: { hit: Hit; study: Study | undefined }) {
  if (!study) {
    const [name, ...facts] = nodeWords(hit.at.view, hit.at.node);
    return hit.at.node.kind === "task" ? <b>{[name, ...facts].join(" · ")}</b> : <b>{name}…</b>;
  }
  const { task, related, waiting } = study;
  return (
    <>
      <b>{task.app}:{task.taskId}</b>
      <div>
        <Swatch colour={stateVar(task.state)} /> {stateLabel(task.state)}
        {task.tries > 1 && ` · ${count(task.tries)} tries`}
        {task.duration !== null && ` · ${duration(task.duration)}`}
      </div>
      {task.began !== null && (
        <div>{clock(task.began)}{task.ended !== null && ` to ${clock(task.ended)}`}</div>
      )}
      {hit.at.node.kind === "task" && hit.at.node.join && (
        <div>join: waits for the tasks it made</div>
      )}
      {task.host && <div>{task.host}</div>}
      {task.failure && <div class="picture-bad">{task.failure}</div>}
      {related && (
        <div class="picture-soft">
          {count(related.ancestors)} before · {count(related.descendants)} after
        </div>
      )}
      {linesLeft(task) && <div class="picture-soft">{linesLeft(task)}</div>}
      {waiting && waiting.unfinished.length > 0 && <Waiting waiting={waiting} />}
    </>
  );
}

/** Of many dependencies, that not all are drawn. */
function linesLeft(task: Study["task"]): string | null {
  const { dependencies, dependents, moreDependencies, moreDependents } = task;
  const drawn = dependencies.length + dependents.length;
  const left = moreDependencies + moreDependents;
  return left > 0 ? `${count(drawn)} of its ${count(drawn + left)} lines are drawn` : null;
}

function Waiting({ waiting: { unfinished, more } }: { waiting: NonNullable<Study["waiting"]> }) {
  const rest = unfinished.length - MOST_WAITING + more;
  return (
    <div>
      waiting for {unfinished.slice(0, MOST_WAITING).map(({ taskId, app, state }) =>
        `${app}:${taskId} (${stateLabel(state)})`
      ).join(", ")}
      {rest > 0 && ` and ${count(rest)} more`}
    </div>
  );
}
