import { page } from "fresh";
import { nameText } from "../../../../components/format.ts";
import TasksPage from "../../../../islands/TasksPage.tsx";
import { define } from "../../../../state.ts";
import { addressOf } from "../../../../routes/(_lib)/address.ts";
import { showRun } from "../../../../routes/(_lib)/views.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const shown = await showRun(ctx.state, "tasks", addressOf(ctx.url));
    ctx.state.title = `${nameText(shown.view.app?.app ?? "")} · ${shown.view.head.name}`;
    return page(shown);
  },
});

export default define.page<typeof handler>(({ data }) => <TasksPage {...data} />);
