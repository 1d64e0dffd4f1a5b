import type { Scale } from "@observablehq/plot";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { toggled } from "../picture/picked.ts";
import { MARGIN, top } from "../picture/chart/frame.ts";
import {
  CAPACITY,
  legend,
  nearest,
  nothing,
  position,
  reading,
  readings,
  summary,
} from "../picture/chart/readout.ts";
import type { ChartSpec } from "../picture/chart/chart.ts";
import { drawInTurn } from "../picture/chart/draw_queue.ts";
import { NOT_READ, useReading } from "../components/reading.ts";
import { Strut, Swatch } from "../components/marks.tsx";

/**
 * A chart of `spec`, `height` pixels high (legend and title not counted), as wide as its box.
 * Naive times are shown as they are; pointer or arrow keys read the values off.
 */
export default function Chart(
  { spec, height = 190, title }: { spec: ChartSpec; height?: number; title: string },
) {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLDivElement>(null);
  const scale = useRef<Scale>();
  const [width, setWidth] = useState(0);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [at, setAt] = useState<number | null>(null);
  const isReading = useReading();
  const missing = nothing(spec);
  const why = missing && isReading ? NOT_READ : missing;
  const label = useMemo(() => why ? `${title}: ${why}` : summary(title, spec), [spec, title, why]);

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    // Also called when it begins: after the layout, which need not be made for it.
    const observer = new ResizeObserver(() => setWidth(Math.floor(element.clientWidth)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    if (why || width < 100) {
      element.replaceChildren();
      scale.current = undefined;
      return;
    }
    return drawInTurn(spec, { width, height, hidden }, (plot) => {
      scale.current = plot.scale("x");
      element.replaceChildren(plot);
    });
  }, [spec, width, height, hidden, why]);

  const point = (event: PointerEvent) => {
    const bounds = canvas.current?.getBoundingClientRect();
    const invert = scale.current?.invert;
    if (!bounds || !invert) return;
    const px = event.clientX - bounds.left;
    const inside = px >= MARGIN.left - 4 && px <= width - MARGIN.right + 4;
    setAt(inside ? nearest(spec, Number(invert(px))) : null);
  };
  const key = (event: KeyboardEvent) => {
    const last = readings(spec) - 1;
    if (why || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "ArrowRight") setAt(at === null ? 0 : Math.min(at + 1, last));
    else if (event.key === "ArrowLeft") setAt(at === null ? last : Math.max(at - 1, 0));
    else if (event.key === "Home") setAt(0);
    else if (event.key === "End") setAt(last);
    else if (event.key === "Escape") setAt(null);
    else return;
    event.preventDefault();
  };

  const index = at !== null && !why && at < readings(spec) ? at : null;
  const read = index === null ? null : reading(spec, index, hidden);
  const left = index === null ? 0 : Number(scale.current?.apply(position(spec, index)) ?? 0);
  const items = why ? [] : legend(spec);
  return (
    <figure class="chart">
      <figcaption>{title}</figcaption>
      <div
        class="chart-plot"
        ref={box}
        role="img"
        aria-label={label}
        tabIndex={why ? undefined : 0}
        onPointerMove={point}
        onPointerDown={point}
        onPointerLeave={() => setAt(null)}
        onBlur={() => setAt(null)}
        onKeyDown={key}
      >
        <Strut height={height} />
        <div class="chart-canvas" ref={canvas} />
        {why ? <p class="chart-empty">{why}</p> : null}
        {read
          ? (
            <>
              <div class="chart-rule" style={`left:${left}px;top:${top(spec)}px`} />
              <div
                class={`chart-tip${left > width / 2 ? " is-left" : ""}`}
                style={left > width / 2 ? `right:${width - left + 10}px` : `left:${left + 10}px`}
              >
                <b>{read.head}</b>
                {read.rows.map((row) => (
                  <div key={row.key}>
                    <Swatch colour={row.color} />
                    <span>{row.label}</span>
                    <span class="num">{row.text}</span>
                  </div>
                ))}
              </div>
            </>
          )
          : null}
      </div>
      <span class="sr-only" aria-live="polite">
        {read ? `${read.head}: ${read.rows.map((r) => `${r.label} ${r.text}`).join(", ")}` : ""}
      </span>
      {items.length
        ? (
          <div class="legend" role="group" aria-label={`Series of ${title}`}>
            {items.map((item) => (
              <button
                type="button"
                key={item.name}
                aria-pressed={!hidden.has(item.name)}
                onClick={() => setHidden(toggled(hidden, item.name))}
              >
                <Swatch colour={item.color} line={item.name === CAPACITY} />
                {item.label}
              </button>
            ))}
          </div>
        )
        : null}
    </figure>
  );
}
