import { page } from "fresh";
import { runPath } from "../components/run_header.tsx";
import WorkflowsPage from "../islands/WorkflowsPage.tsx";
import { define } from "../state.ts";
import { liveUrl } from "../live/views/address.ts";
import { workflowsPage } from "../live/views/views.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const { report } = ctx.state;
    if (report) return ctx.redirect(`${runPath(report.runId)}/`);
    const at = { params: ctx.url.searchParams };
    const view = await workflowsPage(ctx.state.catalog, at);
    ctx.state.title = "Workflows";
    return page({ view, live: liveUrl("workflows", at) });
  },
});

export default define.page<typeof handler>(({ data }) => (
  <WorkflowsPage view={data.view} live={data.live} />
));
