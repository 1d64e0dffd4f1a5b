import { compactPath, rounded } from "./svg_path.ts";

const RECT = /^<rect x="([^"]+)" y="([^"]+)" width="([^"]+)" height="([^"]+)" fill="([^"]+)"\/>$/;
const LINE = /^<(?:path d|polygon points)="([^"]+)"([^>]*)\/>$/;
const LOOKS =
  /(?: (?:width|height|fill|stroke|stroke-width|stroke-dasharray|stroke-linejoin|paint-order|font-size|font-weight|text-anchor|rx|opacity)="[^"]*")+/g;
const IN_PIXELS = new Set(["font-size", "rx", "width", "height"]);

/**
 * The elements of a drawing, one a line, in fewer characters: plain rectangles of one colour become
 * one path, lines and arrowheads of one look too, and looks that come again a class.
 *
 * @param prefix what the names of the classes begin with
 */
export function shortSvg(elements: string, prefix: string): string {
  const classes = new Map<string, string>();
  const short = merged(together(elements).split("\n")).join("").replace(
    /<(?:rect|path|text|tspan|g)[^>]*>/g,
    (tag) =>
      tag.replace(LOOKS, (looks) => {
        const name = classes.get(looks) ?? prefix + classes.size.toString(36);
        classes.set(looks, name);
        return ` class="${name}"`;
      }),
  );
  const rules = [...classes].map(([looks, name]) => `.${name}{${declarations(looks)}}`);
  return `<style>${rules.join("")}</style>${short}`;
}

function declarations(looks: string): string {
  return Array.from(
    looks.matchAll(/ ([\w-]+)="([^"]*)"/g),
    ([, name, value]) => `${name}:${value}${IN_PIXELS.has(name) ? "px" : ""}`,
  ).join(";");
}

/** A text and the one that goes on where it ends. */
const TEXTS =
  /^(<text x="[^"]+" y="([^"]+)"[^>]*>[^<]*)<\/text>\n<text x="[^"]+" y="\2"([^>]*)>(:\d+)<\/text>/gm;

/** The number of a task follows its name in the same text, however wide the reader's letters are. */
function together(elements: string): string {
  return elements.replace(TEXTS, "$1<tspan$3>$4</tspan></text>");
}

/** Elements with those that may be one path put together: rectangles, or lines with their heads. */
function merged(lines: string[]): string[] {
  const short: string[] = [];
  const paths = new Map<string, string>();
  let kind: RegExp | undefined;
  for (const line of [...lines, ""]) {
    const now = [RECT, LINE].find((pattern) => pattern.test(line));
    if (now !== kind) {
      for (const [looks, path] of paths) short.push(`<path d="${path}"${looks}/>`);
      paths.clear();
    }
    kind = now;
    const [, a, b, c, d, fill] = line.match(RECT) ?? [];
    const [, path, style] = line.match(LINE) ?? [];
    if (fill !== undefined) {
      const looks = ` fill="${fill}"`;
      const corners = `M${a} ${b}H${+a + +c}V${+b + +d}H${a}Z`;
      paths.set(looks, (paths.get(looks) ?? "") + compactPath(corners));
    } else if (style !== undefined) {
      const corners = path.startsWith("M") ? path : `M${path.replaceAll(" ", "L")}Z`;
      paths.set(style, (paths.get(style) ?? "") + compactPath(corners));
    } else short.push(line.replace(/(?<= (?:x|y|width|height)=")[^"]*/g, rounded));
  }
  return short;
}
