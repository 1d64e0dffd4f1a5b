/** What reports are made with, from the project's folder. A bundle has it inside (bundle/report.ts). */
import { carriedModules } from "../export/assets.ts";
import type { ReportCode } from "../export/report_app.ts";
import { importIslands, importRoutes } from "../fresh/modules.ts";

export { reportAssets } from "../export/assets.ts";

let code: Promise<ReportCode> | undefined;

/** The modules of the pages that a report carries, imported once. */
export function reportCode(): Promise<ReportCode> {
  return code ??= carriedModules().then(async ({ routes, islands }) => ({
    routes: await importRoutes(routes),
    islands: [...await importIslands(islands)].map(([entry, mod]) => ({ entry, mod })),
  }));
}
