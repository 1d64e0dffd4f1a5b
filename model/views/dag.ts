/** The DAG page. */
import type { DagNodes } from "../dag/nodes.ts";
import { runDagView } from "../dag/run.ts";
import type { DagColour, DagView } from "../dag/view.ts";
import type { Run } from "../run/run.ts";
import { type RunHead, runHead } from "./head.ts";

/** The DAG page. */
export interface DagPageView {
  head: RunHead;
  dag: DagView;
  /** What it was asked to be drawn of; null for whatever reads best. */
  nodes: DagNodes | null;
}

/** The DAG of a run, of `nodes` or of what reads best. */
export function dagPageView(
  run: Run,
  now: number,
  colour: DagColour,
  nodes?: DagNodes,
): DagPageView {
  return { head: runHead(run, now), dag: runDagView(run, colour, nodes), nodes: nodes ?? null };
}
