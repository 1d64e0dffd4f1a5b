import { drawChart } from "../../picture/chart/draw.ts";
import { CAPACITY, legend, nothing, summary } from "../../picture/chart/readout.ts";
import type { ChartSpec } from "../../picture/chart/chart.ts";
import type { RunChart } from "../../picture/chart/run_charts.ts";
import { Empty } from "../../components/ui.tsx";
import { SvgDocument } from "./svg_document.ts";
import { textured, textureOf, textureUse } from "./textures.ts";

const HIDDEN: ReadonlySet<string> = new Set();
/** Pixels; half a page of A4 is as wide as this at 7 pt. */
const SIZE = { width: 470, height: 170 };

/** A chart as a still picture, with its legend; stacked areas have textures. */
export function PaperChart({ id, title, spec, why }: RunChart) {
  const missing = spec ? nothing(spec) : why;
  if (!spec || missing) {
    return (
      <figure class="paper-chart">
        <figcaption>{title}</figcaption>
        <Empty why={missing} />
      </figure>
    );
  }
  const items = legend(spec);
  const stacked = spec.kind === "area" && spec.stacked;
  return (
    <figure class="paper-chart">
      <figcaption>{title}</figcaption>
      <div
        role="img"
        aria-label={summary(title, spec)}
        // deno-lint-ignore react-no-danger
        dangerouslySetInnerHTML={{ __html: drawn(spec, `p${id}`) }}
      />
      {items.length > 0 && (
        <p class="paper-legend">
          {items.map(({ name, label, color }, at) => (
            <span key={name}>
              <Swatch
                colour={color}
                texture={stacked ? textureOf(name, at) : 0}
                dashed={name === CAPACITY}
              />
              {label}
            </span>
          ))}
        </p>
      )}
    </figure>
  );
}

function drawn(spec: ChartSpec, name: string): string {
  const document = new SvgDocument().asDocument;
  const svg = String(drawChart(spec, { ...SIZE, hidden: HIDDEN, document }));
  return spec.kind === "area" && spec.stacked ? textured(svg, spec, name) : svg;
}

/** What an area or, dashed, a line looks like in a chart. */
export function Swatch(
  { colour, texture = 0, dashed = false }: { colour: string; texture?: number; dashed?: boolean },
) {
  const shape = dashed
    ? `<path d="M0 5h14" stroke="${colour}" stroke-width="1.5" stroke-dasharray="4,3"/>`
    : `<path d="M0 0h14v10H0Z" fill="${colour}"/>${textureUse(texture)}`;
  // deno-lint-ignore react-no-danger
  return <svg dangerouslySetInnerHTML={{ __html: shape }} />;
}
