import { KeptLayout } from "../../../host/kept_layout.ts";
import type { DagView } from "../../../model/dag/view.ts";
import type { DagLayout } from "./layout.ts";
import type { DagBox } from "../../geometry.ts";

/** A layout of a view, and whether it is the plain one. */
export interface MadeLayout {
  layout: DagLayout;
  plain: boolean;
}

/** Keeps a layout of a view. */
export function keepLayout(key: string, view: DagView, { layout, plain }: MadeLayout): KeptLayout {
  const empty: DagBox = { x: 0, y: 0, width: 0, height: 0 };
  return {
    key,
    plain,
    width: tenths(layout.width),
    height: tenths(layout.height),
    boxes: view.nodes.flatMap(({ id }) => {
      const { x, y, width, height } = layout.boxes.get(id) ?? empty;
      return [x, y, width, height].map(tenths);
    }),
    lines: layout.lines.map((line) => line.flatMap(({ x, y }) => [tenths(x), tenths(y)])),
  };
}

/** The layout that was kept of a view; undefined when it was kept of another. */
export function keptLayout(kept: KeptLayout, view: DagView): MadeLayout | undefined {
  const { nodes, edges } = view;
  if (kept.boxes.length !== 4 * nodes.length || kept.lines.length !== edges.length) {
    return undefined;
  }
  const boxes = nodes.map(({ id }, at): [string, DagBox] => {
    const [x, y, width, height] = kept.boxes.slice(4 * at, 4 * at + 4).map((n) => n / 10);
    return [id, { x, y, width, height }];
  });
  const lines = kept.lines.map((line) =>
    Array.from({ length: line.length >> 1 }, (_, at) => ({
      x: line[2 * at] / 10,
      y: line[2 * at + 1] / 10,
    }))
  );
  const layout = {
    boxes: new Map(boxes),
    lines,
    width: kept.width / 10,
    height: kept.height / 10,
  };
  return { layout, plain: kept.plain };
}

function tenths(pixels: number): number {
  return Math.round(pixels * 10);
}
