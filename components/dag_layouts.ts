import type { DagView } from "../model/dag.ts";
import type { Size } from "./dag_camera.ts";
import { ElkLayouts } from "./dag_elk.ts";
import { type DagLayout, layeredLayout } from "./dag_layout.ts";
import { frameSize, type Laid } from "./dag_scene.ts";
import { dagShape } from "./dag_shape.ts";
import type { OpenAnswer } from "./dag_api.ts";

/** How long a layout may take before a plain one steps in, in ms. */
const LIMIT = 1500;
const MOST = 60;

/** A group's inside, with the opened groups in it by id. */
export interface Opened {
  view: DagView & Partial<Pick<OpenAnswer, "outer">>;
  opened: ReadonlyMap<string, Opened>;
}

interface Made {
  layout: DagLayout;
  plain: boolean;
}

/** Layouts of views: made once for each structure, however often the figures change. */
export class DagLayouts {
  readonly #elk = new ElkLayouts();
  readonly #made = new Map<string, Made>();

  /** Lays out a view and the groups opened in it. Rejects only when `signal` aborts. */
  async lay(tree: Opened, signal: AbortSignal, tall = false, path = ""): Promise<Laid> {
    const opened = new Map<string, Laid>();
    const sizes = new Map<string, Size>();
    for (const [id, inside] of tree.opened) {
      const laid = await this.lay(inside, signal, tall, `${path} ${id}`);
      opened.set(id, laid);
      sizes.set(id, frameSize(laid.layout));
    }
    const { view } = tree;
    const key = [path, tall, view.structure, view.nodes.length, view.edges.length]
      .concat([...sizes].map(([id, { width, height }]) => `${id} ${width} ${height}`)).join(",");
    const { layout, plain } = this.#made.get(key) ?? await this.#make(view, sizes, signal, tall);
    this.#made.set(key, { layout, plain });
    if (this.#made.size > MOST) this.#made.delete(this.#made.keys().next().value!);
    return { view, layout, plain, opened, outer: view.outer ?? [] };
  }

  async #make(
    view: DagView,
    sizes: ReadonlyMap<string, Size>,
    signal: AbortSignal,
    tall: boolean,
  ): Promise<Made> {
    const shape = { ...dagShape(view, sizes), tall };
    try {
      return { layout: await this.#elk.layout(shape, LIMIT, signal), plain: false };
    } catch (error) {
      if (signal.aborted) throw error;
      return { layout: layeredLayout(shape), plain: true };
    }
  }

  end(): void {
    this.#elk.end();
  }
}
