import type { Bar } from "../../model/timeline/bars.ts";
import type { TimelineView } from "../../model/timeline/view.ts";
import type { Size } from "../geometry.ts";
import type { Theme } from "../../looks/theme.ts";
import type { Bars } from "./bars.ts";
import type { TimelineRows } from "./rows.ts";
import type { Span } from "./span.ts";

/** What bars can be coloured by, first what they are unless told. */
export const TIMELINE_COLOURS = ["apps", "states"] as const;
export type TimelineColour = typeof TIMELINE_COLOURS[number];

/** A part of a lane. */
export interface LanePart extends Span {
  lane: number;
}

/** All that a picture of a timeline shows. */
export interface TimelineFrame {
  view: TimelineView;
  rows: TimelineRows;
  /** What is seen: from when to when, from which height on. */
  span: Span;
  top: number;
  size: Size;
  bars: Bars | undefined;
  colour: TimelineColour;
  /** Indexes of the apps or states that stand out; none picked shows all. */
  picked: ReadonlySet<number>;
  /** What is pointed at. */
  pointed: LanePart | undefined;
  theme: Theme;
}

/** The height of the ruler. */
export const RULER_PX = 34;

/** Where an instant is on the screen. */
export function xOf({ span, size }: Pick<TimelineFrame, "span" | "size">, time: number): number {
  return (time - span.from) / (span.to - span.from) * size.width;
}

/** The instant at a place on the screen. */
export function timeAt({ span, size }: Pick<TimelineFrame, "span" | "size">, x: number): number {
  return span.from + x / Math.max(1, size.width) * (span.to - span.from);
}

/** When a bar begins and ends. */
export function spanOf({ window: { from, to, columns } }: Bars, { begin, end }: Bar): Span {
  const step = (to - from) / columns;
  return { from: from + begin * step, to: from + end * step };
}
