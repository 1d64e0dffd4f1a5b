/** Every fraction in a text, such as a `transform`, to one decimal; what is not in pixels stays. */
export function rounded(text: string): string {
  if (/[a-z%]$/i.test(text)) return text;
  return text.replace(/-?\d+\.\d+(?:e[-+]?\d+)?/g, (number) => tenth(Math.round(+number * 10)));
}

/** So many tenths of a pixel as text. */
function tenth(tenths: number): string {
  return String(tenths / 10).replace(/^(-?)0\./, "$1.");
}

type Corner = [x: number, y: number];

const ORIGIN = { x: 0, y: 0 };

/**
 * The same path, moved by so many pixels, in few characters: places to a tenth of a pixel, each relative to the one before,
 * without corners on a straight line. A path of other commands than M, L, H, V and Z stays as it is.
 */
export function compactPath(path: string, by = ORIGIN): string {
  if (/[^MLHVZ\d\s,.eE+-]/.test(path) && by === ORIGIN) return path;
  let text = "";
  for (const { corners, closed } of subpaths(path)) {
    const moved = corners.map(([x, y]): Corner => [x + by.x * 10, y + by.y * 10]);
    const kept = withoutStraight(moved.map(whole));
    // What is filled and has no height is not seen.
    if (closed && kept.every(([, y]) => y === kept[0][1])) continue;
    text += lines(kept) + (closed ? "Z" : "");
  }
  return text;
}

/** The pieces of a path, in tenths of a pixel. */
function subpaths(path: string): { corners: Corner[]; closed: boolean }[] {
  const pieces: { corners: Corner[]; closed: boolean }[] = [];
  let corners: Corner[] = [];
  for (const [, command, rest] of path.matchAll(/([MLHVZ])([^MLHVZ]*)/g)) {
    const numbers = (rest.match(/-?[\d.]+(?:e[-+]?\d+)?/gi) ?? []).map((n) => +n * 10);
    if (command === "Z") {
      if (pieces.length) pieces[pieces.length - 1].closed = true;
      continue;
    }
    if (command === "M") pieces.push({ corners: corners = [], closed: false });
    const [x, y] = corners.at(-1) ?? [0, 0];
    if (command === "H") corners.push([numbers[0], y]);
    else if (command === "V") corners.push([x, numbers[0]]);
    else for (let i = 0; i + 1 < numbers.length; i += 2) corners.push([numbers[i], numbers[i + 1]]);
  }
  return pieces;
}

function whole([x, y]: Corner): Corner {
  return [Math.round(x), Math.round(y)];
}

function withoutStraight(corners: Corner[]): Corner[] {
  const kept: Corner[] = [];
  for (const corner of corners) {
    const [a, b] = [kept.at(-2), kept.at(-1)];
    if (b && b[0] === corner[0] && b[1] === corner[1]) continue;
    if (a && b && isBetween(a, b, corner)) kept.pop();
    kept.push(corner);
  }
  return kept;
}

/** Whether `b` lies on a line along an axis from `a` to `c`. */
function isBetween(a: Corner, b: Corner, c: Corner): boolean {
  return [0, 1].some((axis) =>
    a[axis] === b[axis] && b[axis] === c[axis] &&
    (b[1 - axis] - a[1 - axis]) * (c[1 - axis] - b[1 - axis]) >= 0
  );
}

function lines(corners: Corner[]): string {
  let text = "";
  let [x, y] = [0, 0];
  corners.forEach((corner, at) => {
    const [dx, dy] = [corner[0] - x, corner[1] - y];
    if (at === 0) text += `M${pair(corner[0], corner[1])}`;
    else if (dy === 0) text += `h${tenth(dx)}`;
    else if (dx === 0) text += `v${tenth(dy)}`;
    else text += `l${pair(dx, dy)}`;
    [x, y] = corner;
  });
  return text;
}

function pair(x: number, y: number): string {
  return tenth(x) + (y < 0 ? "" : " ") + tenth(y);
}
