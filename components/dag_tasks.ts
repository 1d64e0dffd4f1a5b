import type { DagColour, DagTaskNode } from "../model/dag.ts";
import type { DagApi } from "./dag_api.ts";
import type { Hit } from "./dag_scene.ts";

/** Whether what is pointed at is one task. */
export function isTask({ at, part }: Hit): boolean {
  return at.node.kind === "task" || part === "cell";
}

/** How the server is asked about the task that is pointed at. */
export function placeOf({ at: { node }, index }: Hit):
  | { task: number }
  | { group: string; index: number } {
  return node.kind === "task" ? { task: node.taskId } : { group: node.id, index };
}

/** No task has this byte; it is drawn as unknown. */
const UNKNOWN = 253;

/** The bytes of tasks that are nodes: app and state are in the view, the rest is asked for. */
export class TaskBytes {
  readonly #api: Pick<DagApi, "cells">;
  readonly #changed: () => void;
  readonly #bytes = new Map<string, number | undefined>();
  #colour: DagColour = "apps";

  /** @param changed called when an answer came */
  constructor(api: Pick<DagApi, "cells">, changed: () => void) {
    this.#api = api;
    this.#changed = changed;
  }

  /** Colours by something else. */
  by(colour: DagColour): void {
    if (colour !== this.#colour) this.outdate();
    this.#colour = colour;
  }

  /** Forgets what was asked for. */
  outdate(): void {
    this.#bytes.clear();
  }

  of(node: DagTaskNode): number {
    if (this.#colour === "apps") return node.app & 255;
    if (this.#colour === "states") return node.state;
    if (!this.#bytes.has(node.id)) void this.#ask(node.id, this.#colour);
    return this.#bytes.get(node.id) ?? UNKNOWN;
  }

  async #ask(id: string, colour: DagColour): Promise<void> {
    this.#bytes.set(id, undefined);
    try {
      const { bytes } = await this.#api.cells(id, colour);
      if (colour !== this.#colour) return;
      this.#bytes.set(id, bytes[0]);
      this.#changed();
    } catch {
      // It stays unknown.
    }
  }
}
