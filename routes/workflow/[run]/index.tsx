import { page, type RouteConfig } from "fresh";
import SummaryPage from "../../../islands/SummaryPage.tsx";
import { define } from "../../../state.ts";
import { type Address, liveUrl, loadSummary } from "../../../routes/(_lib)/views.ts";

/** With and without the slash: parsl-visualize links with it. */
export const config: RouteConfig = { routeOverride: "/workflow/:run{/}?" };

export const handler = define.handlers({
  async GET(ctx) {
    const at: Address = { run: ctx.params.run, params: ctx.url.searchParams };
    const view = await loadSummary(ctx.state, at);
    ctx.state.title = view.head.name;
    return page({ view, live: await liveUrl(ctx.state, "summary", at) });
  },
});

export default define.page<typeof handler>(({ data }) => (
  <SummaryPage view={data.view} live={data.live} />
));
