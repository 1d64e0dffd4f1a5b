import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";

const MIN_SCALE = 0.02;
const MAX_SCALE = 4;
const MARGIN = 16;

/** Screen = drawing × scale + (x, y), in pixels. */
export interface Camera {
  x: number;
  y: number;
  scale: number;
}

interface Size {
  width: number;
  height: number;
}

interface Box extends Size {
  x: number;
  y: number;
}

/** What a drawing is seen through; moving it redraws nothing but its `transform`. */
export class DagCamera {
  readonly at: Signal<Camera> = signal({ x: 0, y: 0, scale: 1 });
  /** The SVG transform of the drawing. */
  readonly transform: ReadonlySignal<string> = computed(() => {
    const { x, y, scale } = this.at.value;
    return `translate(${x} ${y}) scale(${scale})`;
  });
  /** Whether a person moved it since it was last fitted. */
  moved = false;

  pan(dx: number, dy: number): void {
    const { x, y, scale } = this.at.value;
    this.moved = true;
    this.at.value = { x: x + dx, y: y + dy, scale };
  }

  /** Zooms by `factor` about a point on the screen. */
  zoom(factor: number, px: number, py: number): void {
    const { x, y, scale } = this.at.value;
    const next = Math.min(MAX_SCALE, Math.max(MIN_SCALE, scale * factor));
    const by = next / scale;
    this.moved = true;
    this.at.value = { x: px - (px - x) * by, y: py - (py - y) * by, scale: next };
  }

  /** Pans as little as brings a box of the drawing into a window. */
  reveal(box: Box, window: Size): void {
    const { x, y, scale } = this.at.value;
    const dx = intoView(x + box.x * scale, box.width * scale, window.width);
    const dy = intoView(y + box.y * scale, box.height * scale, window.height);
    if (dx || dy) this.pan(dx, dy);
  }

  /** Shows the whole drawing in the middle of a window, no larger than life. */
  fit(drawing: Size, window: Size): void {
    const scale = Math.max(
      MIN_SCALE,
      Math.min(
        1,
        (window.width - 2 * MARGIN) / Math.max(1, drawing.width),
        (window.height - 2 * MARGIN) / Math.max(1, drawing.height),
      ),
    );
    this.moved = false;
    this.at.value = {
      x: (window.width - drawing.width * scale) / 2,
      y: (window.height - drawing.height * scale) / 2,
      scale,
    };
  }
}

function intoView(start: number, length: number, room: number): number {
  if (start < MARGIN) return MARGIN - start;
  return Math.min(0, room - MARGIN - length - start);
}
