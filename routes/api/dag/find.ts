import { findTasks } from "../../../model/dag/task.ts";
import { define } from "../../../state.ts";
import { answerDag } from "../../(_lib)/dag.ts";

/** The tasks that words find. */
export const handler = define.handlers({
  GET: (ctx) =>
    answerDag(ctx, ({ run, params, shown }) => findTasks(run, params.get("q") ?? "", shown)),
});
