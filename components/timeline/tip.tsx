import type { LaneTry } from "../../model/timeline/try.ts";
import type { Size } from "../../picture/geometry.ts";
import type { DagPoint } from "../../picture/geometry.ts";
import { clock, count, duration } from "../../looks/format.ts";
import { stateVar, tryLabel } from "../../looks/palette.ts";
import { PictureTip } from "../tip.tsx";
import { Swatch } from "../marks.tsx";
import { workerText } from "../worker.ts";

const ROOM_PX = 130;

/** What is pointed at on a timeline, in words, beside the pointer. */
export function TimelineTip(
  { attempt, at, window }: { attempt: LaneTry; at: DagPoint; window: Size },
) {
  const { app, taskId, state, tries, began, ended, duration: time, queued, others } = attempt;
  return (
    <PictureTip at={at} window={window} room={ROOM_PX}>
      <b>{app}:{taskId}</b>
      <div>
        <Swatch colour={stateVar(state)} /> {tryLabel(state)}
        {tries > 1 && ` · try ${count(attempt.number + 1)} of ${count(tries)}`}
      </div>
      <div>
        {clock(began)} to {ended === null ? "now" : clock(ended)}
        {time !== null && ` · ${duration(time)}`}
      </div>
      {queued !== null && <div>queued {duration(queued)}</div>}
      <div class="picture-soft">
        {[attempt.host, attempt.executor].filter((name) => name !== null).join(" · ")}
      </div>
      {attempt.worker && <div class="picture-soft">{workerText(attempt.worker)}</div>}
      {others > 0 && <div class="picture-soft">and {count(others)} more here: zoom in</div>}
    </PictureTip>
  );
}
