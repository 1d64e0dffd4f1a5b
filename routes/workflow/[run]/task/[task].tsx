import { page } from "fresh";
import TaskPage from "../../../../islands/TaskPage.tsx";
import { define } from "../../../../state.ts";
import { showRun } from "../../../../routes/(_lib)/views.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const at = {
      run: ctx.params.run,
      task: ctx.params.task,
      params: ctx.url.searchParams,
    };
    const shown = await showRun(ctx.state, "task", at);
    ctx.state.title = `Task ${ctx.params.task} · ${shown.view.head.name}`;
    const left = ctx.state.report?.left.find(({ what }) => what === "resource")?.text;
    return page({ ...shown, left });
  },
});

export default define.page<typeof handler>(({ data }) => <TaskPage {...data} />);
