import { barWindow, laneBars } from "../../../model/timeline/bars.ts";
import { define } from "../../../state.ts";
import { answerTimeline } from "../../(_lib)/timeline.ts";

/**
 * The bars between `from` and `to` (naive ms) of the `lanes` lanes from `first` on, on `columns`
 * columns, see `readBars`.
 */
export const handler = define.handlers({
  GET: (ctx) =>
    answerTimeline(ctx, ({ run, lanes, number }) => {
      const window = barWindow(number);
      return window && laneBars(run, lanes, window);
    }),
});
