import { APP_COLORS, stateStyle } from "./palette.ts";

/** The colours of the page as `#rrggbb`, as they are now. */
export interface Theme {
  bg: string;
  soft: string;
  fg: string;
  muted: string;
  line: string;
  accent: string;
  failed: string;
  unknown: string;
  apps: string[];
  /** Five colours from short to long. */
  ramp: string[];
  /** Nine colours, for 1 to 9 tries. */
  tries: string[];
  state(name: string): string;
}

const RAMP = 5;
const TRIES = 5;

/** Reads the style sheets' custom properties where `element` is. */
export function readTheme(element: Element): Theme {
  const style = getComputedStyle(element);
  const context = document.createElement("canvas").getContext("2d")!;
  return themeOf((property, otherwise) => {
    context.fillStyle = otherwise;
    context.fillStyle = style.getPropertyValue(property).trim() || otherwise;
    return context.fillStyle;
  });
}

/** The theme of custom properties that `read` gives as `#rrggbb`, or `otherwise` if there is none. */
export function themeOf(read: (property: string, otherwise: string) => string): Theme {
  const states = new Map<string, string>();
  const colour = (property: string, otherwise = "#888888") => read(property, otherwise);
  const list = (name: string, length: number) =>
    Array.from({ length }, (_, at) => colour(`--${name}-${at}`));
  const unknown = colour("--state-unknown");
  return {
    bg: colour("--bg", "#ffffff"),
    soft: colour("--bg-soft", "#f5f6f8"),
    fg: colour("--fg", "#000000"),
    muted: colour("--fg-soft"),
    line: colour("--line"),
    accent: colour("--accent"),
    failed: colour("--state-failed"),
    unknown,
    apps: list("app", APP_COLORS),
    ramp: list("dag-ramp", RAMP),
    tries: spread(list("dag-tries", TRIES), 9),
    state(name) {
      const known = states.get(name) ??
        colour(stateStyle(name)?.cssVar ?? "--state-unknown", unknown);
      states.set(name, known);
      return known;
    },
  };
}

/** `length` colours from the first of `stops` to the last, evenly mixed. */
export function spread(stops: string[], length: number): string[] {
  return Array.from({ length }, (_, at) => {
    const place = length < 2 ? 0 : at * (stops.length - 1) / (length - 1);
    const low = Math.min(stops.length - 1, Math.floor(place));
    const high = Math.min(stops.length - 1, low + 1);
    return mixed(stops[low], stops[high], place - low);
  });
}

/** A mix of two colours given as `#rrggbb`. */
export function mixed(a: string, b: string, share: number): string {
  const [from, to] = [channels(a), channels(b)];
  const parts = from.map((value, at) => Math.round(value + (to[at] - value) * share));
  return `#${parts.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

/** Red, green and blue of `#rrggbb`, 0 to 255. */
export function channels(colour: string): [number, number, number] {
  const value = parseInt(colour.slice(1, 7), 16);
  return [value >> 16 & 255, value >> 8 & 255, value & 255];
}
