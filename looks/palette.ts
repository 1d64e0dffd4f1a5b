import { stateOf } from "../parsl/states.ts";

/** One task state as the interface shows it. */
export interface StateStyle {
  /** Parsl's name, as in `parsl.dataflow.states.States`. */
  name: string;
  /** What people read. */
  label: string;
  /** No further state follows. */
  final: boolean;
  /** The CSS custom property that holds its colour, light and dark, in `static/style.css`. */
  cssVar: string;
}

function state(name: string, label: string, final: boolean): StateStyle {
  return { name, label, final, cssVar: `--state-${name}` };
}

/** Parsl's task states in the order in which a task passes through them. */
export const STATES: readonly StateStyle[] = [
  state("pending", "pending", false),
  state("launched", "launched", false),
  state("running", "running", false),
  state("running_ended", "returning", false),
  state("joining", "joining", false),
  state("fail_retryable", "retrying", false),
  state("exec_done", "done", true),
  state("memo_done", "memoized", true),
  state("failed", "failed", true),
  state("dep_fail", "not run (dependency failed)", true),
];

const BY_NAME: ReadonlyMap<string, StateStyle> = new Map(STATES.map((s) => [s.name, s]));

/** The style of a state by any release's name; `undefined` for one that Parsl may yet invent. */
export function stateStyle(name: string): StateStyle | undefined {
  return BY_NAME.get(stateOf(name) ?? "");
}

/** The class of a state's mark, `state-…`: that of today's name of it. */
export function stateClass(name: string): string {
  return `state-${stateOf(name) ?? name}`;
}

/** What people read for a state; an unknown name is shown as it is, without underscores. */
export function stateLabel(name: string): string {
  return BY_NAME.get(name)?.label ?? name.replaceAll("_", " ");
}

/** What people read for the state that a try ended in: one that is tried again has failed. */
export function tryLabel(name: string): string {
  return stateOf(name) === "fail_retryable" ? "failed, tried again" : stateLabel(name);
}

/** The CSS colour of a state, `var(--state-…)`; unknown names get `--state-unknown`. */
export function stateVar(name: string): string {
  const known = stateStyle(name);
  return known ? `var(${known.cssVar}, var(--state-unknown))` : "var(--state-unknown)";
}

/** How many app colours there are before they repeat; `--app-0` … in `static/style.css`. */
export const APP_COLORS = 12;

/**
 * The CSS colour of the app at `index` (0, 1, …; cycled). The colours keep apart for
 * colour-blind eyes, the first ones best. Not an index (negative, NaN): `--state-unknown`.
 */
export function appColor(index: number): string {
  if (!(index >= 0)) return "var(--state-unknown)";
  return `var(--app-${Math.floor(index) % APP_COLORS})`;
}
