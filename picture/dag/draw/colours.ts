/** What tasks can be coloured by: what each colouring is called, and what its bytes look like. */
import { DAG_COLOURS, type DagColour, type DagView } from "../../../model/dag/view.ts";
import {
  DURATION_BUCKETS,
  leastDuration,
  MOST_HOSTS,
  MOST_TRIES,
  NO_BUCKET,
  OTHER_HOST,
} from "../../../model/dag/buckets.ts";
import { count, duration } from "../../../looks/format.ts";
import { APP_COLORS, appColor, stateLabel, stateVar } from "../../../looks/palette.ts";
import { mixed, spread, type Theme } from "../../../looks/theme.ts";

/** One colour of the legend and the tasks it stands for: those whose byte is `bucket`. */
export interface LegendEntry {
  bucket: number;
  label: string;
  /** How many tasks, as text; empty when that is not known. */
  tasks: string;
}

/** The entries of a legend, most important first; `more` have no room. */
export interface Legend {
  entries: LegendEntry[];
  more: number;
}

interface Colouring {
  /** What the control calls it. */
  label: string;
  /** Whether its colours are those from little to much. */
  scale: boolean;
  legend(view: DagView): Legend;
  /** Puts the colour of each byte in its place; the others are of what is not known. */
  paint(colours: string[], view: DagView, theme: Theme): void;
  /** The colour of a byte by custom properties, so that it follows the theme without script. */
  swatch(bucket: number, view: DagView): string;
}

/** Entries of a legend, whose rows scroll. */
const MOST_ENTRIES = 40;
/** The colours that a scale has in the style sheets. */
const STOPS = 5;

const COLOURINGS: Record<DagColour, Colouring> = {
  apps: {
    label: "app",
    scale: false,
    legend({ appCounts, apps }) {
      const present = presentIn(appCounts);
      present.sort((a, b) => appCounts[b] - appCounts[a] || a - b);
      return counted(present, apps, appCounts);
    },
    paint(colours, _, { apps }) {
      for (let at = 0; at < colours.length; at++) colours[at] = apps[at % apps.length];
    },
    swatch: (bucket) => appColor(bucket),
  },
  states: {
    label: "state",
    scale: false,
    legend: ({ stateCounts, states }) =>
      counted(presentIn(stateCounts), states.map(stateLabel), stateCounts),
    paint(colours, { states }, theme) {
      states.forEach((name, at) => colours[at] = theme.state(name));
    },
    swatch: (bucket, { states }) => stateVar(states[bucket]),
  },
  duration: {
    label: "duration",
    scale: true,
    legend: () =>
      listed([
        ...Array.from({ length: DURATION_BUCKETS }, (_, at) => entry(at, durationLabel(at))),
        entry(NO_BUCKET, "never ran"),
      ]),
    paint(colours, _, { ramp, line }) {
      spread(ramp, DURATION_BUCKETS).forEach((value, at) => colours[at] = value);
      colours[NO_BUCKET] = line;
    },
    swatch: (bucket) =>
      bucket === NO_BUCKET ? NONE : onScale("ramp", bucket * (STOPS - 1) / (DURATION_BUCKETS - 1)),
  },
  host: {
    label: "host",
    scale: false,
    legend({ colours }) {
      const hosts = colours?.hosts ?? [];
      const shown = hosts.slice(0, MOST_ENTRIES).map((host, at) => entry(at, host));
      const others = hosts.length >= MOST_HOSTS ? [entry(OTHER_HOST, "other hosts")] : [];
      return {
        entries: [...shown, ...others, entry(NO_BUCKET, "no host")],
        more: hosts.length - shown.length,
      };
    },
    paint(colours, _, theme) {
      for (let at = 0; at < OTHER_HOST; at++) {
        const [towards, share] = hostShade(at);
        colours[at] = mixed(theme.apps[at % theme.apps.length], theme[towards], share);
      }
      colours[NO_BUCKET] = theme.line;
    },
    swatch(bucket) {
      if (bucket === NO_BUCKET) return NONE;
      if (bucket === OTHER_HOST) return "var(--state-unknown)";
      const [towards, share] = hostShade(bucket);
      return `color-mix(in srgb, ${appColor(bucket)}, var(--${towards}) ${share * 100}%)`;
    },
  },
  tries: {
    label: "tries",
    scale: true,
    legend: () =>
      listed([
        ...Array.from({ length: MOST_TRIES }, (_, at) => entry(at + 1, triesLabel(at + 1))),
        entry(NO_BUCKET, "none yet"),
      ]),
    paint(colours, _, { tries, line }) {
      tries.forEach((value, at) => colours[at + 1] = value);
      colours[NO_BUCKET] = line;
    },
    swatch: (bucket) =>
      bucket === NO_BUCKET ? NONE : onScale("tries", (bucket - 1) * (STOPS - 1) / (MOST_TRIES - 1)),
  },
};

