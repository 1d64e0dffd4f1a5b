/** The bars of the DAG page, and the tables that hold the figures against them. */
import type { Spread, VisitResult } from "./dag_pages_visit.ts";
import { table } from "../hub/table.ts";
import { type Measure, shown, shownTime, slower } from "./requests.ts";

/** What was measured of one run. */
export interface PageFigures {
  /** The first answer ever, for which the run is condensed; then others. */
  first: Measure;
  warm: Measure;
  visits: VisitResult;
}

/** The same page of both. */
export interface TheirFigures {
  ours: PageFigures;
  /** Their answer, and the most that their server held in bytes. */
  theirs: { answer: Measure; memory: number };
}

const MANY = 100_000;
/** All in milliseconds. */
const CONDENSE_MS = 500;
const FRAME_MS = 25;
const HOVER_MS = 50;
const TASK_MS = 50;
const MIB = 2 ** 20;

function openBar(tasks: number): number {
  return tasks <= MANY ? 1500 : 3000;
}

/** A figure that its bar is held against, and how it is shown. */
interface Held {
  value: number;
  bar: number;
  text: string;
}

function held(value: number, bar: number, text: string): Held {
  return { value: Number.isFinite(value) ? value : Infinity, bar, text };
}

function both({ median, most95 }: Spread): string {
  return `${median.toFixed(1)} (${most95.toFixed(1)})`;
}

function least(time: number): string {
  return time === 0 ? "< 50" : time.toFixed(0);
}

function heldBars(tasks: number, { first, visits }: PageFigures): Held[] {
  const { interactive, pan, zoom, hover, longest } = visits;
  return [
    held(first.time ?? Infinity, CONDENSE_MS, shownTime(first.time ?? Infinity)),
    held(interactive.median, openBar(tasks), shownTime(interactive.median)),
    held(pan.median, FRAME_MS, both(pan)),
    held(zoom.median, FRAME_MS, both(zoom)),
    held(hover.median, HOVER_MS, both(hover)),
    held(longest, TASK_MS, least(longest)),
  ];
}

/** Prints the figures of all shapes of one size; what is not within its bar is bold. */
export function printPages(tasks: number, rows: ReadonlyMap<string, PageFigures | string>): void {
  console.log(`${tasks.toLocaleString("en")} tasks, at most:\n`);
  table(
    [
      "shape",
      `condense, answer: ${CONDENSE_MS} ms`,
      `open to interactive: ${openBar(tasks) / 1000} s`,
      `pan, ms: ${FRAME_MS} (95 %)`,
      `zoom, ms: ${FRAME_MS} (95 %)`,
      `hover, ms: ${HOVER_MS} (95 %)`,
      `longest task in ELK, ms: ${TASK_MS}`,
      "at all",
      "ELK, ms",
      "met",
    ],
    [...rows].map(([shape, figures]) => {
      if (typeof figures === "string") return [shape, figures, ...Array(7).fill("–"), "**no**"];
      const bars = heldBars(tasks, figures);
      return [
        shape,
        ...bars.map(({ value, bar, text }) => value <= bar ? text : `**${text}**`),
        least(figures.visits.longestAtAll),
        figures.visits.elk.toFixed(0),
        bars.every(({ value, bar }) => value <= bar) ? "yes" : "**no**",
      ];
    }),
  );
}

/** Prints both pages of the same runs; `cap` in milliseconds. */
export function printTheirs(rows: ReadonlyMap<number, TheirFigures | string>, cap: number): void {
  if (rows.size === 0) return;
  table(
    ["tasks", "ours, answer", "ours, interactive", "theirs, answer", "memory", "ratio, at least"],
    [...rows].map(([tasks, figures]) => {
      const size = tasks.toLocaleString("en");
      if (typeof figures === "string") return [size, figures, "–", "–", "–", "–"];
      const { ours: { warm, visits }, theirs: { answer, memory } } = figures;
      const interactive = { ...warm, time: visits.interactive.median };
      return [
        size,
        shown(warm, cap),
        shown(interactive, cap),
        shown(answer, cap),
        `${(memory / MIB).toFixed(0)} MiB`,
        slower(interactive, answer, cap),
      ];
    }),
  );
}
