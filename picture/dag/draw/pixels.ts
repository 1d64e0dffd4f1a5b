import { channels } from "../../../looks/theme.ts";
import type { Runs } from "../../../model/dag/places.ts";

/** How opaque a cell is that the legend leaves out, 0 to 255. */
const FAINT = 36;

/** Colours by byte as pixels; buckets that are not in `picked` (when it has any) are faint. */
export function pixelTable(colours: readonly string[], picked: ReadonlySet<number>): Uint32Array {
  return Uint32Array.from(colours, (colour, bucket) => {
    const [red, green, blue] = channels(colour);
    const alpha = picked.size === 0 || picked.has(bucket) ? 255 : FAINT;
    return (alpha << 24 | blue << 16 | green << 8 | red) >>> 0;
  });
}

/**
 * One pixel per task, row by row, in the byte order of an ImageData on a little-endian machine;
 * past the last task nothing. With `runs`, only the tasks at these places.
 *
 * @param cells one byte per task
 * @param pixels room for at least cells.length pixels, all zero
 */
export function paintCells(
  cells: Uint8Array,
  table: Uint32Array,
  pixels: Uint32Array,
  runs?: Runs,
): void {
  if (!runs) {
    for (let i = 0; i < cells.length; i++) pixels[i] = table[cells[i]];
    return;
  }
  for (let at = 0; at < runs.length; at += 2) {
    const end = Math.min(cells.length, runs[at] + runs[at + 1]);
    for (let i = runs[at]; i < end; i++) pixels[i] = table[cells[i]];
  }
}
