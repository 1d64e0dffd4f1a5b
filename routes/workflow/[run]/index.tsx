import { page, type RouteConfig } from "fresh";
import SummaryPage from "../../../islands/SummaryPage.tsx";
import { define } from "../../../state.ts";
import { addressOf } from "../../../live/views/address.ts";
import { showRun } from "../../../live/views/views.ts";

/** With and without the slash: parsl-visualize links with it. */
export const config: RouteConfig = { routeOverride: "/workflow/:run{/}?" };

export const handler = define.handlers({
  async GET(ctx) {
    const shown = await showRun(ctx.state, "summary", addressOf(ctx.url));
    ctx.state.title = shown.view.head.name;
    return page(shown);
  },
});

export default define.page<typeof handler>(({ data }) => <SummaryPage {...data} />);
