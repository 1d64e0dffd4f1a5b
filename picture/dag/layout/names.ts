import { overlap } from "../../geometry.ts";
import type { DagBox } from "../../geometry.ts";

/** A box that is to be named; all measures are pixels of the screen. */
export interface Unnamed {
  id: string;
  box: DagBox;
  /** The room for its name in the box itself, if there is some. */
  inside: DagBox | undefined;
  /**
   * Whether the name may stand beside the box. If not, it stands inside, and names of other boxes
   * may cover what is left of this one.
   */
  aside: boolean;
  /** Boxes of lower ranks are named first, of the same in their order. */
  rank: number;
  /** Its name in so much room, "" when it has none. */
  text(room: number): string;
  /** How wide a text is. */
  measure(text: string): number;
}

/** A name and where it stands. */
export interface PlacedName {
  text: string;
  inside: boolean;
  box: DagBox;
}

/** The height of a name beside its box. */
export const NAME_HEIGHT_PX = 12;
/** Between a box and the name beside it, and at least between that and what is not its own. */
const BESIDE = 2;
const APART = { x: 4, y: 2 };
/** Room that names get beside their boxes, one after the other until they fit. */
const ROOMS = [250, 130, 92, 64];
/** What sizes that are made to fit may be wrong by. */
const ROUNDING = 0.01;
/** A shortened name has this many letters at least. */
const LEAST = 6;

/**
 * Where the names of boxes stand so that none is on another name or on another's box: in the box,
 * below it, above it or beside it, whole or shortened. Those of low rank come first; what finds no
 * place has none. A function of its input alone: where the boxes are on the screen does not matter,
 * so that panning changes nothing.
 *
 * @param bounds what names must not leave
 */
export function placeNames(
  unnamed: readonly Unnamed[],
  bounds: DagBox,
): Map<string, PlacedName> {
  const map = new BoxMap();
  for (const { id, box, inside, aside } of unnamed) {
    const covered = aside ? box : inside;
    if (covered) map.add(covered, id);
  }
  const names = new Map<string, PlacedName>();
  const order = [...unnamed.keys()].sort((a, b) => unnamed[a].rank - unnamed[b].rank || a - b);
  for (const at of order) {
    const one = unnamed[at];
    const name = placeName(one, (box) => isWithin(box, bounds) && map.isFree(box, one.id));
    if (!name) continue;
    names.set(one.id, name);
    if (!name.inside) map.add(name.box, "");
  }
  return names;
}

function placeName(one: Unnamed, isFree: (box: DagBox) => boolean): PlacedName | undefined {
  const { inside } = one;
  let last = "";
  for (const room of one.aside ? ROOMS : []) {
    const text = textOf(one, room);
    if (text === last) continue;
    last = text;
    const width = one.measure(text);
    if (inside && width <= inside.width + ROUNDING) return { text, inside: true, box: inside };
    const box = placesAround(one.box, width).find(isFree);
    if (box) return { text, inside: false, box };
  }
  if (!inside) return undefined;
  const text = textOf(one, inside.width);
  return text === "" ? undefined : { text, inside: true, box: inside };
}

/** The name in so much room; "" when too little is left of it. */
function textOf(one: Unnamed, room: number): string {
  const text = one.text(room);
  return text.length < Math.min(LEAST, one.text(Infinity).length) ? "" : text;
}

/** The places for a name around a box, the best first. */
function placesAround({ x, y, width, height }: DagBox, room: number): DagBox[] {
  const [left, middle, right] = [x, x + (width - room) / 2, x + width - room];
  const [above, below] = [y - BESIDE - NAME_HEIGHT_PX, y + height + BESIDE];
  const beside = y + (height - NAME_HEIGHT_PX) / 2;
  const places = [
    [middle, below],
    [middle, above],
    [left, below],
    [left, above],
    [right, below],
    [
      right,
      above,
    ],
    [x + width + 2 * BESIDE, beside],
    [x - 2 * BESIDE - room, beside],
  ];
  return places.map(([x, y]) => ({ x, y, width: room, height: NAME_HEIGHT_PX }));
}

/** Whether all of a box is in another. */
export function isWithin(box: DagBox, bounds: DagBox): boolean {
  return box.x >= bounds.x && box.y >= bounds.y &&
    box.x + box.width <= bounds.x + bounds.width &&
    box.y + box.height <= bounds.y + bounds.height;
}

/** The side of a square of the map. */
const SQUARE = 64;

/** Boxes by the squares of the plane that they are in. */
class BoxMap {
  readonly #squares = new Map<string, { box: DagBox; owner: string }[]>();

  add(box: DagBox, owner: string): void {
    for (const square of squaresOf(box)) {
      const list = this.#squares.get(square);
      if (list) list.push({ box, owner });
      else this.#squares.set(square, [{ box, owner }]);
    }
  }

  /** Whether nothing is near a box but what is its owner's. */
  isFree({ x, y, width, height }: DagBox, owner: string): boolean {
    const near = {
      x: x - APART.x,
      y: y - APART.y,
      width: width + 2 * APART.x,
      height: height + 2 * APART.y,
    };
    for (const square of squaresOf(near)) {
      for (const other of this.#squares.get(square) ?? []) {
        if (other.owner !== owner && overlap(other.box, near)) return false;
      }
    }
    return true;
  }
}

function squaresOf({ x, y, width, height }: DagBox): string[] {
  const squares: string[] = [];
  for (let column = Math.floor(x / SQUARE); column <= Math.floor((x + width) / SQUARE); column++) {
    for (let row = Math.floor(y / SQUARE); row <= Math.floor((y + height) / SQUARE); row++) {
      squares.push(`${column} ${row}`);
    }
  }
  return squares;
}
