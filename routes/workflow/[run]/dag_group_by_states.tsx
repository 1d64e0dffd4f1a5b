import { page } from "fresh";
import DagPage from "../../../islands/DagPage.tsx";
import { define } from "../../../state.ts";
import { showRun } from "../../../routes/(_lib)/views.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const at = { run: ctx.params.run, params: new URLSearchParams({ colour: "states" }) };
    const shown = await showRun(ctx.state, "dag", at);
    ctx.state.title = `DAG · ${shown.view.head.name}`;
    return page(shown);
  },
});

export default define.page<typeof handler>(({ data }) => <DagPage {...data} />);
