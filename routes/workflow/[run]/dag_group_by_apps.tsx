import { page } from "fresh";
import DagPage from "../../../islands/DagPage.tsx";
import { define } from "../../../state.ts";
import { type Address, liveUrl, loadDag } from "../../../routes/(_lib)/views.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const at: Address = { run: ctx.params.run, params: new URLSearchParams({ colour: "apps" }) };
    const view = await loadDag(ctx.state, at);
    ctx.state.title = `DAG · ${view.head.name}`;
    return page({ view, live: await liveUrl(ctx.state, "dag", at) });
  },
});

export default define.page<typeof handler>(({ data }) => (
  <DagPage view={data.view} live={data.live} />
));
