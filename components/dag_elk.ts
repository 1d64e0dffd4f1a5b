import ELK, { type ElkNode } from "elkjs/lib/elk-api.js";
import type { DagBox, DagLayout, DagPoint, DagShape } from "./dag_layout.ts";

const OPTIONS = {
  "elk.algorithm": "layered",
  "elk.direction": "RIGHT",
  "elk.edgeRouting": "POLYLINE",
  "elk.aspectRatio": "1.6",
  "elk.spacing.nodeNode": "12",
  "elk.spacing.componentComponent": "16",
};

const WRAPPED = { "elk.layered.wrapping.strategy": "MULTI_EDGE" };
const LONG = 16;
const WIDE = 8;

/** A DAG of many depths is wrapped like text into the shape of a screen. */
function options(shape: DagShape): Record<string, string> {
  const depths = new Set(shape.nodes.map(({ depth }) => depth)).size;
  return {
    ...OPTIONS,
    "elk.layered.spacing.nodeNodeBetweenLayers": String(shape.gap),
    ...depths > LONG && shape.nodes.length < depths * WIDE ? WRAPPED : {},
  };
}

/**
 * Lays a graph out with ELK in a worker of its own, which is ended when the layout is there, when
 * `limitMs` milliseconds have passed or when `signal` aborts; the promise rejects in the last two
 * cases and when the worker cannot load. Call in a browser only.
 */
export function elkLayout(
  shape: DagShape,
  limitMs: number,
  signal: AbortSignal,
): Promise<DagLayout> {
  return new Promise((resolve, reject) => {
    const elk = new ELK.default({
      workerFactory: () => {
        const worker = new Worker("/elk-worker.js");
        worker.addEventListener("error", () => stop(new Error("the layout worker failed")));
        return worker;
      },
    });
    const timer = setTimeout(() => stop(new Error("the layout took too long")), limitMs);
    const aborted = () => stop(new Error("the layout was abandoned"));
    signal.addEventListener("abort", aborted);
    function stop(error: Error): void {
      end();
      reject(error);
    }
    function end(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", aborted);
      elk.terminateWorker();
    }
    elk.layout<ElkNode>({
      id: "dag",
      layoutOptions: options(shape),
      children: shape.nodes.map(({ id, width, height }) => ({ id, width, height })),
      edges: shape.edges.map(({ from, to }, at) => ({
        id: `e${at}`,
        sources: [from],
        targets: [to],
      })),
    }).then((graph) => {
      end();
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
      resolve({ boxes, lines, width: graph.width ?? 0, height: graph.height ?? 0 });
    }, (error: unknown) => stop(error instanceof Error ? error : new Error(String(error))));
  });
}
