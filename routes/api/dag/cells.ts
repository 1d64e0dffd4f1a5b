import { dagColour } from "../../../model/dag/view.ts";
import { cellBytes } from "../../../model/dag/cells.ts";
import { define } from "../../../state.ts";
import { answerDag } from "../../(_lib)/dag.ts";

/** A byte for each task of a group, or of all with `group=*`, see `cellBytes`. `x-version` is the run's version. */
export const handler = define.handlers({
  GET: (ctx) =>
    answerDag(
      ctx,
      ({ run, params }) => cellBytes(run, params.get("group") ?? "", dagColour(params.get("by"))),
    ),
});
