import { type Bar, UNKNOWN_APP } from "../../model/timeline/bars.ts";
import { busyShare, type LaneHost } from "../../model/timeline/lanes.ts";
import { isFailed, stateOf } from "../../parsl/states.ts";
import { timeTicks } from "../chart/ticks.ts";
import { channels, type Theme } from "../../looks/theme.ts";
import { count, percent } from "../../looks/format.ts";
import { RULER_PX, spanOf, type TimelineColour, type TimelineFrame, xOf } from "./frame.ts";
import { TITLE_PX } from "./rows.ts";

type Context = CanvasRenderingContext2D;

/** Room that a tick of the ruler takes, in pixels. */
const TICK_PX = 96;
/** Lanes from this height on have gaps, mark failures, and say the app. */
const GAPS = 4;
const MARKS = 7;
const NAMES = 13;
/** A name needs this width. */
const NAME_PX = 36;
/** Bars from this width on end a pixel early, so that the next one stands apart. */
const APART_PX = 6;
/** What is not picked. */
const FAINT = 0.12;

/** Draws a timeline on a canvas whose units are CSS pixels. */
export function drawTimeline(context: Context, frame: TimelineFrame): void {
  const { size, theme, rows, top } = frame;
  context.fillStyle = theme.bg;
  context.fillRect(0, 0, size.width, size.height);
  const font = getComputedStyle(context.canvas).fontFamily;
  context.textBaseline = "middle";
  drawTicks(context, frame, font);
  context.save();
  context.beginPath();
  context.rect(0, RULER_PX, size.width, size.height - RULER_PX);
  context.clip();
  drawBars(context, frame, font);
  const [first, end] = rows.hostsIn(top, top + size.height - RULER_PX);
  for (let host = first; host < end; host++) drawTitle(context, frame, font, host);
  context.restore();
}

/** Where a height of the rows is on the screen. */
function yOf({ top }: TimelineFrame, y: number): number {
  return RULER_PX + y - top;
}

function drawTicks(context: Context, { span, size, theme }: TimelineFrame, font: string): void {
  const { values, label } = timeTicks(
    span.from,
    span.to,
    Math.max(1, Math.floor(size.width / TICK_PX)),
  );
  context.font = `11px ${font}`;
  context.textAlign = "left";
  let free = 0;
  for (const value of values) {
    const x = Math.round(xOf({ span, size }, +value));
    context.fillStyle = theme.line;
    context.fillRect(x, RULER_PX - 6, 1, size.height);
    const lines = label(value).split("\n");
    const widest = Math.max(...lines.map((line) => context.measureText(line).width));
    if (x + 4 < free || x + 4 + widest > size.width) continue;
    free = x + widest + 12;
    context.fillStyle = theme.muted;
    lines.forEach((line, at) => context.fillText(line, x + 4, 10 + 13 * at));
  }
  context.fillStyle = theme.line;
  context.fillRect(0, RULER_PX - 1, size.width, 1);
}

function drawTitle(context: Context, frame: TimelineFrame, font: string, at: number): void {
  const { rows, size, theme } = frame;
  const host = rows.hosts[at];
  const y = titleY(frame, at);
  context.fillStyle = theme.soft;
  context.fillRect(0, y, size.width, TITLE_PX - 1);
  const middle = y + TITLE_PX / 2;
  context.textAlign = "left";
  context.font = `600 12px ${font}`;
  context.fillStyle = theme.fg;
  const name = host.host ?? "unknown host";
  context.fillText(name, 6, middle);
  const after = 6 + context.measureText(name).width + 10;
  context.font = `12px ${font}`;
  context.fillStyle = theme.muted;
  context.fillText(hostFacts(host).join(" · "), after, middle);
}

/** Where a host's title is: it stays in sight as long as one of its lanes does. */
function titleY(frame: TimelineFrame, at: number): number {
  const { rows } = frame;
  const y = Math.max(RULER_PX, yOf(frame, rows.titleTop(at)));
  return at + 1 < rows.hosts.length ? Math.min(y, yOf(frame, rows.titleTop(at + 1)) - TITLE_PX) : y;
}

/** A host's figures, in words. */
export function hostFacts(host: LaneHost): string[] {
  const share = busyShare(host);
  return [
    ...host.executor === null ? [] : [host.executor],
    `${count(host.tries)} ${host.tries === 1 ? "try" : "tries"}`,
    ...host.workers.length === 0
      ? [`${count(host.most)} at once`]
      : [`${count(host.workers.length)} ${host.workers.length === 1 ? "worker" : "workers"}`],
    ...share === null ? [] : [`${percent(share)} busy`],
  ];
}

