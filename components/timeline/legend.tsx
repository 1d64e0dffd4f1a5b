import { APP_LINES } from "../../model/run/app_lines.ts";
import type { TimelineView } from "../../model/timeline/view.ts";
import { stateOf } from "../../parsl/states.ts";
import { count } from "../../looks/format.ts";
import { appColor, stateVar, tryLabel } from "../../looks/palette.ts";
import { runPath } from "../run_header.tsx";
import type { TimelineColour } from "../../picture/timeline/frame.ts";
import { Swatch } from "../marks.tsx";

/** Entries of a legend, whose rows scroll. */
const MOST = 40;

interface Entry {
  /** Index of the app or the state. */
  bucket: number;
  label: string;
  colour: string;
  tries?: number;
}

interface LegendProps {
  view: TimelineView;
  colour: TimelineColour;
  /** Indexes picked; none picked shows all. */
  picked: ReadonlySet<number>;
  onPick: (bucket: number) => void;
}

/** What the colours mean, each entry a button that dims the others. */
export function TimelineLegend({ view, colour, picked, onPick }: LegendProps) {
  const { entries, uncounted } = LEGENDS[colour](view);
  const more = Math.max(0, entries.length - MOST) + uncounted;
  return (
    <div class="picture-legend" role="group" aria-label={`Colours by ${colour}`}>
      {entries.slice(0, MOST).map(({ bucket, label, colour, tries }) => (
        <button
          type="button"
          key={bucket}
          aria-pressed={picked.has(bucket)}
          onClick={() => onPick(bucket)}
        >
          <Swatch colour={colour} />
          {label}
          {tries !== undefined && <span>{count(tries)}</span>}
        </button>
      ))}
      {more > 0 && (
        <a href={`${runPath(view.head.runId)}/#apps`}>
          and {count(more)} more
        </a>
      )}
    </div>
  );
}

/** Apps whose tries are counted: of very many, the last count stands for all that came later. */
function countedApps({ apps }: TimelineView): number {
  return apps.length > APP_LINES ? APP_LINES - 1 : apps.length;
}

function appEntries(view: TimelineView): Entry[] {
  const { apps, triesOfApp } = view;
  return triesOfApp.slice(0, countedApps(view))
    .map((tries, bucket) => ({
      bucket,
      label: apps[bucket],
      colour: appColor(bucket),
      tries,
    }))
    .filter(({ tries }) => tries > 0)
    .sort((a, b) => b.tries - a.tries || a.bucket - b.bucket);
}

/** The entries of a legend, and how many it cannot have for they were not counted. */
const LEGENDS: Record<
  TimelineColour,
  (view: TimelineView) => { entries: Entry[]; uncounted: number }
> = {
  apps: (view) => ({
    entries: appEntries(view),
    uncounted: view.apps.length - countedApps(view),
  }),
  states: (view) => ({ entries: stateEntries(view), uncounted: 0 }),
};

/** States that no try on a worker is in. */
const NEVER = new Set(["pending", "memo_done", "dep_fail"]);

/** The states that tries on workers can be in. */
function stateEntries({ states, head, hosts }: TimelineView): Entry[] {
  const present = new Set(head.states.filter((state) => state.count > 0).map(({ name }) => name));
  for (const name of present) if (NEVER.has(stateOf(name) ?? "")) present.delete(name);
  if (hosts.some(({ failed }) => failed > 0)) present.add("fail_retryable");
  return states.flatMap((name, bucket) =>
    present.has(name)
      ? [{
        bucket,
        label: tryLabel(name),
        colour: stateVar(name),
      }]
      : []
  );
}
