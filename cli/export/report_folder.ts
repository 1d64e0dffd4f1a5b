/** The folder that the reports of all runs are written to. */
import { join } from "node:path";
import { fileName, reportName } from "../../model/figures/report_name.ts";
import type { CatalogEntry } from "../../live/runs/catalog.ts";
import { messageOf } from "../../errors.ts";
import { ExportError } from "../../export/export_error.ts";
import { claimFile } from "./report_file.ts";

/** The page that lists the reports. */
export const INDEX = "index.html";

/** A path for the report of each run, in their order; no two are equal on any system. */
export function reportPaths(folder: string, entries: readonly CatalogEntry[]): string[] {
  const taken = new Set([INDEX]);
  return entries.map(({ workflow }) => {
    let name = reportName(workflow);
    if (taken.has(name.toLowerCase())) {
      const id = fileName(workflow.runId.slice(8));
      name = name.replace(/\.html$/, `${id === "" ? taken.size : id}.html`);
    }
    taken.add(name.toLowerCase());
    return join(folder, name);
  });
}

/**
 * Makes the folder, if it is not there, and makes sure that the reports may be written to it.
 *
 * @throws {ExportError} when they may not.
 */
export async function claimFolder(folder: string, paths: string[], force: boolean): Promise<void> {
  try {
    await Deno.mkdir(folder, { recursive: true });
  } catch (error) {
    throw new ExportError(
      `The folder ${folder} cannot be made (${messageOf(error)}); name another with -o.`,
    );
  }
  for (const path of [...paths, join(folder, INDEX)]) await claimFile(path, force);
}
