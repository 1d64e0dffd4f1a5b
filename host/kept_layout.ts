/** A layout as plain JSON, in tenths of a pixel: for whoever shows the same view later. */
export interface KeptLayout {
  /** What it is a layout of, and for which shape of a window. */
  key: string;
  plain: boolean;
  width: number;
  height: number;
  /** x, y, width and height of each of the view's nodes, one after the other. */
  boxes: number[];
  /** x and y of the corners of each of the view's edges. */
  lines: number[][];
}
