import { SvgPen } from "../../picture/svg_pen.ts";
import { CanvasPen } from "../../picture/pen.ts";
import type { DagStage } from "../../picture/dag/stage.ts";
import { host } from "../../host/host.ts";

/** What is seen, as an SVG file. */
export function stageSvg(stage: DagStage, title: string): string {
  const context = document.createElement("canvas").getContext("2d")!;
  const ruler = new CanvasPen(context);
  const pen = new SvgPen({
    measure: (text, size, bold) => ruler.measure(text, size, bold),
    dataUrl: (image) => image.toDataURL(),
  });
  stage.drawWith(pen, 1, false);
  const { width, height } = stage.window;
  return pen.toString(width, height, stage.background, title);
}

/** Saves what is seen as an SVG file. */
export function saveSvg(stage: DagStage, title: string): void {
  save(new Blob([stageSvg(stage, title)], { type: "image/svg+xml" }), `${title}.svg`);
}

/** Saves what is seen as a PNG file of twice its size. */
export function savePng(stage: DagStage, title: string): void {
  const canvas = document.createElement("canvas");
  const { width, height } = stage.window;
  canvas.width = 2 * width;
  canvas.height = 2 * height;
  const context = canvas.getContext("2d")!;
  context.scale(2, 2);
  context.fillStyle = stage.background;
  context.fillRect(0, 0, width, height);
  stage.drawWith(new CanvasPen(context), 1, false);
  canvas.toBlob((blob) => blob && save(blob, `${title}.png`));
}

function save(blob: Blob, name: string): void {
  host.save(blob, name.replace(/[^\w.-]+/g, "-"));
}

/** Puts what is seen into the page's printed form when it is printed, in the colours of paper. */
export function keepPrint(canvas: HTMLElement, stage: DagStage, signal: AbortSignal): void {
  const image = canvas.parentElement?.querySelector<HTMLImageElement>(".dag-print");
  if (!image) return;
  matchMedia("print").addEventListener("change", ({ matches }) => {
    stage.restyle();
    if (!matches) return;
    image.src = `data:image/svg+xml,${encodeURIComponent(stageSvg(stage, "DAG"))}`;
  }, { signal });
}
