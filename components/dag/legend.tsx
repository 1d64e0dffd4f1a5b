import type { DagColour, DagView } from "../../model/dag/view.ts";
import { count } from "../../looks/format.ts";
import { hostShade, legendEntries } from "../../picture/dag/draw/colours.ts";
import { NO_BUCKET } from "../../model/dag/buckets.ts";
import { appColor, stateVar } from "../../looks/palette.ts";

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
  const scale = colour === "duration" || colour === "tries";
  return (
    <div
      class={`picture-legend ${scale ? "dag-scale" : ""}`}
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
          <i style={{ background: swatch(view, colour, bucket) }} />
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
  return nodes.some((node) => node.kind === "task" ? node.join : node.joins > 0);
}

/** The colour of a bucket, by custom properties, so that it follows the theme without script. */
function swatch(view: DagView, colour: DagColour, bucket: number): string {
  if (colour === "states") return stateVar(view.states[bucket]);
  if (colour === "apps") return appColor(bucket);
  if (bucket === NO_BUCKET) return "var(--line)";
  if (colour === "host") {
    if (bucket === 254) return "var(--state-unknown)";
    const [towards, share] = hostShade(bucket);
    return `color-mix(in srgb, ${appColor(bucket)}, var(--${towards}) ${share * 100}%)`;
  }
  const [name, place] = colour === "duration"
    ? ["ramp", bucket * 4 / 15]
    : ["tries", (bucket - 1) * 4 / 8];
  const low = Math.min(3, Math.floor(place));
  const share = Math.round((place - low) * 100);
  return `color-mix(in srgb, var(--dag-${name}-${low + 1}) ${share}%, var(--dag-${name}-${low}))`;
}
