import { page } from "fresh";
import ResourcesPage from "../../../islands/ResourcesPage.tsx";
import { define } from "../../../state.ts";
import { showRun } from "../../../routes/(_lib)/views.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const at = { run: ctx.params.run, params: ctx.url.searchParams };
    const shown = await showRun(ctx.state, "resources", at);
    ctx.state.title = `Resources · ${shown.view.head.name}`;
    return page(shown);
  },
});

export default define.page<typeof handler>(({ data }) => <ResourcesPage {...data} />);
