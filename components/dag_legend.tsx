import type { DagNode, DagView } from "../model/dag.ts";
import { nodeStates } from "./dag_shape.ts";
import { count } from "./format.ts";
import { appColor, stateLabel, stateVar } from "./palette.ts";

const MOST = 24;

interface LegendProps {
  view: DagView;
  /** Indexes of the apps or states picked; none picked shows all. */
  picked: ReadonlySet<number>;
  onPick: (index: number) => void;
}

/** The apps or states that have tasks, each a button that filters the drawing. */
export function DagLegend({ view, picked, onPick }: LegendProps) {
  const byApp = view.colour === "apps";
  const counts = byApp ? view.appCounts : view.stateCounts;
  const names = byApp ? view.apps : view.states.map(stateLabel);
  const present = counts.map((_, index) => index).filter((index) => counts[index] > 0);
  const shown = byApp
    ? present.sort((a, b) => counts[b] - counts[a] || a - b).slice(0, MOST)
    : present;
  return (
    <div class="dag-legend" role="group" aria-label={byApp ? "Apps" : "States"}>
      {shown.map((index) => (
        <button
          type="button"
          key={index}
          aria-pressed={picked.has(index)}
          onClick={() => onPick(index)}
        >
          <i style={{ background: byApp ? appColor(index) : stateVar(view.states[index]) }} />
          {names[index]} <span>{count(counts[index])}</span>
        </button>
      ))}
      {shown.length < present.length && <span>and {present.length - shown.length} more apps</span>}
    </div>
  );
}

/** Whether a node has a task of a picked app or state. */
export function isPicked(view: DagView, node: DagNode, picked: ReadonlySet<number>): boolean {
  if (picked.size === 0) return true;
  return view.colour === "apps"
    ? picked.has(node.app)
    : nodeStates(node).some(([state]) => picked.has(state));
}
