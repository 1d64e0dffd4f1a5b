import type { DagColour, DagView } from "../../../model/dag/view.ts";
import { cellColours } from "./colours.ts";
import { pixelTable } from "./pixels.ts";
import type { Theme } from "../../../looks/theme.ts";

/** The colours of tasks' cells, made anew only when what they mean has changed. */
export class Palette {
  /** Colour by byte of a cell, as `#rrggbb`. */
  colours: readonly string[] = [];
  /** Pixel by byte of a cell; faint for those that are not picked. */
  table: Uint32Array = new Uint32Array(256);
  #theme: Theme | undefined;
  #meaning = "";

  update(view: DagView, colour: DagColour, picked: ReadonlySet<number>, theme: Theme): void {
    const meaning = [colour, ...picked, ...view.states].join(",");
    if (meaning === this.#meaning && theme === this.#theme) return;
    this.#meaning = meaning;
    this.#theme = theme;
    this.colours = cellColours(view, colour, theme);
    this.table = pixelTable(this.colours, picked);
  }
}
