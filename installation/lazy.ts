/**
 * Modules that are loaded when they are needed. Deno reads what a program imports by name before it
 * starts, also what it imports late, and reading all modules takes as long as all the rest of a
 * start; so these are named by addresses that it cannot see. A bundle has them inside.
 */
interface LateModules {
  "cli/visualize": typeof import("../cli/visualize.ts");
  "cli/hub": typeof import("../cli/hub.ts");
  "cli/demo": typeof import("../cli/demo.ts");
  "cli/import": typeof import("../cli/import.ts");
  "cli/export": typeof import("../cli/export.ts");
  "export/make/export_run": typeof import("../export/make/export_run.ts");
}

/** The name of such a module: its path below the root. */
export type LateName = keyof LateModules;

/** All of them. */
export const LATE_NAMES: readonly LateName[] = [
  "cli/visualize",
  "cli/hub",
  "cli/demo",
  "cli/import",
  "cli/export",
  "export/make/export_run",
];

/** Loads a module. */
export function late<Name extends LateName>(name: Name): Promise<LateModules[Name]> {
  return import(new URL(`../${name}.ts`, import.meta.url).href);
}
