import { page, type RouteConfig } from "fresh";
import TasksPage from "../../../../islands/TasksPage.tsx";
import { define } from "../../../../state.ts";
import { type Address, liveUrl, loadTasks } from "../../../../routes/(_lib)/views.ts";

/** With and without the slash: parsl-visualize links with it. */
export const config: RouteConfig = { routeOverride: "/workflow/:run/task{/}?" };

export const handler = define.handlers({
  async GET(ctx) {
    const at: Address = { run: ctx.params.run, params: ctx.url.searchParams };
    const view = await loadTasks(ctx.state, at);
    ctx.state.title = `Tasks · ${view.head.name}`;
    return page({ view, live: await liveUrl(ctx.state, "tasks", at) });
  },
});

export default define.page<typeof handler>(({ data }) => (
  <TasksPage view={data.view} live={data.live} />
));
