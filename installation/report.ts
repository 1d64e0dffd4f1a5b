/** What reports are made with, from the project's folder. A bundle has it inside (bundle/modules.ts). */
import {
  assetNames,
  carriedModules,
  makeAssets,
  type ReportAssets,
} from "../export/make/carried.ts";
import type { ReportCode } from "../export/app/report_app.ts";
import { UserError } from "../errors.ts";
import { type Built, cachedBuild, NotBuilt } from "../fresh/build_cache.ts";
import { readAsset } from "./files.ts";
import { importIslands, importRoutes } from "../fresh/modules.ts";

let assets: Promise<ReportAssets> | undefined;
let code: Promise<ReportCode> | undefined;

/** The modules of the pages that a report carries, imported once. */
export function reportCode(): Promise<ReportCode> {
  return code ??= carriedModules().then(async ({ routes, islands }) => ({
    routes: await importRoutes(routes),
    islands: [...await importIslands(islands)].map(([entry, mod]) => ({ entry, mod })),
  }));
}

/** What every report carries: made once, and again when something that it is made of has changed. */
export function reportAssets(): Promise<ReportAssets> {
  return assets ??= ownAssets().catch((error) => {
    assets = undefined;
    throw error instanceof NotBuilt ? new UserError(error.message) : error;
  });
}

async function makeOwn(): Promise<Built<ReportAssets>> {
  return await makeAssets(await readAsset("elk-worker.js"));
}

async function ownAssets(): Promise<ReportAssets> {
  const root = new URL("..", import.meta.url);
  return await cachedBuild(root, "report", JSON.stringify(await assetNames()), makeOwn);
}
