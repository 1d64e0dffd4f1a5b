import { isFinal, LIFECYCLE, stateOf, type TaskState } from "../parsl/states.ts";

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

const LABELS: Record<TaskState, string> = {
  pending: "pending",
  launched: "launched",
  running: "running",
  running_ended: "returning",
  joining: "joining",
  fail_retryable: "retrying",
  exec_done: "done",
  memo_done: "memoized",
  failed: "failed",
  dep_fail: "not run (dependency failed)",
};

/** Parsl's task states in the order in which a task passes through them. */
export const STATES: readonly StateStyle[] = LIFECYCLE.map((name) => ({
  name,
  label: LABELS[name],
  final: isFinal(name),
  cssVar: `--state-${name}`,
}));

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
