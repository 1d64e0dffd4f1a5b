import { page } from "fresh";
import WorkflowsPage from "../islands/WorkflowsPage.tsx";
import { define } from "../state.ts";
import { liveUrl, loadWorkflows } from "./(_lib)/views.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const view = await loadWorkflows(ctx.state);
    ctx.state.title = "Workflows";
    return page({
      view,
      live: await liveUrl(ctx.state, "workflows", { params: new URLSearchParams() }),
    });
  },
});

export default define.page<typeof handler>(({ data }) => (
  <WorkflowsPage view={data.view} live={data.live} />
));
