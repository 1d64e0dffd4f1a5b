import { page } from "fresh";
import TasksPage from "../../../../islands/TasksPage.tsx";
import { define } from "../../../../state.ts";
import { type Address, liveUrl, loadTasks } from "../../../../routes/(_lib)/views.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const at: Address = { run: ctx.params.run, app: ctx.params.app, params: ctx.url.searchParams };
    const view = await loadTasks(ctx.state, at);
    ctx.state.title = `${view.app?.app} · ${view.head.name}`;
    return page({ view, live: await liveUrl(ctx.state, "tasks", at) });
  },
});

export default define.page<typeof handler>(({ data }) => (
  <TasksPage view={data.view} live={data.live} />
));
