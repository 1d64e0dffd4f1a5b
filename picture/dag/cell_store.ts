import { appByte } from "../../model/dag/buckets.ts";
import type { DagColour, DagGroupNode } from "../../model/dag/view.ts";
import type { DagApi } from "./api.ts";
import { paintCells } from "./draw/pixels.ts";
import type { Runs } from "../../model/dag/places.ts";

interface Entry {
  bytes: Uint8Array | undefined;
  /** When the bytes came, in ms of `performance.now()`; 0 before. */
  at: number;
  stale: boolean;
  fetching: boolean;
  /** Nothing came when they were asked for last. */
  missed: boolean;
  images: Map<"all" | "lit", Image>;
}

interface Image {
  canvas: HTMLCanvasElement;
  bytes: Uint8Array;
  columns: number;
  table: Uint32Array;
  runs: Runs | undefined;
}

/** The least time between two fetches of the same cells, in ms. */
const PAUSE_MS = 1000;
const AT_ONCE = 4;

/** The cells of groups: fetched when first asked for, kept, and fetched again when they changed. */
export class CellStore {
  readonly #api: Pick<DagApi, "cells">;
  readonly #changed: () => void;
  readonly #entries = new Map<string, Entry>();
  #queue: { key: string; group: string; colour: DagColour }[] = [];
  #running = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param changed called when cells came, or may be asked for again */
  constructor(api: Pick<DagApi, "cells">, changed: () => void) {
    this.#api = api;
    this.#changed = changed;
  }

  /** The bytes of a group's tasks; undefined until they came. */
  bytes(group: DagGroupNode, colour: DagColour): Uint8Array | undefined {
    return this.#entry(group, colour).bytes;
  }

  /**
   * A group's tasks as an image of one pixel each, `columns` wide.
   *
   * @param table pixel by byte; the same object as long as the colours are the same
   * @param runs only the tasks at these places; the same object for the same tasks
   */
  image(
    group: DagGroupNode,
    colour: DagColour,
    columns: number,
    table: Uint32Array,
    runs?: Runs,
  ): HTMLCanvasElement | undefined {
    const entry = this.#entry(group, colour);
    const { bytes } = entry;
    if (!bytes?.length) return undefined;
    const key = runs ? "lit" : "all";
    const known = entry.images.get(key);
    if (
      known?.bytes === bytes && known.columns === columns && known.table === table &&
      known.runs === runs
    ) return known.canvas;
    const canvas = known?.canvas ?? document.createElement("canvas");
    canvas.width = columns;
    canvas.height = Math.ceil(bytes.length / columns);
    const context = canvas.getContext("2d")!;
    const data = context.createImageData(canvas.width, canvas.height);
    paintCells(bytes, table, new Uint32Array(data.data.buffer), runs);
    context.putImageData(data, 0, 0);
    entry.images.set(key, { canvas, bytes, columns, table, runs });
    return canvas;
  }

  /**
   * Says that there is news, and the tasks of which groups changed: those are fetched again when asked
   * for, and those of which nothing came.
   */
  outdate(groups: Iterable<string>): void {
    const which = new Set(groups);
    for (const [key, entry] of this.#entries) {
      if (entry.missed || which.has(key.slice(key.indexOf(" ") + 1))) entry.stale = true;
    }
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#queue = [];
  }

  #entry(group: DagGroupNode, colour: DagColour): Entry {
    const key = `${colour} ${group.id}`;
    let entry = this.#entries.get(key);
    if (!entry) {
      entry = {
        bytes: undefined,
        at: 0,
        stale: true,
        fetching: false,
        missed: false,
        images: new Map(),
      };
      this.#entries.set(key, entry);
    }
    if (colour === "apps" && group.app >= 0) {
      if (entry.bytes?.length !== group.count) {
        entry.bytes = new Uint8Array(group.count).fill(appByte(group.app));
      }
    } else if (entry.stale && !entry.fetching) this.#want(key, entry, group.id, colour);
    return entry;
  }

  #want(key: string, entry: Entry, group: string, colour: DagColour): void {
    const rest = entry.at + PAUSE_MS - performance.now();
    if (entry.at > 0 && rest > 0) {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.#changed();
      }, rest);
      return;
    }
    entry.fetching = true;
    this.#queue.push({ key, group, colour });
    this.#next();
  }

  #next(): void {
    while (this.#running < AT_ONCE) {
      const next = this.#queue.shift();
      if (!next) return;
      this.#running++;
      this.#fetch(next.key, next.group, next.colour).finally(() => {
        this.#running--;
        this.#next();
      });
    }
  }

  async #fetch(key: string, group: string, colour: DagColour): Promise<void> {
    const entry = this.#entries.get(key)!;
    entry.stale = false;
    try {
      entry.bytes = (await this.#api.cells(group, colour)).bytes;
      entry.missed = false;
    } catch {
      // Its box shows the states alone until there is news.
      entry.missed = true;
    }
    entry.at = performance.now();
    entry.fetching = false;
    this.#changed();
  }
}
