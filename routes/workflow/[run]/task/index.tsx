import { page, type RouteConfig } from "fresh";
import TasksPage from "../../../../islands/TasksPage.tsx";
import { define } from "../../../../state.ts";
import { addressOf } from "../../../../live/views/address.ts";
import { showRun } from "../../../../live/views/views.ts";

/** With and without the slash: parsl-visualize links with it. */
export const config: RouteConfig = { routeOverride: "/workflow/:run/task{/}?" };

export const handler = define.handlers({
  async GET(ctx) {
    const shown = await showRun(ctx.state, "tasks", addressOf(ctx.url));
    ctx.state.title = `Tasks · ${shown.view.head.name}`;
    return page(shown);
  },
});

export default define.page<typeof handler>(({ data }) => <TasksPage {...data} />);
