import { dagColour } from "../../../model/dag/view.ts";
import { openedDagView } from "../../../model/dag/open.ts";
import { define } from "../../../state.ts";
import { answerDag } from "../../(_lib)/dag.ts";

/** What a group is made of. */
export const handler = define.handlers({
  GET: (ctx) =>
    answerDag(
      ctx,
      ({ run, params }) =>
        openedDagView(run, params.get("group") ?? "", dagColour(params.get("by"))),
    ),
});
