import { type DagColour, type DagView, ofNode } from "../../model/dag/view.ts";
import { count } from "../../looks/format.ts";
import { isScale, legendEntries, swatchOf } from "../../picture/dag/draw/colours.ts";
import { NO_BUCKET } from "../../model/dag/buckets.ts";
import { Swatch } from "../marks.tsx";

interface LegendProps {
  view: DagView;
  colour: DagColour;
  /** Bytes picked; none picked shows all. */
  picked: ReadonlySet<number>;
  /** "/workflow/<run_id>", no slash at the end. */
  basePath: string;
  onPick: (bucket: number) => void;
}

/** What the colours mean, each entry a button that dims the others. */
export function DagLegend({ view, colour, picked, basePath, onPick }: LegendProps) {
  const { entries, more } = legendEntries(view, colour);
  return (
    <div
      class={`picture-legend ${isScale(colour) ? "dag-scale" : ""}`}
      role="group"
      aria-label={`Colours by ${colour}`}
    >
      {entries.map(({ bucket, label, tasks }) => (
        <button
          type="button"
          key={bucket}
          class={bucket === NO_BUCKET ? "dag-none" : undefined}
          aria-pressed={picked.has(bucket)}
          onClick={() => onPick(bucket)}
        >
          <Swatch colour={swatchOf(view, colour, bucket)} />
          {label}
          {tasks && <span>{tasks}</span>}
        </button>
      ))}
      {more > 0 && <a href={`${basePath}/#apps`}>and {count(more)} more</a>}
      {hasJoins(view) && (
        <span class="dag-join">
          <i /> join: waits for the tasks it made
        </span>
      )}
    </div>
  );
}

/** Whether any of the nodes is a join, or has one. */
function hasJoins({ nodes }: DagView): boolean {
  return nodes.some((node) =>
    ofNode(node, { task: ({ join }) => join, group: ({ joins }) => joins > 0 })
  );
}
