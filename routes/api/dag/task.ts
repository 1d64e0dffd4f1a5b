import { dagTask, taskAt } from "../../../model/dag/task.ts";
import { define } from "../../../state.ts";
import { answerDag } from "../../(_lib)/dag.ts";

/** About one task, by its id or by its place in a group. */
export const handler = define.handlers({
  GET: (ctx) =>
    answerDag(ctx, (request) => {
      const { run, params, shown } = request;
      const task = params.has("task")
        ? request.task()
        : taskAt(run, params.get("group") ?? "", Number(params.get("index") ?? NaN));
      return task === undefined ? null : dagTask(run, task, shown);
    }),
});
