import type { drawChart } from "./draw.ts";
import type { Drawing } from "./frame.ts";
import type { ChartSpec } from "./chart.ts";

type Draw = typeof drawChart;

/** A small chart with all that charts are made of. */
const TRIAL: ChartSpec = {
  kind: "area",
  x: [0, 1, 2],
  stacked: true,
  y: { label: "" },
  series: [{ name: "", label: "", color: "none", values: [1, 2] }],
  capacity: { label: "", values: [2, 2] },
};

let drawer: Promise<Draw> | undefined;

/**
 * What draws charts. It is large, so it comes when there is something to draw; and it is compiled
 * when it is first used, which takes longer than any chart: so it is tried first, on one not seen.
 */
function triedDrawer(): Promise<Draw> {
  return drawer ??= import("./draw.ts").then(async ({ drawChart }) => {
    await new Promise((resolve) => setTimeout(resolve));
    drawChart(TRIAL, { width: 200, height: 100, hidden: new Set() });
    return drawChart;
  });
}

/**
 * Draws a chart soon, in a task of its own, so that the page answers between one chart and the next.
 *
 * @param drawn gets the chart
 * @returns gives the drawing up
 */
export function drawInTurn(
  spec: ChartSpec,
  drawing: Drawing,
  drawn: (chart: ReturnType<Draw>) => void,
): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wanted = true;
  void triedDrawer().then((draw) => {
    if (wanted) timer = setTimeout(() => drawn(draw(spec, drawing)));
  });
  return () => {
    wanted = false;
    clearTimeout(timer);
  };
}
