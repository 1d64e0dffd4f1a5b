import { page } from "fresh";
import ResourcesPage from "../../../islands/ResourcesPage.tsx";
import { define } from "../../../state.ts";
import { addressOf } from "../../../live/views/address.ts";
import { showRun } from "../../../live/views/views.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const shown = await showRun(ctx.state, "resources", addressOf(ctx.url));
    ctx.state.title = `Resources · ${shown.view.head.name}`;
    return page(shown);
  },
});

export default define.page<typeof handler>(({ data }) => <ResourcesPage {...data} />);
