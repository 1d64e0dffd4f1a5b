import { dagNodes } from "../../model/dag/nodes.ts";
import type { DagShown } from "../../model/dag/task_place.ts";
import { answerRun, type Asked, type RunRequest } from "./answer.ts";

/** What an answer about a run's DAG is made of. */
export interface DagRequest extends RunRequest {
  /** How the graph is drawn that the answer is for: parameter `nodes`, and `opened`, once for each. */
  shown: DagShown;
}

/** Answers a question about the DAG of the run that the parameter `run` names, see {@link answerRun}. */
export function answerDag(
  ctx: Asked,
  answer: (request: DagRequest) => object | null | undefined,
): Promise<Response> {
  return answerRun(ctx, "This workflow has no such group or task.", (request) => {
    const { params } = request;
    const shown = {
      nodes: dagNodes(params.get("nodes")),
      opened: new Set(params.getAll("opened")),
    };
    return answer({ ...request, shown });
  });
}