function drawBars(context: Context, frame: TimelineFrame, font: string): void {
  const { bars, rows, top, size, pointed, theme } = frame;
  if (!bars) return;
  const [first, end] = rows.lanesIn(top, top + size.height - RULER_PX);
  const look = new Look(frame);
  const height = rows.lane - (rows.lane >= GAPS ? 1 : 0);
  context.font = `11px ${font}`;
  context.textAlign = "left";
  for (const bar of bars.bars) {
    const lane = bars.window.first + bar.lane;
    if (lane < first || lane >= end) continue;
    const { from, to } = spanOf(bars, bar);
    const x = Math.max(-1, xOf(frame, from));
    const right = Math.min(size.width + 1, xOf(frame, to));
    if (right < 0 || x > size.width) continue;
    const width = Math.max(1, right - x - (right - x >= APART_PX ? 1 : 0));
    const y = yOf(frame, rows.laneTop(lane));
    const faint = !look.isPicked(bar);
    context.globalAlpha = faint ? FAINT : 1;
    context.fillStyle = look.colour(bar);
    context.fillRect(x, y, width, height);
    if (faint) continue;
    if (look.isBad(bar) && height >= MARKS - 1) {
      context.fillStyle = theme.failed;
      context.fillRect(x, y + height - 3, width, 3);
    }
    if (height >= NAMES && width >= NAME_PX) drawName(context, look, bar, x, y, width, height);
  }
  context.globalAlpha = 1;
  if (!pointed) return;
  const x = xOf(frame, pointed.from);
  context.strokeStyle = theme.fg;
  context.lineWidth = 1.5;
  context.strokeRect(
    x - 0.5,
    yOf(frame, rows.laneTop(pointed.lane)) - 0.5,
    Math.max(2, xOf(frame, pointed.to) - x),
    height + 1,
  );
}

function drawName(
  context: Context,
  look: Look,
  bar: Bar,
  x: number,
  y: number,
  width: number,
  height: number,
): void {
  const text = look.name(bar);
  const start = Math.max(x, 0) + 4;
  const room = x + width - start - 3;
  if (text === "" || room < NAME_PX - 8) return;
  context.save();
  context.beginPath();
  context.rect(start, y, room, height);
  context.clip();
  context.fillStyle = look.ink(bar);
  context.fillText(text, start, y + height / 2 + 0.5);
  context.restore();
}

/** What bars look like by what they are coloured by. */
interface Colouring {
  colour(bar: Bar): string;
  /** The index of what its colour stands for. */
  bucket(bar: Bar): number;
  /** Whether colours say what failed. */
  tellsFailures: boolean;
}

/** How bars look. */
class Look {
  readonly #frame: TimelineFrame;
  readonly #colouring: Colouring;
  readonly #bad: boolean[];
  readonly #inks = new Map<string, string>();

  constructor(frame: TimelineFrame) {
    this.#frame = frame;
    const { theme, view: { states } } = frame;
    const ofStates = states.map((name) => theme.state(name));
    const colourings: Record<TimelineColour, Colouring> = {
      apps: {
        colour: ({ app }) =>
          app === UNKNOWN_APP ? theme.unknown : theme.apps[app % theme.apps.length],
        bucket: ({ app }) => app,
        tellsFailures: false,
      },
      states: {
        colour: ({ state }) => ofStates[state] ?? theme.unknown,
        bucket: ({ state }) => state,
        tellsFailures: true,
      },
    };
    this.#colouring = colourings[frame.colour];
    this.#bad = states.map((name) => isFailed(name) || stateOf(name) === "fail_retryable");
  }

  colour(bar: Bar): string {
    return this.#colouring.colour(bar);
  }

  isPicked(bar: Bar): boolean {
    const { picked } = this.#frame;
    return picked.size === 0 || picked.has(this.#colouring.bucket(bar));
  }

  /** Whether it failed, and its colour does not say so. */
  isBad({ state }: Bar): boolean {
    return !this.#colouring.tellsFailures && this.#bad[state];
  }

  name({ app }: Bar): string {
    return this.#frame.view.apps[app] ?? "";
  }

  /** Black or white, whichever can be read on a bar. */
  ink(bar: Bar): string {
    const colour = this.colour(bar);
    let ink = this.#inks.get(colour);
    if (!ink) this.#inks.set(colour, ink = inkOn(colour));
    return ink;
  }
}

function inkOn(colour: Theme["bg"]): string {
  const [red, green, blue] = channels(colour);
  return 0.299 * red + 0.587 * green + 0.114 * blue > 140 ? "#000000" : "#ffffff";
}
