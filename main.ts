import { commandModule } from "./commands.ts";
import { USAGE, UsageError } from "./cli/usage.ts";
import { UserError } from "./errors.ts";

/** Each command in a module of its own, so that a hub does not load what only pages need. */
async function main([command, ...args]: string[]): Promise<"help" | void> {
  switch (command) {
    case "visualize":
      return await (await commandModule("visualize")).visualize(args);
    case "hub":
      return await (await commandModule("hub")).hub(args);
    case "demo":
      return await (await commandModule("demo")).demo(args);
    case "import":
      return await (await commandModule("import")).importFile(args);
    case "export":
      return await (await commandModule("export")).exportRuns(args);
    case undefined:
    case "help":
    case "-h":
    case "--help":
      return "help";
    default:
      throw new UsageError(`There is no command "${command}"; --help lists them.`);
  }
}

/** Runs a command; what is the user's to put right is one sentence and an exit status. */
export async function run(args: string[]): Promise<void> {
  try {
    if (await main(args) === "help") console.log(USAGE);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    console.error(`parsloscope: ${error.message}`);
    Deno.exit(error.status);
  }
}

if (import.meta.main) await run(Deno.args);
