// What the DAG page does in a browser, noted from outside: its layouts, what it draws, its tips.

import type { Page } from "playwright-core";

/** A rectangle in CSS pixels. */
export interface NotedBox {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** One layout that was asked of ELK's worker; times in ms since the page was asked for. */
export interface NotedLayout {
  began: number;
  /** When it was answered or given up; null before. */
  ended: number | null;
}

/** A text on the canvas, its place relative to it. */
export interface NotedText {
  text: string;
  x: number;
  y: number;
}

/** A tip that named a task or a group: when the pointer moved there, and when it was seen. */
export interface NotedTip {
  name: string;
  moved: number;
  seen: number;
}

/** All that is noted of a page. */
export interface DagNotes {
  layouts: NotedLayout[];
  /** When boxes were laid out for the first time. */
  laid: number | null;
  /** The texts of the newest frame, and the grids of tasks in it. */
  texts: NotedText[];
  grids: NotedBox[];
  /** How often the canvas was drawn. */
  draws: number;
  tips: NotedTip[];
  /** Tasks of the main thread of 50 ms and more. */
  longTasks: { began: number; duration: number }[];
}

interface Noted {
  dagNotes: DagNotes;
}

/** Has pages of the DAG noted from their next navigation on. */
export async function noteDag(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const notes: DagNotes = {
      layouts: [],
      laid: null,
      texts: [],
      grids: [],
      draws: 0,
      tips: [],
      longTasks: [],
    };
    (globalThis as unknown as Noted).dagNotes = notes;

    interface Message {
      id: number;
      cmd?: string;
    }
    globalThis.Worker = class extends Worker {
      readonly #asked = new Map<number, NotedLayout>();
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options);
        this.addEventListener("message", ({ data }: MessageEvent<Message>) => {
          const layout = this.#asked.get(data.id);
          if (layout) layout.ended = performance.now();
        });
      }
      override postMessage(message: Message, ...rest: never[]): void {
        if (message.cmd === "layout") {
          const layout = { began: performance.now(), ended: null };
          notes.layouts.push(layout);
          this.#asked.set(message.id, layout);
        }
        super.postMessage(message, ...rest);
      }
      override terminate(): void {
        for (const layout of this.#asked.values()) layout.ended ??= performance.now();
        super.terminate();
      }
    };

    const context = CanvasRenderingContext2D.prototype;
    const { fillRect, fillText, drawImage } = context;
    const isGraph = ({ canvas }: CanvasRenderingContext2D) =>
      canvas.classList.contains("picture-canvas");
    context.fillRect = function (x, y, width, height) {
      const { a } = this.getTransform();
      if (x === 0 && y === 0 && width * a >= this.canvas.width - 1 && isGraph(this)) {
        notes.draws++;
        notes.texts = [];
        notes.grids = [];
      }
      fillRect.call(this, x, y, width, height);
    };
    context.fillText = function (text, x, y, most) {
      if (isGraph(this)) notes.texts.push({ text, x, y });
      if (most === undefined) fillText.call(this, text, x, y);
      else fillText.call(this, text, x, y, most);
    };
    context.drawImage = function (...given: unknown[]) {
      const [, x, y, width, height] = given as [unknown, number, number, number, number];
      if (given.length === 5 && isGraph(this)) notes.grids.push({ x, y, width, height });
      (drawImage as (...all: unknown[]) => void).apply(this, given);
    };

    let moved = 0;
    let told = "";
    document.addEventListener("pointermove", ({ timeStamp }) => moved = timeStamp, true);
    new MutationObserver(() => {
      if (notes.laid === null && document.querySelector(".picture-canvas")) {
        if (!document.querySelector(".picture-waiting")) notes.laid = performance.now();
      }
      const name = document.querySelector(".picture-tip b")?.textContent ?? "";
      if (name === told) return;
      told = name;
      // A task that is asked for has no number yet.
      if (name === "" || name.endsWith("…")) return;
      const tip = { name, moved, seen: 0 };
      // After the frame that it is in was drawn.
      requestAnimationFrame(() =>
        setTimeout(() => {
          tip.seen = performance.now();
          notes.tips.push(tip);
        })
      );
    }).observe(document, { childList: true, subtree: true, characterData: true });

    new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries()) {
        notes.longTasks.push({ began: startTime, duration });
      }
    }).observe({ type: "longtask", buffered: true });
  });
}

/** What has been noted so far. */
export function dagNotes(page: Page): Promise<DagNotes> {
  return page.evaluate(() => (globalThis as unknown as Noted).dagNotes);
}

/** Frames in which nothing is drawn, after which the picture is at rest: what moves draws each. */
const REST = 10;

/** Waits until the picture comes to rest. */
export function still(page: Page): Promise<void> {
  return page.evaluate((rest) =>
    new Promise<void>((resolve) => {
      let [draws, quiet] = [-1, 0];
      const look = () => {
        const now = (globalThis as unknown as Noted).dagNotes.draws;
        quiet = now === draws ? quiet + 1 : 0;
        draws = now;
        if (quiet < rest) requestAnimationFrame(look);
        else resolve();
      };
      look();
    }), REST);
}

/** The grid of the tasks of a group that is drawn with this name; undefined when there is none. */
export function gridUnder({ texts, grids }: DagNotes, name: string): NotedBox | undefined {
  const named = texts.find(({ text }) => text === name);
  if (!named) return undefined;
  return grids.filter((grid) => grid.x <= named.x && named.x < grid.x + grid.width)
    .filter((grid) => grid.y > named.y).sort((a, b) => a.y - b.y)[0];
}

/** The middle of the cell of a task by its place among the `count` tasks of a grid. */
export function cellMiddle(grid: NotedBox, count: number, index: number): [x: number, y: number] {
  let columns = 1;
  // Cells are square, and the last row is not empty.
  while (columns < count && Math.ceil(count / columns) * grid.width / columns > grid.height + 0.5) {
    columns++;
  }
  const cell = grid.width / columns;
  return [
    grid.x + (index % columns + 0.5) * cell,
    grid.y + (Math.floor(index / columns) + 0.5) * cell,
  ];
}
