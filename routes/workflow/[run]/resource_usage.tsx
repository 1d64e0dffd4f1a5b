import { page } from "fresh";
import ResourcesPage from "../../../islands/ResourcesPage.tsx";
import { define } from "../../../state.ts";
import { type Address, liveUrl, loadResources } from "../../../routes/(_lib)/views.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const at: Address = { run: ctx.params.run, params: ctx.url.searchParams };
    const view = await loadResources(ctx.state, at);
    ctx.state.title = `Resources · ${view.head.name}`;
    return page({ view, live: await liveUrl(ctx.state, "resources", at) });
  },
});

export default define.page<typeof handler>(({ data }) => (
  <ResourcesPage view={data.view} live={data.live} />
));
