import type { Series, UsageSeries } from "../../model/figures/series.ts";
import type { AreaSpec, ValueFormat } from "./chart.ts";
import { count } from "../../looks/format.ts";
import { stateOf, type TaskState } from "../../parsl/states.ts";
import { appColor, stateLabel, stateVar } from "../../looks/palette.ts";

/** The chart of tasks per state over time. */
export function statesSpec(series: Series): AreaSpec {
  const order = [...series.series].sort((a, b) => rank(a.name) - rank(b.name));
  return {
    kind: "area",
    x: series.edges,
    stacked: true,
    y: { label: "tasks", format: "count" },
    series: order.map((s) => ({
      name: s.name,
      label: stateLabel(s.name),
      color: stateVar(s.name),
      values: s.values,
    })),
  };
}

/** From the axis up: finished states first, so that progress grows from it. */
const STACK: readonly (TaskState | "")[] = [
  "exec_done",
  "memo_done",
  "failed",
  "dep_fail",
  "fail_retryable",
  "joining",
  // Those that are not known.
  "",
  "running_ended",
  "running",
  "launched",
  "pending",
];

function rank(state: string): number {
  return STACK.indexOf(stateOf(state) ?? "");
}

/** The name by which the apps without a series of their own are hidden. */
const OTHERS = "others:";

/** The chart of running tasks per app over time. */
export function appsSpec(series: Series): AreaSpec {
  return {
    kind: "area",
    x: series.edges,
    stacked: true,
    y: { label: "running tasks", format: "count" },
    series: series.series.map(({ name, values, others }, i) =>
      others === undefined ? { name, label: name, color: appColor(i), values } : {
        // No app is named so.
        name: OTHERS,
        label: `${count(others)} other ${others === 1 ? "app" : "apps"}`,
        color: "var(--state-unknown)",
        values,
      }
    ),
  };
}

/** The chart of something used, against what there was. */
export function usageSpec(
  data: UsageSeries,
  label: string,
  format: ValueFormat,
  capacityLabel: string,
): AreaSpec {
  return {
    kind: "area",
    x: data.edges,
    stacked: false,
    y: { label, format },
    series: data.series.map((s) => ({
      name: s.name,
      label: s.name,
      color: "var(--accent)",
      values: s.values,
    })),
    capacity: data.capacity.some((v) => v !== null)
      ? { label: capacityLabel, values: data.capacity }
      : undefined,
  };
}
