/** `parsloscope import`: makes a monitoring database of what another program recorded. */
import { ImportError } from "../import/import_error.ts";
import { type Imported, importTrace } from "../import/import_trace.ts";
import { claimOutput } from "../import/output.ts";
import { readSource } from "../import/source.ts";
import { COMMON_OPTIONS, parse, UsageError } from "./usage.ts";

/** Reads one file, tells by its content what it is, and writes one database. */
export async function importFile(args: string[]): Promise<"help" | void> {
  const { values, positionals } = parse(args, {
    ...COMMON_OPTIONS,
    force: { type: "boolean", default: false },
  });
  if (values.help) return "help";
  if (positionals.length !== 2) {
    throw new UsageError("import takes a trace and a database: import TRACE.json OUT.db.");
  }
  const [path, target] = positionals;
  const { kind, text } = await readSource(path);
  if (kind === "html") {
    throw new ImportError(`${path} is a page; only workflow traces can be imported as yet.`);
  }
  const output = await claimOutput(target, values.force);
  describe(await importTrace(text, path, output, values.force), output);
}

function describe({ trace, runId, known, edges, length }: Imported, output: string): void {
  const count = (value: number) => value.toLocaleString("en");
  const { tasks, machines, unknownLinks } = trace;
  console.log(`${trace.name}, run by ${trace.system}, is now run ${runId} of ${output}`);
  console.log(
    `  ${count(tasks.length)} tasks, ${count(edges)} dependencies, ${count(machines.length)} ` +
      `machines, ${count(Math.round(length))} s`,
  );
  if (known < tasks.length) {
    const which = known === 0 ? "No task's start" : `The start of only ${count(known)} tasks`;
    console.log(`  ${which} is in the trace; the others' follow from run times and makespan.`);
  }
  if (unknownLinks > 0) {
    console.log(`  ${count(unknownLinks)} links to tasks that the trace does not have: left out.`);
  }
}
