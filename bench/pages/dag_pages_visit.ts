/** What the DAG page of a run costs in a real browser. */
import type { Browser, Page } from "playwright-core";
import { watchedPage } from "../../tests/support/chromium.ts";
import {
  type DagNotes,
  dagNotes,
  noteDag,
  type NotedBox,
  type NotedTip,
} from "../../tests/support/dag_probe.ts";
import { median } from "./requests.ts";

/** Milliseconds of many: the middle one, that which 95 % are within, and the most. */
export interface Spread {
  median: number;
  most95: number;
  most: number;
}

/** What was measured of a page; all in milliseconds. */
export interface VisitResult {
  /** From the navigation until boxes were laid out and a tip named what is pointed at; of some visits. */
  interactive: Spread;
  /** From the navigation until boxes were laid out. */
  laid: number;
  /** How long ELK worked. */
  elk: number;
  /** From one frame to the next. */
  pan: Spread;
  zoom: Spread;
  /** From the move of the pointer until the tip that names the task there was seen. */
  hover: Spread;
  /** The longest task of the main thread while ELK worked, and at any time; 0 for under 50 ms. */
  longest: number;
  longestAtAll: number;
}

const VISITS = 5;
const HOVERS = 40;
const STEPS = 60;
const STEP = 6;
const WHEEL = 120;
/** Given to a tip. */
const PATIENCE = 500;
/** Given to a page for all that it draws. */
const CALM = 1_500;
/** Between two moves of the pointer, and between two looks. */
const PAUSE = 30;

interface Noted {
  dagNotes: DagNotes;
}

interface Counting {
  frames?: number[];
}

type Point = [x: number, y: number];

/** The figures of one list. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const most95 = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.95))];
  return { median: median(sorted), most95, most: sorted.at(-1)! };
}

/** Visits a page of a run that the server has read; `cap` in ms for each time it is opened. */
export async function measureVisits(
  browser: Browser,
  origin: string,
  path: string,
  cap: number,
): Promise<VisitResult> {
  const [points] = await visit(browser, origin, path, async (page) => {
    await untilLaid(page, cap);
    return await taskPoints(page);
  });
  const openings: { interactive: number; laid: number }[] = [];
  const all: DagNotes[] = [];
  for (let n = 1; n < VISITS; n++) {
    const [opened, notes] = await visit(browser, origin, path, (page) => open(page, points, cap));
    openings.push(opened);
    all.push(notes);
  }
  const [touched, notes] = await visit(browser, origin, path, async (page) => {
    openings.push(await open(page, points, cap));
    const hover = await hovers(page, points);
    const pan = await framesWhile(page, () => pans(page, points[0]));
    const zoom = await framesWhile(page, () => zooms(page, points[0]));
    return { hover, pan, zoom };
  });
  all.push(notes);
  return {
    interactive: spreadOf(openings.map(({ interactive }) => interactive)),
    laid: median(openings.map(({ laid }) => laid)),
    elk: notes.layouts.reduce((sum, { began, ended }) => sum + (ended ?? began) - began, 0),
    longest: Math.max(...all.map(longestOf)),
    longestAtAll: Math.max(0, ...all.flatMap(({ longTasks }) => longTasks.map(lengthOf))),
    ...touched,
  };
}

/** One visit in a browser that knows nothing yet; also what was noted of it. */
async function visit<T>(
  browser: Browser,
  origin: string,
  path: string,
  act: (page: Page) => Promise<T>,
): Promise<[T, DagNotes]> {
  const watched = await watchedPage(browser, origin);
  try {
    await noteDag(watched.page);
    await watched.page.goto(`${origin}${path}`, { waitUntil: "commit" });
    const result = await act(watched.page);
    const notes = await dagNotes(watched.page);
    const complaints = watched.complaints();
    if (complaints.length > 0) throw new Error(complaints.join("; "));
    return [result, notes];
  } finally {
    await watched.close();
  }
}

async function untilLaid(page: Page, cap: number): Promise<void> {
  await page.waitForFunction(
    () => (globalThis as unknown as Noted).dagNotes?.laid,
    undefined,
    { timeout: cap },
  );
}

/**
 * Where tasks are on the page: in the grids that are drawn, the largest first; anywhere in the
 * middle of the canvas when boxes are too small for their tasks.
 */
