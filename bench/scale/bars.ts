/** The bars, and the table that holds the figures against them. */
import type { Memory } from "../hub/process.ts";
import { table } from "../hub/table.ts";
import { type Measure, shown, shownTime, slower } from "../pages/requests.ts";
import type { BrowsersResult } from "./browsers.ts";
import type { Lag } from "./lag.ts";
import type { LiveResult } from "./live.ts";
import type { Opening } from "./open.ts";
import type { PageResult } from "./pages.ts";

/** What was measured of one size; what was left out is not there. */
export interface SizeResult {
  tasks: number;
  opening?: Opening;
  theirOpening?: Measure;
  pages?: PageResult[];
  /** After the pages. */
  memory?: Memory;
  /** The most that parsl-visualize held, in bytes. */
  theirMemory?: number;
  live?: LiveResult;
  browsers?: BrowsersResult;
  /** What could not be measured, and why. */
  failures: { scene: string; reason: string }[];
}

/** Bars of up to 10,000 tasks, up to 100,000, and more. */
type Bars = readonly [number, number, number];

const OPENING: Bars = [500, 2000, 15_000];
const SERVER: Bars = [20, 30, 50];
const PAINT: Bars = [700, 700, 1000];
const LIVE: Bars = [1000, 1000, 1500];
const MEMORY: Bars = [150, 250, 700];
const LONG_TASK = 50;
const BYTES = 20 * 1024;
const BUSY = 0.5;
const SLOWEST = 2000;
const MIB = 2 ** 20;

type Row = string[];

/** Prints all bars with their figures; `cap` in milliseconds is that of parsl-visualize. */
export function printBars(results: readonly SizeResult[], cap: number): void {
  const parts = [openings, servers, paints, longTaskRows, lives, bytes, memories, browsers, failed];
  table(
    ["bar", "tasks", "at most", "Parsloscope", "met", "parsl-visualize", "ratio"],
    parts.flatMap((part) => results.flatMap((result) => part(result, cap))),
  );
}

function barOf(bars: Bars, tasks: number): number {
  return bars[tasks <= 10_000 ? 0 : tasks <= 100_000 ? 1 : 2];
}

function row(
  name: string,
  tasks: number,
  [value, bar, text, of]: [value: number, bar: number, text: string, bar: string],
  [theirs, ratio]: [theirs: string, ratio: string] = ["–", "–"],
): Row {
  const size = tasks.toLocaleString("en-US");
  return [name, size, of, text, value <= bar ? "yes" : "**no**", theirs, ratio];
}

function time(value: number, bar: number, more: string): [number, number, string, string] {
  return [value, bar, `${shownTime(value)} (${more})`, shownBar(bar)];
}

function shownBar(bar: number): string {
  return bar >= 500 ? `${bar / 1000} s` : `${bar} ms`;
}

function openings({ tasks, opening, theirOpening }: SizeResult, cap: number): Row[] {
  if (!opening) return [];
  const { listening, first, full, progress } = opening;
  const told = progress > 0 ? `, progress told ${progress}×` : "";
  const ours = { time: full, status: 200, bytes: 0 };
  return [
    row(
      "cold open to first full page",
      tasks,
      time(
        full,
        barOf(OPENING, tasks),
        `listening ${shownTime(listening)}, first answer ${shownTime(first)}${told}`,
      ),
      [shown(theirOpening, cap), slower(ours, theirOpening, cap)],
    ),
  ];
}

/** A failed page is worse than any. */
function slowness({ time, status }: Measure): number {
  return time === null || status !== 200 ? Infinity : time;
}

/** The page that parsl-visualize takes longest for. */
function theirWorst(pages: readonly PageResult[]): PageResult | undefined {
  const common = pages.filter(({ theirs }) => theirs !== undefined);
  if (common.length === 0) return undefined;
  return common.reduce((a, b) => slowness(b.theirs!) > slowness(a.theirs!) ? b : a);
}

function servers({ tasks, pages }: SizeResult, cap: number): Row[] {
  if (!pages) return [];
  const worst = pages.reduce((a, b) => slowness(b.ours) > slowness(a.ours) ? b : a);
  const their = theirWorst(pages);
  const bar = barOf(SERVER, tasks);
  return [
    row(
      "any page, server time, warm",
      tasks,
      [
        slowness(worst.ours),
        bar,
        `${shown(worst.ours, cap)} (${worst.name})`,
        shownBar(bar),
      ],
      their === undefined ? undefined : [
        `${shown(their.theirs, cap)} (${their.name})`,
        slower(worst.ours, their.theirs, cap),
      ],
    ),
  ];
}

