import { page } from "fresh";
import TaskPage from "../../../../islands/TaskPage.tsx";
import { define } from "../../../../state.ts";
import { addressOf } from "../../../../live/views/address.ts";
import { showRun } from "../../../../live/views/views.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const shown = await showRun(ctx.state, "task", addressOf(ctx.url));
    ctx.state.title = `Task ${shown.view.line.taskId} · ${shown.view.head.name}`;
    const left = ctx.state.report?.left.find(({ what }) => what === "resource")?.text;
    return page({ ...shown, left });
  },
});

export default define.page<typeof handler>(({ data }) => <TaskPage {...data} />);
