import { page } from "fresh";
import TasksPage from "../../../../islands/TasksPage.tsx";
import { define } from "../../../../state.ts";
import { showRun } from "../../../../routes/(_lib)/views.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const at = { run: ctx.params.run, app: ctx.params.app, params: ctx.url.searchParams };
    const shown = await showRun(ctx.state, "tasks", at);
    ctx.state.title = `${shown.view.app?.app} · ${shown.view.head.name}`;
    return page(shown);
  },
});

export default define.page<typeof handler>(({ data }) => <TasksPage {...data} />);
