import type { ElkNode } from "elkjs/lib/elk-api.js";
import type { DagLayout, DagShape } from "./layout.ts";
import type { DagBox, DagPoint } from "../../geometry.ts";
import type { Manner } from "./elk_options.ts";
import { type ElkWorker, host } from "../../../host/host.ts";

const OPTIONS = {
  "elk.algorithm": "layered",
  "elk.edgeRouting": "POLYLINE",
  "elk.spacing.nodeNode": "14",
  "elk.spacing.componentComponent": "20",
};

/** Labels stand beside edges that run down: these need less room for them, as a share. */
const DOWN_GAP = 0.6;

function options({ room, gap }: DagShape, manner: Manner): Record<string, string> {
  const down = manner.direction === "DOWN";
  return {
    ...OPTIONS,
    "elk.direction": manner.direction,
    "elk.aspectRatio": String(room.width / Math.max(1, room.height)),
    "elk.layered.spacing.nodeNodeBetweenLayers": String(down ? gap * DOWN_GAP : gap),
    "elk.layered.wrapping.strategy": manner.wrapping,
    "elk.layered.nodePlacement.strategy": manner.placing,
  };
}

interface Answer {
  id: number;
  data?: ElkNode;
  error?: unknown;
}

interface Waiting {
  resolve(graph: ElkNode): void;
  reject(error: Error): void;
}

/** ELK in a worker of its own, kept from one layout to the next. */
export class ElkLayouts {
  #worker: ElkWorker | undefined;
  #ready: Promise<unknown> | undefined;
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;
  readonly #open: () => ElkWorker;

  /** @param open starts a worker that speaks ELK's protocol; the page's own unless told */
  constructor(open: () => ElkWorker = () => host.elkWorker()) {
    this.#open = open;
  }

  /**
   * Lays a graph out. The promise rejects when that takes longer than `limitMs` milliseconds from
   * when the worker is loaded, when `signal` aborts, and when the worker fails; the worker is then
   * ended, and the next layout begins with a new one.
   */
  async layout(
    shape: DagShape,
    manner: Manner,
    limitMs: number,
    signal: AbortSignal,
  ): Promise<DagLayout> {
    const stopped = () => this.#stop(new Error("the layout was abandoned"));
    signal.addEventListener("abort", stopped);
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      await this.start();
      timer = setTimeout(() => this.#stop(new Error("the layout took too long")), limitMs);
      return layoutOf(shape, await this.#ask({ cmd: "layout", graph: graphOf(shape, manner) }));
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", stopped);
    }
  }

  end(): void {
    this.#stop(new Error("no more layouts"));
  }

  /** Loads the worker, which layouts wait for; done once however often it is called. */
  start(): Promise<unknown> {
    if (this.#ready) return this.#ready;
    const worker = this.#open();
    worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      const waiting = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      if (data.error) waiting?.reject(new Error(String(data.error)));
      else waiting?.resolve(data.data ?? { id: "none" });
    };
    worker.onerror = () => this.#stop(new Error("the layout worker failed"));
    this.#worker = worker;
    return this.#ready = this.#ask({ cmd: "register", algorithms: ["layered"] });
  }

  #ask(question: object): Promise<ElkNode> {
    return new Promise((resolve, reject) => {
      if (!this.#worker) return reject(new Error("the layout worker was ended"));
      const id = this.#asked++;
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ ...question, id });
    });
  }

  #stop(error: Error): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#ready = undefined;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

function graphOf(shape: DagShape, manner: Manner): ElkNode {
  return {
    id: "dag",
    layoutOptions: options(shape, manner),
    children: shape.nodes.map(({ id, width, height }) => ({ id, width, height })),
    edges: shape.edges.map(({ from, to }, at) => ({
      id: `e${at}`,
      sources: [from],
      targets: [to],
    })),
  };
}

function layoutOf(shape: DagShape, graph: ElkNode): DagLayout {
  const boxes = new Map<string, DagBox>();
  for (const { id, x = 0, y = 0, width = 0, height = 0 } of graph.children ?? []) {
    boxes.set(id, { x, y, width, height });
  }
  const lines: DagPoint[][] = shape.edges.map(() => []);
  for (const { id, sections } of graph.edges ?? []) {
    const [section] = sections ?? [];
    if (!section || !id) continue;
    lines[Number(id.slice(1))] = [
      section.startPoint,
      ...section.bendPoints ?? [],
      section.endPoint,
    ];
  }
  return { boxes, lines, width: graph.width ?? 0, height: graph.height ?? 0 };
}
