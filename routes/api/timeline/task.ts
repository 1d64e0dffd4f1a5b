import { taskOnLanes } from "../../../model/lane_try.ts";
import { define } from "../../../state.ts";
import { answerTimeline } from "../../(_lib)/timeline.ts";

/** Where the task with the id `task` ran, see `TaskOnLanes`. */
export const handler = define.handlers({
  GET: (ctx) =>
    answerTimeline(ctx, ({ run, lanes, task }) => {
      const found = task();
      return found === undefined ? null : taskOnLanes(run, lanes, found);
    }),
});
