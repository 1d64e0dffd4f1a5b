import type { DagColour, DagView } from "../../../model/dag/view.ts";
import { DOUBLINGS, DURATION_BUCKETS, NO_BUCKET, OTHER_HOST } from "../../../model/dag/buckets.ts";
import { count, duration } from "../../../looks/format.ts";
import { APP_COLORS, stateLabel } from "../../../looks/palette.ts";
import { mixed, spread, type Theme } from "../../../looks/theme.ts";

/** What tasks can be coloured by, in the order of the control. */
export const COLOURS: readonly { colour: DagColour; label: string }[] = [
  { colour: "apps", label: "app" },
  { colour: "states", label: "state" },
  { colour: "duration", label: "duration" },
  { colour: "host", label: "host" },
  { colour: "tries", label: "tries" },
];

/** Whether a text from an address names a colouring. */
export function isColour(text: string | null): text is DagColour {
  return COLOURS.some(({ colour }) => colour === text);
}

/** One colour of the legend and the tasks it stands for: those whose byte is `bucket`. */
export interface LegendEntry {
  bucket: number;
  label: string;
  /** How many tasks, as text; empty when that is not known. */
  tasks: string;
}

/** The entries of the legend, most important first; `more` have no room. */
export function legendEntries(
  view: DagView,
  colour: DagColour,
): { entries: LegendEntry[]; more: number } {
  const entry = (bucket: number, label: string, tasks = "") => ({ bucket, label, tasks });
  if (colour === "apps" || colour === "states") {
    const byApp = colour === "apps";
    const counts = byApp ? view.appCounts : view.stateCounts;
    const names = byApp ? view.apps : view.states.map(stateLabel);
    const present = counts.map((_, at) => at).filter((at) => counts[at] > 0);
    if (byApp) present.sort((a, b) => counts[b] - counts[a] || a - b);
    const shown = present.slice(0, MOST);
    return {
      entries: shown.map((at) => entry(at, names[at], count(counts[at]))),
      more: present.length - shown.length,
    };
  }
  if (colour === "duration") {
    const entries = Array.from(
      { length: DURATION_BUCKETS },
      (_, at) => entry(at, durationLabel(at)),
    );
    return { entries: [...entries, entry(NO_BUCKET, "never ran")], more: 0 };
  }
  if (colour === "tries") {
    const entries = Array.from({ length: 9 }, (_, at) => {
      const tries = at + 1;
      return entry(tries, tries === 1 ? "1 try" : tries === 9 ? "9 or more" : `${tries} tries`);
    });
    return { entries: [...entries, entry(NO_BUCKET, "none yet")], more: 0 };
  }
  const hosts = view.colours?.hosts ?? [];
  const shown = hosts.slice(0, MOST).map((host, at) => entry(at, host));
  const others = hosts.length >= 30 ? [entry(OTHER_HOST, "other hosts")] : [];
  return {
    entries: [...shown, ...others, entry(NO_BUCKET, "no host")],
    more: hosts.length - shown.length,
  };
}

/** Entries of a legend, whose rows scroll. */
const MOST = 40;

/** The least run time in a bucket, as text. */
export function durationLabel(bucket: number): string {
  if (bucket === 0) return "under 2 ms";
  return duration(leastDuration(bucket));
}

function leastDuration(bucket: number): number {
  return 2 ** Math.ceil(bucket * DOUBLINGS / (DURATION_BUCKETS - 1));
}

/**
 * How the colour of a host differs from the app colour of the same index, which repeats: mixed with
 * the page's background or its text by a share.
 */
export function hostShade(index: number): ["bg" | "fg", number] {
  const round = Math.floor(index / APP_COLORS);
  return round === 0 ? ["bg", 0] : round % 2 ? ["bg", 0.5] : ["fg", 0.45];
}

/** The colour of each byte of a task's cell, as `#rrggbb`. */
export function cellColours(view: DagView, colour: DagColour, theme: Theme): string[] {
  const colours = new Array<string>(256).fill(theme.unknown);
  const { apps, ramp, tries } = theme;
  if (colour === "states") {
    view.states.forEach((name, at) => colours[at] = theme.state(name));
  } else if (colour === "apps") {
    for (let at = 0; at < 256; at++) colours[at] = apps[at % apps.length];
  } else if (colour === "host") {
    for (let at = 0; at < OTHER_HOST; at++) {
      const [towards, share] = hostShade(at);
      colours[at] = mixed(apps[at % apps.length], theme[towards], share);
    }
  } else if (colour === "duration") {
    spread(ramp, DURATION_BUCKETS).forEach((value, at) => colours[at] = value);
  } else {
    tries.forEach((value, at) => colours[at + 1] = value);
  }
  if (colour !== "states" && colour !== "apps") colours[NO_BUCKET] = theme.line;
  return colours;
}
