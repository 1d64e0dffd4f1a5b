import { tryBetween } from "../../../model/timeline/try.ts";
import { define } from "../../../state.ts";
import { answerTimeline } from "../../(_lib)/timeline.ts";

/** `found`: the longest try of the lane `lane` between `from` and `to` (naive ms), or null, see `LaneTry`. */
export const handler = define.handlers({
  GET: (ctx) =>
    answerTimeline(
      ctx,
      ({ run, lanes, number }) => ({
        found: tryBetween(run, lanes, number("lane"), number("from"), number("to")),
      }),
    ),
});
