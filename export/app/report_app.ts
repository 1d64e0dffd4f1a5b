/** The dashboard's app over the run of a report: in the report's worker, and where it is made. */
import { App } from "../../fresh/app.ts";
import type { RouteFile } from "../../fresh/fs_routes.ts";
import { islandsJson } from "../../fresh/islands_server.ts";
import { registerIslands } from "../../fresh/modules.ts";
import type { PageProject } from "../../fresh/render.ts";
import type { State } from "../../state.ts";
import { Catalog } from "../../live/runs/catalog.ts";
import type { MonitoringDatabase } from "../../store/database.ts";
import { link } from "../address.ts";
import { ISLANDS_ID, type ReportHeader } from "../header.ts";

/** A module of islands, by the name that pages know it by. */
export interface IslandModule {
  entry: string;
  mod: Record<string, unknown>;
}

/** The code of a report's pages. */
export interface ReportCode {
  routes: RouteFile[];
  islands: IslandModule[];
}

/** MiB that the runs of a report may take: there is one, and it stays. */
const MEMORY_MIB = 2 ** 20;

/** The function that answers requests for a report's pages, and the catalog behind it. */
export function reportApp(
  { routes, islands }: ReportCode,
  header: Omit<ReportHeader, "data"> & { data: Pick<ReportHeader["data"], "left"> },
  database: MonitoringDatabase,
): { handler(request: Request): Promise<Response>; catalog: Catalog } {
  for (const { entry, mod } of islands) registerIslands(entry, mod);
  const catalog = new Catalog([database], { memory: MEMORY_MIB });
  const { run, title, taken, redacted, generator, data: { left } } = header;
  const report = { runId: run.id, title, taken, redacted, generator, left };
  const app = new App<State>()
    .use((ctx) => {
      Object.assign(ctx.state, { catalog, hub: null, report });
      return ctx.next();
    })
    .setProject({ routes, boot: jsonBoot, link })
    .fsRoutes();
  return { handler: app.handler(), catalog };
}

/** A page's islands as a block of JSON: the names of their components, and what `boot` reads. */
const jsonBoot: PageProject["boot"] = (page) => {
  const names = JSON.stringify(page.refs.map(({ entry, exportName }) => [entry, exportName]));
  const json = `{"components":${names},"islands":${islandsJson(page)}}`;
  return `<script type="application/json" id="${ISLANDS_ID}">${json}</script>`;
};
