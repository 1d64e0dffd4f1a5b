import { appByte, NOT_YET } from "../../model/dag/buckets.ts";
import { type DagColour, type DagTaskNode, type DagView, ofNode } from "../../model/dag/view.ts";
import { ALL_TASKS } from "../../model/dag/nodes.ts";
import type { DagApi } from "./api.ts";
import type { Hit, Laid } from "./layout/scene.ts";

type TaskQuestion = { task: number } | { group: string; index: number };

/** Whether what is pointed at is one task. */
export function isTask({ at, part }: Hit): boolean {
  return at.node.kind === "task" || part === "cell";
}

/** How the server is asked about the task that is pointed at. */
export function placeOf({ at: { node }, index }: Hit): TaskQuestion {
  return ofNode<TaskQuestion>(node, {
    task: ({ taskId }) => ({ task: taskId }),
    group: ({ id }) => ({ group: id, index }),
  });
}

const NO_BYTES = new Uint8Array(0);

/** Which tasks' bytes are asked for together, and the place of one among them. */
interface Sought {
  group: string;
  index: number;
}

/**
 * The bytes of tasks that are nodes: app and state are in the view, the rest is asked for, of all
 * tasks of a view together.
 */
export class TaskBytes {
  readonly #api: Pick<DagApi, "cells">;
  readonly #changed: () => void;
  /** By node id. */
  #places = new Map<string, Sought>();
  /** By group; those of before stay until newer ones came. */
  readonly #known = new Map<string, { bytes: Uint8Array; stale: boolean }>();
  readonly #asked = new Set<string>();
  #colour: DagColour = "apps";

  /** @param changed called when an answer came */
  constructor(api: Pick<DagApi, "cells">, changed: () => void) {
    this.#api = api;
    this.#changed = changed;
  }

  /** Colours by something else. */
  by(colour: DagColour): void {
    if (colour !== this.#colour) this.#known.clear();
    this.#colour = colour;
  }

  /** Shows newer figures, or other tasks: they are asked for again. */
  show({ view, opened }: Pick<Laid, "view" | "opened">): void {
    for (const known of this.#known.values()) known.stale = true;
    this.#places = new Map();
    this.#place(ALL_TASKS, view, opened);
  }

  of(node: DagTaskNode): number {
    if (this.#colour === "apps") return appByte(node.app);
    if (this.#colour === "states") return node.state;
    const place = this.#places.get(node.id);
    if (!place) return NOT_YET;
    const known = this.#known.get(place.group);
    if (!known || known.stale) void this.#ask(place.group, this.#colour);
    return known?.bytes[place.index] ?? NOT_YET;
  }

  #place(group: string, view: DagView, opened: Laid["opened"]): void {
    const tasks = view.nodes.filter((node) => node.kind === "task");
    tasks.sort((a, b) => a.taskId - b.taskId)
      .forEach(({ id }, index) => this.#places.set(id, { group, index }));
    for (const [id, inside] of opened) this.#place(id, inside.view, inside.opened);
  }

  async #ask(group: string, colour: DagColour): Promise<void> {
    const key = `${colour} ${group}`;
    if (this.#asked.has(key)) return;
    this.#asked.add(key);
    try {
      const { bytes } = await this.#api.cells(group, colour);
      if (colour !== this.#colour) return;
      this.#known.set(group, { bytes, stale: false });
      this.#changed();
    } catch {
      // They stay as they are until something changes.
      this.#known.set(group, { bytes: this.#known.get(group)?.bytes ?? NO_BYTES, stale: false });
    } finally {
      this.#asked.delete(key);
    }
  }
}
