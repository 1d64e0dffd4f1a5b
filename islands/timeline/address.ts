import { TIMELINE_COLOURS, type TimelineColour } from "../../picture/timeline/frame.ts";
import type { Span } from "../../picture/timeline/span.ts";

/** What an address says of a timeline. */
export interface TimelineAddress {
  colour: TimelineColour;
  /** What is seen; all of it without. */
  span?: Span;
  /** The id of a task to show. */
  task?: number;
}

const SECOND_MS = 1000;

/** The address of a run's timeline: `from` and `to` in seconds since the run began. */
export function timelineHref(
  path: string,
  { colour, span }: TimelineAddress,
  began: number,
): string {
  const params = new URLSearchParams();
  if (colour !== TIMELINE_COLOURS[0]) params.set("colour", colour);
  if (span) {
    const seconds = (time: number) => String(Math.round(time - began) / SECOND_MS);
    params.set("from", seconds(span.from));
    params.set("to", seconds(span.to));
  }
  return params.size > 0 ? `${path}/timeline?${params}` : `${path}/timeline`;
}

/** What the parameters of an address say; what makes no sense is left out. */
export function readAddress(params: URLSearchParams, began: number): TimelineAddress {
  const number = (name: string) => Number(params.get(name)?.trim() || NaN);
  const [from, to, task] = [number("from"), number("to"), number("task")];
  return {
    colour: TIMELINE_COLOURS.find((colour) => colour === params.get("colour")) ??
      TIMELINE_COLOURS[0],
    span: from < to ? { from: began + SECOND_MS * from, to: began + SECOND_MS * to } : undefined,
    task: Number.isInteger(task) && task >= 0 ? task : undefined,
  };
}
