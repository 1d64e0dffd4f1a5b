import { type Camera, cameraBetween } from "../camera.ts";
import { boxBetween } from "../../geometry.ts";
import type { DagBox } from "../../geometry.ts";
import type { Scene } from "../layout/scene.ts";

/** How long the camera takes to another place, and to another scale at the same place, in ms. */
export const MOVE_MS = 280;
export const ZOOM_MS = 140;

/** A movement of the camera, and of boxes from where they were in another scene. */
export class Move {
  readonly to: Camera;
  readonly #from: Camera;
  readonly #began = performance.now();
  readonly #lasts: number;
  readonly #boxes = new Map<string, DagBox>();

  constructor(from: Camera, to: Camera, lasts = MOVE_MS, before?: Scene) {
    this.#from = from;
    this.to = to;
    this.#lasts = lasts;
    for (const { node, box } of before?.nodes() ?? []) this.#boxes.set(node.id, box);
  }

  /** Where the movement is now: how far its boxes are, from 0 to 1, and whether it is over. */
  now(): { camera: Camera; share: number; over: boolean } {
    const passed = Math.min(1, (performance.now() - this.#began) / this.#lasts);
    const eased = 1 - (1 - passed) ** 3;
    const camera = passed === 1 ? this.to : cameraBetween(this.#from, this.to, eased);
    return { camera, share: this.#boxes.size ? eased : 1, over: passed === 1 };
  }

  /** Something with a box, on its way; what comes anew grows out of the box that it is in. */
  placed<At extends Placed>(at: At, share: number): At {
    const old = this.#boxes.get(at.node.id) ?? this.#cradle(at.parent);
    return old ? { ...at, box: boxBetween(old, at.box, share) } : at;
  }

  #cradle(parent: Placed | null): DagBox | undefined {
    for (let at = parent; at; at = at.parent) {
      const old = this.#boxes.get(at.node.id);
      if (old) return old;
    }
  }
}

interface Placed {
  node: { id: string };
  box: DagBox;
  parent: Placed | null;
}
