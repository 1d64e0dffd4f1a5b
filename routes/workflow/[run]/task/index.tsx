import { page, type RouteConfig } from "fresh";
import TasksPage from "../../../../islands/TasksPage.tsx";
import { define } from "../../../../state.ts";
import { showRun } from "../../../../routes/(_lib)/views.ts";

/** With and without the slash: parsl-visualize links with it. */
export const config: RouteConfig = { routeOverride: "/workflow/:run/task{/}?" };

export const handler = define.handlers({
  async GET(ctx) {
    const at = { run: ctx.params.run, params: ctx.url.searchParams };
    const shown = await showRun(ctx.state, "tasks", at);
    ctx.state.title = `Tasks · ${shown.view.head.name}`;
    return page(shown);
  },
});

export default define.page<typeof handler>(({ data }) => <TasksPage {...data} />);
