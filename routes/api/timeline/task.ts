import { taskOnLanes } from "../../../model/timeline/try.ts";
import { define } from "../../../state.ts";
import { answerTimeline } from "../../(_lib)/timeline.ts";

/** `found`: where the task with the id `task` ran, or null, see `TaskOnLanes`. */
export const handler = define.handlers({
  GET: (ctx) =>
    answerTimeline(ctx, ({ run, lanes, task }) => {
      const index = task();
      return { found: index === undefined ? null : taskOnLanes(run, lanes, index) };
    }),
});
