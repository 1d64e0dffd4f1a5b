import { compactPath, rounded } from "./svg_path.ts";

/** Attributes that are lengths or places, and are rounded. */
const PLACES = new Set(["x", "y", "cx", "cy", "r", "width", "height", "transform"]);
/** What a still picture has no use for, or has from the style sheet. */
const DROPPED = new Set([
  ...["aria-label", "aria-hidden", "class", "font-variant", "stroke-linecap", "stroke-miterlimit"],
  ...["stroke-linejoin", "font-family", "font-size"],
]);

const NAMED: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Text as HTML and in attributes with double quotes. */
export function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => NAMED[character]);
}

/** An element of a picture that is being drawn, with what d3 asks of one. */
export class SvgElement {
  readonly namespaceURI = "http://www.w3.org/2000/svg";
  readonly ownerDocument: SvgDocument;
  readonly tagName: string;
  readonly children: SvgElement[] = [];
  readonly style: Record<string, string> = {};
  parentNode: SvgElement | null = null;
  readonly #attributes = new Map<string, string>();
  #text = "";

  constructor(ownerDocument: SvgDocument, tagName: string) {
    this.ownerDocument = ownerDocument;
    this.tagName = tagName;
  }

  get firstChild(): SvgElement | null {
    return this.children[0] ?? null;
  }

  set textContent(text: unknown) {
    this.children.length = 0;
    this.#text = String(text ?? "");
  }

  get textContent(): string {
    return this.#text + this.children.map((child) => child.textContent).join("");
  }

  getAttribute(name: string): string | null {
    return this.#attributes.get(name) ?? null;
  }

  hasAttribute(name: string): boolean {
    return this.#attributes.has(name);
  }

  setAttribute(name: string, value: unknown): void {
    this.#attributes.set(name, String(value));
  }

  setAttributeNS(_namespace: string | null, name: string, value: unknown): void {
    this.setAttribute(name, value);
  }

  removeAttribute(name: string): void {
    this.#attributes.delete(name);
  }

  appendChild(child: SvgElement): SvgElement {
    return this.insertBefore(child, null);
  }

  insertBefore(child: SvgElement, next: SvgElement | null): SvgElement {
    const siblings = child.parentNode?.children;
    if (siblings?.includes(child)) siblings.splice(siblings.indexOf(child), 1);
    const at = next ? this.children.indexOf(next) : -1;
    this.children.splice(at < 0 ? this.children.length : at, 0, child);
    child.parentNode = this;
    return child;
  }

  /** The element as short HTML, without style sheets and labels. */
  toString(): string {
    if (this.tagName === "style") return "";
    let attributes = "";
    for (const [name, value] of this.#attributes) {
      if (DROPPED.has(name) || name.startsWith("xmlns")) continue;
      const short = name === "d" ? compactPath(value) : PLACES.has(name) ? rounded(value) : value;
      attributes += ` ${name}="${escaped(short)}"`;
    }
    const inside = escaped(this.#text) + this.#inside();
    if (this.tagName === "path" && attributes.includes(' d=""')) return "";
    if (this.tagName === "g" && inside === "") return "";
    return inside === ""
      ? `<${this.tagName}${attributes}/>`
      : `<${this.tagName}${attributes}>${inside}</${this.tagName}>`;
  }

  /** The children, plain outlines that follow one another as one path. */
  #inside(): string {
    let inside = "";
    let path = "";
    for (const child of this.children) {
      const outline = child.#outline();
      if (outline !== null) path += outline;
      else {
        inside += (path && `<path d="${path}"/>`) + child;
        path = "";
      }
    }
    return inside + (path && `<path d="${path}"/>`);
  }

  /** The element as a path when it says nothing but where its lines go. */
  #outline(): string | null {
    const places = OUTLINES[this.tagName];
    if (!places) return null;
    for (const name of this.#attributes.keys()) if (!places.includes(name)) return null;
    const [dx, dy] = (this.getAttribute("transform") ?? "").match(/-?[\d.]+/g) ?? ["0", "0"];
    const [a, b, c, d] = places.slice(1).map((name) => Number(this.getAttribute(name) ?? 0));
    const path = this.tagName === "path"
      ? this.getAttribute("d") ?? ""
      : this.tagName === "line"
      ? `M${a},${b}L${c},${d}`
      : `M${a},${b}L${a + c},${b}L${a + c},${b + d}L${a},${b + d}Z`;
    return compactPath(path, { x: +dx, y: +dy });
  }
}

/** Elements that may become paths, with the attributes that they may have. */
const OUTLINES: Record<string, string[]> = {
  path: ["transform", "d"],
  line: ["transform", "x1", "y1", "x2", "y2"],
  rect: ["transform", "x", "y", "width", "height"],
};

/** As much of a document as Observable Plot needs to draw outside of a browser. */
export class SvgDocument {
  readonly documentElement: SvgElement = new SvgElement(this, "svg");

  createElementNS(_namespace: string, name: string): SvgElement {
    return new SvgElement(this, name);
  }

  /** The same, as Plot's types have it: it uses nothing of a document but what is here. */
  get asDocument(): Document {
    return this as unknown as Document;
  }
}
