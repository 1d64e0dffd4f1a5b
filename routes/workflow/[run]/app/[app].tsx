import { page } from "fresh";
import { nameText } from "../../../../looks/format.ts";
import TasksPage from "../../../../islands/TasksPage.tsx";
import { define } from "../../../../state.ts";
import { addressOf } from "../../../../live/views/address.ts";
import { showRun } from "../../../../live/views/views.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const shown = await showRun(ctx.state, "tasks", addressOf(ctx.url));
    ctx.state.title = `${nameText(shown.view.app?.app ?? "")} · ${shown.view.head.name}`;
    return page(shown);
  },
});

export default define.page<typeof handler>(({ data }) => <TasksPage {...data} />);