/** What tasks can be coloured by, in the order of the control. */
export const COLOURS: readonly { colour: DagColour; label: string }[] = DAG_COLOURS.map(
  (colour) => ({ colour, label: COLOURINGS[colour].label }),
);

/** Whether a text from an address names a colouring. */
export function isColour(text: string | null): text is DagColour {
  return COLOURS.some(({ colour }) => colour === text);
}

/** Whether the colours of a colouring are those from little to much. */
export function isScale(colour: DagColour): boolean {
  return COLOURINGS[colour].scale;
}

/** The legend of a view. */
export function legendEntries(view: DagView, colour: DagColour): Legend {
  return COLOURINGS[colour].legend(view);
}

/** The colour of each byte of a task's cell, as `#rrggbb`. */
export function cellColours(view: DagView, colour: DagColour, theme: Theme): string[] {
  const colours = new Array<string>(256).fill(theme.unknown);
  COLOURINGS[colour].paint(colours, view, theme);
  return colours;
}

/** The colour of a byte by custom properties, so that it follows the theme without script. */
export function swatchOf(view: DagView, colour: DagColour, bucket: number): string {
  return COLOURINGS[colour].swatch(bucket, view);
}

/** The least run time in a bucket, as text. */
export function durationLabel(bucket: number): string {
  return bucket === 0 ? "under 2 ms" : duration(leastDuration(bucket));
}

function triesLabel(tries: number): string {
  return tries === 1 ? "1 try" : tries === MOST_TRIES ? `${tries} or more` : `${tries} tries`;
}

/**
 * How the colour of a host differs from the app colour of the same index, which repeats: mixed with
 * the page's background or its text by a share.
 */
function hostShade(index: number): ["bg" | "fg", number] {
  const round = Math.floor(index / APP_COLORS);
  return round === 0 ? ["bg", 0] : round % 2 ? ["bg", 0.5] : ["fg", 0.45];
}

/** The colour of what there is none of. */
const NONE = "var(--line)";

/** A colour on a scale of {@link STOPS} colours, from 0 on. */
function onScale(name: "ramp" | "tries", place: number): string {
  const low = Math.min(STOPS - 2, Math.floor(place));
  const share = Math.round((place - low) * 100);
  return `color-mix(in srgb, var(--dag-${name}-${low + 1}) ${share}%, var(--dag-${name}-${low}))`;
}

function entry(bucket: number, label: string, tasks = ""): LegendEntry {
  return { bucket, label, tasks };
}

function listed(entries: LegendEntry[]): Legend {
  return { entries, more: 0 };
}

function presentIn(counts: readonly number[]): number[] {
  return counts.map((_, at) => at).filter((at) => counts[at] > 0);
}

/** The first of what some tasks have, with how many have it. */
function counted(
  present: readonly number[],
  names: readonly string[],
  counts: readonly number[],
): Legend {
  const shown = present.slice(0, MOST_ENTRIES);
  return {
    entries: shown.map((at) => entry(at, names[at], count(counts[at]))),
    more: present.length - shown.length,
  };
}
