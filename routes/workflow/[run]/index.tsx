import { page, type RouteConfig } from "fresh";
import SummaryPage from "../../../islands/SummaryPage.tsx";
import { define } from "../../../state.ts";
import { showRun } from "../../../routes/(_lib)/views.ts";

/** With and without the slash: parsl-visualize links with it. */
export const config: RouteConfig = { routeOverride: "/workflow/:run{/}?" };

export const handler = define.handlers({
  async GET(ctx) {
    const at = { run: ctx.params.run, params: ctx.url.searchParams };
    const shown = await showRun(ctx.state, "summary", at);
    ctx.state.title = shown.view.head.name;
    return page(shown);
  },
});

export default define.page<typeof handler>(({ data }) => <SummaryPage {...data} />);
