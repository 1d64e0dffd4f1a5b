import { waitingFor } from "../../../model/dag/waiting.ts";
import { define } from "../../../state.ts";
import { answerDag } from "../../(_lib)/dag.ts";

/** The unfinished tasks that a task waits for. */
export const handler = define.handlers({
  GET: (ctx) =>
    answerDag(ctx, ({ run, shown, task }) => {
      const index = task();
      return index === undefined ? null : waitingFor(run, index, shown);
    }),
});
