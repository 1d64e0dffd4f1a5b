import { page } from "fresh";
import { NoHub } from "../components/hub/accounts.tsx";
import HubPage from "../islands/HubPage.tsx";
import { define } from "../state.ts";
import { hubSnapshot } from "./(_lib)/hub.ts";

export const handler = define.handlers({
  async GET(ctx) {
    ctx.state.title = "Hub";
    const { hub } = ctx.state;
    return page({
      hub: Boolean(hub),
      snapshot: hub ? await hubSnapshot(hub).catch(() => null) : null,
      workflows: (ctx.state.catalog?.databases.length ?? 0) > 0,
    });
  },
});

export default define.page<typeof handler>(({ data }) =>
  data.hub ? <HubPage snapshot={data.snapshot} workflows={data.workflows} /> : <NoHub />
);
