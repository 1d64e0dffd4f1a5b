import { commandModule } from "./commands.ts";
import { onFault, Stopped } from "./cli/stop.ts";
import { USAGE, UsageError } from "./cli/usage.ts";
import { UserError } from "./errors.ts";
import { complain, say, warn } from "./say.ts";

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
  onFault();
  try {
    if (await main(args) === "help") say(...USAGE.split("\n"));
  } catch (error) {
    if (error instanceof Stopped) Deno.exit(error.status);
    if (error instanceof UserError) {
      const [sentence, ...more] = error.lines;
      warn(`parsloscope: ${sentence}`, ...more);
      Deno.exit(error.status);
    }
    complain(error, "parsloscope failed: ");
    Deno.exit(1);
  }
}

if (import.meta.main) await run(Deno.args);
