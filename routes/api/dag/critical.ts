import { criticalPath } from "../../../model/dag/critical_path.ts";
import { define } from "../../../state.ts";
import { answerDag } from "../../(_lib)/dag.ts";

/** What determined how long the run took. */
export const handler = define.handlers({
  GET: (ctx) => answerDag(ctx, ({ run, shown }) => criticalPath(run, shown)),
});
