import type { TaskSamples, TrySamples } from "../../model/tasks/samples.ts";
import type { LineSeries, LinesSpec, ValueFormat } from "./chart.ts";
import { count } from "../../looks/format.ts";
import { appColor } from "../../looks/palette.ts";

/** A chart of a task's samples. */
export interface TaskChart {
  title: string;
  spec: LinesSpec;
}

/** What is measured of a try, and how it is called. */
type Measure = [what: "memory" | "cpu" | "read" | "write", label: string];

/** The charts of a task's samples: a line for each try, which no line joins to another. */
export function taskCharts({ tries }: TaskSamples): TaskChart[] {
  const chart = (title: string, label: string, format: ValueFormat, ...measures: Measure[]) => ({
    title,
    spec: linesSpec(
      label,
      format,
      tries.length === 1 ? ofOne(tries[0], measures) : measures
        .flatMap(([what]) => ofEach(tries, what)),
    ),
  });
  const memory = chart("Memory", "memory", "bytes", ["memory", "resident"]);
  const cpu = chart("CPU time of the worker process", "CPU time", "seconds", [
    "cpu",
    "user + system",
  ]);
  const [read, write]: Measure[] = [["read", "read"], ["write", "written"]];
  if (tries.length === 1) return [memory, cpu, chart("I/O", "bytes", "bytes", read, write)];
  return [
    memory,
    cpu,
    chart("I/O: read", "bytes", "bytes", read),
    chart("I/O: written", "bytes", "bytes", write),
  ];
}

/** What of a task's samples its charts do not show, in words; null when they show all. */
export function samplesLeft({ recorded, shown, moreTries, tries }: TaskSamples): string | null {
  const left: string[] = [];
  if (moreTries > 0) {
    left.push(`the newest ${count(tries.length)} of ${count(tries.length + moreTries)} tries`);
  }
  if (shown < recorded) left.push(`${count(shown)} of ${count(recorded)} samples`);
  return left.length > 0 ? `Drawn: ${left.join(", ")}; all of them are in the CSV.` : null;
}

function ofOne(samples: TrySamples, measures: Measure[]): LineSeries[] {
  return measures.map(([what, label], i) => ({
    name: what,
    label,
    color: i === 0 ? "var(--accent)" : `var(--app-${i})`,
    x: samples.time,
    values: samples[what],
  }));
}

function ofEach(tries: TrySamples[], what: Measure[0]): LineSeries[] {
  return tries.map((samples, i) => ({
    name: `try ${samples.tryId}`,
    label: `try ${samples.tryId}`,
    color: appColor(i),
    x: samples.time,
    values: samples[what],
  }));
}

/** Lines over the times of all of them. */
function linesSpec(label: string, format: ValueFormat, series: LineSeries[]): LinesSpec {
  const x = [...new Set(series.flatMap((line) => line.x))].sort((a, b) => a - b);
  return { kind: "lines", x, series, y: { label, format } };
}
