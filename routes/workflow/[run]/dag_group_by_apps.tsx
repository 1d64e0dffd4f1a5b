import { page } from "fresh";
import DagPage from "../../../islands/DagPage.tsx";
import { define } from "../../../state.ts";
import { showDag } from "../../(_lib)/dag_page.ts";

export const handler = define.handlers({
  GET: async (ctx) => page(await showDag(ctx, "apps")),
});

export default define.page<typeof handler>(({ data }) => <DagPage {...data} />);
