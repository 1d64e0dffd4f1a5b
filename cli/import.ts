/** `parsloscope import`: makes a monitoring database of a trace or a report. */
import { progressLine } from "./progress_line.ts";
import { type ImportedReport, importReport } from "../import/import_report.ts";
import { type Imported, importTrace } from "../import/import_trace.ts";
import { claimOutput } from "../import/output.ts";
import { importLimits, MAX_UNPACKED_MIB } from "../import/limits.ts";
import { readSource } from "../import/source.ts";
import { abortOnStop } from "./stop.ts";
import { COMMON_OPTIONS, countOf, parse, UsageError } from "./usage.ts";
import { say } from "../say.ts";

/** What of a run a report may lack, and what that means for the database. */
const LEFT = new Map(Object.entries({
  block: "Of rows that repeat a block's status, only the first and the last are in the report.",
  resource: "The samples of tasks are not in the report: the database has no CPU time and memory " +
    "of them. Reports made with --full have them.",
  node: "Of managers' reports that say the same, only the first and the last are in the report.",
  microseconds: "Times are in the report, and in the database, to the millisecond, rounded up.",
}));

/** Reads one file, tells by its content what it is, and writes one database. */
export async function importFile(args: string[]): Promise<"help" | void> {
  const { values, positionals } = parse(args, {
    ...COMMON_OPTIONS,
    force: { type: "boolean", default: false },
    "max-unpacked": { type: "string", default: String(MAX_UNPACKED_MIB) },
  });
  if (values.help) return "help";
  if (positionals.length !== 2) {
    throw new UsageError(
      "import takes a trace or a report, and a database: import TRACE.json OUT.db.",
    );
  }
  const [path, target] = positionals;
  const limits = importLimits(countOf("max-unpacked", values["max-unpacked"]));
  const { kind, text } = await readSource(path, limits);
  const output = await claimOutput(target, values.force);
  // Until something is written, signals end the program as they do by themselves.
  const begin = abortOnStop;
  const { force } = values;
  if (kind === "html") {
    const line = progressLine(`Importing ${path}`);
    const progress = (share: number) => line.update(share);
    const imported = await importReport(text, path, output, force, progress, begin, limits)
      .finally(() => line.clear());
    describeReport(imported, output);
  } else describe(await importTrace(text, path, output, force, begin, limits), output);
}

function describeReport({ header, rows }: ImportedReport, output: string): void {
  const { run, made, generator, redacted, data } = header;
  say(`${run.name} is now run ${run.id} of ${output}`);
  const tasks = count(rows.get("task") ?? 0);
  say(`  ${tasks} tasks, from a report that ${generator} made on ${made.slice(0, 10)}`);
  const tables = [...rows].map(([table, number]) => `${table} ${count(number)}`);
  say(`  Rows: ${tables.join(", ")}`);
  for (const { what, text } of data.left) say(`  ${LEFT.get(what) ?? text}`);
  if (redacted) {
    say(
      "  The report is redacted: hosts, users and paths have stand-ins, arguments are left out.",
    );
  }
}

function describe(imported: Imported, output: string): void {
  const { trace, runId, known, refused, edges, length, remarks } = imported;
  const { tasks, machines, unknownLinks } = trace;
  say(`${trace.name}, run by ${trace.system}, is now run ${runId} of ${output}`);
  say(
    `  ${count(tasks.length)} tasks, ${count(edges)} dependencies, ${count(machines.length)} ` +
      `machines, ${count(Math.round(length))} s`,
  );
  if (known < tasks.length) {
    const which = known === 0 ? "No task's start" : `The start of only ${count(known)} tasks`;
    const taken = refused === 0 ? "in the trace" : "taken from the trace";
    say(`  ${which} is ${taken}; the others' follow from run times and makespan.`);
  }
  if (unknownLinks > 0) {
    say(`  ${count(unknownLinks)} links to tasks that the trace does not have: left out.`);
  }
  for (const remark of remarks) say(`  ${remark}`);
}

function count(value: number): string {
  return value.toLocaleString("en");
}