async function taskPoints(page: Page): Promise<Point[]> {
  await page.waitForTimeout(CALM);
  const { grids } = await dagNotes(page);
  const canvas = await page.locator("canvas.picture-canvas").boundingBox();
  if (!canvas) throw new Error("there is no canvas");
  const area = ({ width, height }: NotedBox) => width * height;
  const points: Point[] = [];
  if (grids.length === 0) {
    const { width, height } = canvas;
    grids.push({ x: 0, y: 0.4 * height, width, height: 0.2 * height });
  }
  for (const grid of grids.toSorted((a, b) => area(b) - area(a))) {
    for (let n = 0; n < HOVERS && points.length <= 2 * HOVERS; n++) {
      const [x, y] = [canvas.x + grid.x + share(n, 0.618) * grid.width, share(n, 0.755)];
      points.push([x, canvas.y + grid.y + y * grid.height]);
    }
  }
  return points;
}

/** Numbers all over 0.05 to 0.95, no two after each other near. */
function share(n: number, step: number): number {
  return 0.05 + 0.9 * (((n + 1) * step) % 1);
}

/** Waits for the boxes, and moves the pointer to a task for its tip. */
async function open(page: Page, points: readonly Point[], cap: number) {
  await untilLaid(page, cap);
  for (const point of points) {
    const tip = await tipAt(page, point, 0);
    const { laid } = await dagNotes(page);
    if (tip && laid !== null) return { laid, interactive: Math.max(laid, tip.seen) };
  }
  throw new Error("no tip named a task");
}

/** The tip that comes of moving the pointer to a point, when there were `before`. */
async function tipAt(page: Page, point: Point, before: number): Promise<NotedTip | undefined> {
  await page.mouse.move(...point);
  return await page.waitForFunction(
    (before) => (globalThis as unknown as Noted).dagNotes.tips[before],
    before,
    { timeout: PATIENCE },
  ).then((found) => found.jsonValue()).catch(() => undefined);
}

async function hovers(page: Page, points: readonly Point[]): Promise<Spread> {
  const times: number[] = [];
  for (const point of points) {
    const { length } = (await dagNotes(page)).tips;
    const tip = await tipAt(page, point, length);
    // Some points have no task: the last row of a grid may be short.
    if (tip) times.push(tip.seen - tip.moved);
    if (times.length === HOVERS) break;
    await page.waitForTimeout(PAUSE);
  }
  if (times.length < HOVERS / 4) throw new Error("few tips came");
  return spreadOf(times);
}

/** Drags the graph to and fro, from beside the boxes or not: a drag is a drag. */
async function pans(page: Page, [x, y]: Point): Promise<void> {
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (let n = 1; n <= STEPS; n++) {
    const at = STEP * (n <= STEPS / 2 ? n : STEPS - n);
    await page.mouse.move(x - at, y + at / 2);
  }
  await page.mouse.up();
}

/** Zooms in until tasks are large, and out again. */
async function zooms(page: Page, [x, y]: Point): Promise<void> {
  await page.mouse.move(x, y);
  for (let n = 0; n < STEPS; n++) await page.mouse.wheel(0, n < STEPS / 2 ? -WHEEL : WHEEL);
}

/** The times between the frames of a page while something is done to it. */
async function framesWhile(page: Page, act: () => Promise<void>): Promise<Spread> {
  await page.evaluate(() => {
    const frames: number[] = (globalThis as unknown as Counting).frames = [];
    const next = (time: number) => {
      if ((globalThis as unknown as Counting).frames !== frames) return;
      frames.push(time);
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  });
  await act();
  const frames = await page.evaluate(() => {
    const { frames = [] } = globalThis as unknown as Counting;
    delete (globalThis as unknown as Counting).frames;
    return frames;
  });
  return spreadOf(frames.slice(1).map((time, n) => time - frames[n]));
}

/** The longest task of the main thread that ELK worked during. */
function longestOf({ layouts, longTasks }: DagNotes): number {
  const during = longTasks.filter(({ began, duration }) =>
    layouts.some((layout) => began < (layout.ended ?? Infinity) && began + duration > layout.began)
  );
  return Math.max(0, ...during.map(lengthOf));
}

function lengthOf({ duration }: { duration: number }): number {
  return duration;
}
