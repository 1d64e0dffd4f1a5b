import type { DagView } from "../../../model/dag/view.ts";
import type { Size } from "../../geometry.ts";
import { ElkLayouts } from "./elk.ts";
import { keptLayout, type MadeLayout } from "./stored_layout.ts";
import { layeredLayout } from "./layout.ts";
import { bestLayout } from "./elk_options.ts";
import { frameSize, type Laid } from "./scene.ts";
import { dagShape } from "./shape.ts";
import type { OpenAnswer } from "../api.ts";
import { type ElkWorker, host } from "../../../host/host.ts";

const LIMIT_MS = 1500;
const MOST = 60;

/** A group's inside, with the opened groups in it by id. */
export interface Opened {
  view: DagView & Partial<Pick<OpenAnswer, "outer">>;
  opened: ReadonlyMap<string, Opened>;
}

/** With what layouts are made. */
export interface LayoutMeans {
  /** Starts a worker that speaks ELK's protocol; the page's own unless told. */
  worker?: () => ElkWorker;
  /** How long layouts of a view may take before a plain one steps in, in ms. */
  limit?: number;
}

/** Layouts of views: made once for each structure, however often the figures change. */
export class DagLayouts {
  readonly #elk: ElkLayouts;
  readonly #limit: number;
  readonly #made = new Map<string, MadeLayout>();

  constructor({ worker, limit = LIMIT_MS }: LayoutMeans = {}) {
    this.#elk = new ElkLayouts(worker);
    this.#limit = limit;
  }

  /**
   * Lays out a view and the groups opened in it for a window of the size `room`, whose shape alone
   * matters, roughly. Rejects only when `signal` aborts.
   */
  async lay(tree: Opened, signal: AbortSignal, room: Size, path = ""): Promise<Laid> {
    const opened = new Map<string, Laid>();
    const sizes = new Map<string, Size>();
    for (const [id, inside] of tree.opened) {
      const laid = await this.lay(inside, signal, room, `${path} ${id}`);
      opened.set(id, laid);
      sizes.set(id, frameSize(laid.layout));
    }
    const { view } = tree;
    const key = layoutKey(view, room, path, sizes);
    const { layout, plain } = this.#made.get(key) ?? await this.#kept(key, view) ??
      await this.#make(view, sizes, signal, room);
    this.#made.set(key, { layout, plain });
    if (this.#made.size > MOST) this.#made.delete(this.#made.keys().next().value!);
    return { view, layout, plain, opened, outer: view.outer ?? [] };
  }

  async #kept(key: string, view: DagView): Promise<MadeLayout | undefined> {
    const kept = await host.layout?.(key);
    return kept && keptLayout(kept, view);
  }

  async #make(
    view: DagView,
    sizes: ReadonlyMap<string, Size>,
    signal: AbortSignal,
    room: Size,
  ): Promise<MadeLayout> {
    const shape = dagShape(view, sizes, room);
    try {
      await this.#elk.start();
      const until = performance.now() + this.#limit;
      const layout = await bestLayout(
        shape,
        (manner) => this.#elk.layout(shape, manner, until - performance.now(), signal),
      );
      signal.throwIfAborted();
      return { layout, plain: false };
    } catch (error) {
      if (signal.aborted) throw error;
      return { layout: layeredLayout(shape), plain: true };
    }
  }

  /** Begins to load ELK, so that the first layout waits less. */
  start(): void {
    this.#elk.start().catch(() => {});
  }

  end(): void {
    this.#elk.end();
  }
}

/**
 * What tells layouts apart: of a view whose opened groups have these sizes, at a path of opened
 * groups, for a window of nearly the same shape.
 */
export function layoutKey(
  view: DagView,
  room: Size,
  path = "",
  sizes: ReadonlyMap<string, Size> = new Map(),
): string {
  return [path, shapeOf(room), view.structure, view.nodes.length, view.edges.length]
    .concat([...sizes].map(([id, { width, height }]) => `${id} ${width} ${height}`)).join(",");
}

/** The shape of a window, the same for windows of nearly the same. */
export function shapeOf({ width, height }: Size): number {
  return Math.round(2 * Math.log2(Math.max(1, width) / Math.max(1, height)));
}
