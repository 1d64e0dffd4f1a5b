import { page } from "fresh";
import TaskPage from "../../../../islands/TaskPage.tsx";
import { define } from "../../../../state.ts";
import { type Address, liveUrl, loadTask } from "../../../../routes/(_lib)/views.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const at: Address = {
      run: ctx.params.run,
      task: ctx.params.task,
      params: ctx.url.searchParams,
    };
    const view = await loadTask(ctx.state, at);
    ctx.state.title = `Task ${ctx.params.task} · ${view.head.name}`;
    return page({ view, live: await liveUrl(ctx.state, "task", at) });
  },
});

export default define.page<typeof handler>(({ data }) => (
  <TaskPage view={data.view} live={data.live} />
));
