/**
 * The commands' modules, loaded when they are called. Deno reads what a program imports by name
 * before it starts, also what it imports late, and reading all modules takes as long as all the rest
 * of a start; so these are named by addresses that it cannot see. A bundle has them inside.
 */
interface CommandModules {
  visualize: typeof import("./cli/visualize.ts");
  hub: typeof import("./cli/hub.ts");
  demo: typeof import("./cli/demo.ts");
  import: typeof import("./cli/import.ts");
  export: typeof import("./cli/export.ts");
}

/** What the command line can be asked for; each is a module of `cli/`. */
export type CommandName = keyof CommandModules;

/** All of them. */
export const COMMAND_NAMES = Object.keys(
  { visualize: 0, hub: 0, demo: 0, import: 0, export: 0 } satisfies Record<CommandName, 0>,
) as CommandName[];

/** Loads the module of a command. */
export function commandModule<Name extends CommandName>(
  name: Name,
): Promise<CommandModules[Name]> {
  return import(new URL(`cli/${name}.ts`, import.meta.url).href);
}