function paints({ tasks, pages }: SizeResult, cap: number): Row[] {
  const painted = pages?.filter(({ paint }) => paint !== undefined) ?? [];
  if (painted.length === 0) return [];
  const paintOf = ({ paint }: PageResult) => paint ?? Infinity;
  const worst = painted.reduce((a, b) => paintOf(b) > paintOf(a) ? b : a);
  // Its pages load scripts from other hosts: the answer alone is the least it can take.
  const their = theirWorst(painted);
  const ours = { time: worst.paint ?? null, status: 200, bytes: 0 };
  return [
    row(
      "any page, first contentful paint",
      tasks,
      time(paintOf(worst), barOf(PAINT, tasks), worst.name),
      their === undefined ? undefined : [
        `${shown(their.theirs, cap)} (${their.name}, answer alone)`,
        slower(ours, their.theirs, cap),
      ],
    ),
  ];
}

function longTaskRows({ tasks, pages }: SizeResult): Row[] {
  const watched = pages?.filter((page) => page.longTasks !== undefined) ?? [];
  return watched.map(({ name, longTasks }) => {
    const { loading, after } = longTasks!;
    const least = (value: number) => value === 0 ? `< ${LONG_TASK} ms` : shownTime(value);
    return row(`longest main-thread task after load, ${name}`, tasks, [
      after,
      LONG_TASK,
      `${least(after)} (while loading ${least(loading)})`,
      shownBar(LONG_TASK),
    ]);
  });
}

function shownLag({ median, most95, longest }: Lag): string {
  return `median of ${shownTime(median)}, 95 % within ${shownTime(most95)}, ` +
    `most ${shownTime(longest)}`;
}

function lives({ tasks, live }: SizeResult): Row[] {
  if (!live) return [];
  const { browser, client, rate } = live;
  const bar = barOf(LIVE, tasks);
  const held = (lag: Lag): [number, number, string, string] => [
    lag.median,
    bar,
    shownLag(lag),
    shownBar(bar),
  ];
  const name = `at ${Math.round(rate)} changes/s`;
  return [
    ...browser ? [row(`live: committed → seen in the browser, ${name}`, tasks, held(browser))] : [],
    row(`live: committed → a plain client, ${name}`, tasks, held(client)),
  ];
}

function bytes({ tasks, live }: SizeResult): Row[] {
  if (!live) return [];
  return [
    row("live: bytes per second and connection", tasks, [
      live.bytes,
      BYTES,
      `${(live.bytes / 1024).toFixed(1)} KiB/s`,
      `${BYTES / 1024} KiB/s`,
    ]),
  ];
}

function memories({ tasks, memory, theirMemory, live, browsers }: SizeResult): Row[] {
  const bar = barOf(MEMORY, tasks);
  const theirs = theirMemory ? theirMemory / MIB : null;
  const one = (name: string, { resident, peak }: Memory, their: number | null) =>
    row(
      `server resident memory after ${name}`,
      tasks,
      [resident, bar, `${resident.toFixed(0)} MiB (peak ${peak.toFixed(0)})`, `${bar} MiB`],
      their === null ? undefined : [
        `${their.toFixed(0)} MiB (peak)`,
        `${(their / peak).toFixed(1)}×`,
      ],
    );
  return [
    ...memory ? [one("all pages", memory, theirs)] : [],
    ...live ? [one("going live", live.memory, null)] : [],
    ...browsers ? [one(`${browsers.connections} browsers`, browsers.memory, null)] : [],
  ];
}

function browsers({ tasks, browsers: result }: SizeResult): Row[] {
  if (!result) return [];
  const { connections, lost, busy, alone, slowest, median, bytes, rate } = result;
  const name = `${connections} live browsers at ${Math.round(rate)} changes/s`;
  const percent = (value: number) => `${(value * 100).toFixed(0)} %`;
  return [
    row(`${name}: server CPU`, tasks, [
      busy,
      BUSY,
      `${percent(busy)} of a core (${percent(alone)} for one)`,
      percent(BUSY),
    ]),
    row(
      `${name}: slowest lag`,
      tasks,
      time(
        lost > 0 ? Infinity : slowest,
        SLOWEST,
        `median ${shownTime(median)}, ${(bytes / 1024).toFixed(1)} KiB/s each, ${lost} lost`,
      ),
    ),
  ];
}

function failed({ tasks, failures }: SizeResult): Row[] {
  return failures.map(({ scene, reason }) =>
    row(scene, tasks, [Infinity, 0, `failed: ${reason}`, "–"])
  );
}
