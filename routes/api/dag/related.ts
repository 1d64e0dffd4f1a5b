import { relatives } from "../../../model/dag/relatives.ts";
import { define } from "../../../state.ts";
import { answerDag } from "../../(_lib)/dag.ts";

/** The ancestors and descendants of a task, by the nodes that are drawn. */
export const handler = define.handlers({
  GET: (ctx) =>
    answerDag(ctx, ({ run, shown, task }) => {
      const index = task();
      return index === undefined ? null : relatives(run, run.taskId.data[index], shown);
    }),
});
