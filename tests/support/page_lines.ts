// A page as lines that can be compared: what is read, drawn and linked, whoever serves it.

import type { Page } from "playwright-core";

/**
 * The page once its charts and its graph are drawn, a line for each element and text; null before
 * that.
 *
 * Addresses read as the dashboard has them. What a report leaves out by design is left out here:
 * the link that exports one.
 */
export function pageLines(page: Page): Promise<string[] | null> {
  return page.evaluate(() => {
    const busy = ".picture-waiting, .loading-line, .report-wait";
    if (!document.querySelector("main") || document.querySelector(busy)) return null;
    for (const chart of document.querySelectorAll(".chart-plot:not(:has(.chart-empty))")) {
      if (!chart.querySelector("svg path, svg line, svg rect")) return null;
    }
    const lines = [document.title.replace(/ · Parsloscope$/, "")];
    const skipped = ["data-key", "download"];
    const plain = (name: string, value: string) => {
      const text = /^(href|action)$/.test(name) ? value.replace(/^#\//, "/") : value;
      // Each drawing on a page numbers its clips and itself.
      return text.replace(/plot-clip-\d+|plot-[0-9a-f]+\b/g, "plot");
    };
    // As the browser reads it: markup and what islands set are written differently.
    const styled = (element: Element) =>
      (element as HTMLElement | SVGElement).style.cssText.split("; ")
        .map((part) => part.replace(/;$/, "")).sort().join("; ");
    const walk = (node: Node, depth: number) => {
      const indent = " ".repeat(depth);
      if (node instanceof Text) {
        if (node.data.trim() !== "") lines.push(indent + node.data);
        return;
      }
      if (!(node instanceof Element) || node.matches("style, .export-link")) return;
      const attributes = [...node.attributes]
        .filter(({ name }) => !skipped.includes(name))
        .map(({ name, value }) => `${name}=${plain(name, name === "style" ? styled(node) : value)}`)
        .sort();
      const { tagName } = node;
      if (node instanceof HTMLInputElement || node instanceof HTMLSelectElement) {
        attributes.push(`now=${node.value}`);
      }
      lines.push([indent + tagName.toLowerCase(), ...attributes].join(" "));
      // Texts that the browser may hold in pieces are one.
      node.normalize();
      for (const child of node.childNodes) walk(child, depth + 1);
    };
    for (const root of document.querySelectorAll("body > .top, body > .run-head, main")) {
      walk(root, 0);
    }
    return lines;
  });
}

/** The first lines that differ between two pages; empty if none does. */
export function difference(a: readonly string[], b: readonly string[]): string {
  const at = a.findIndex((line, i) => line !== b[i]);
  if (at < 0 && a.length === b.length) return "";
  const from = at < 0 ? a.length : at;
  const show = (lines: readonly string[]) => lines.slice(from, from + 3).join("\n").slice(0, 500);
  return `line ${from}: dashboard\n${show(a)}\nreport\n${show(b)}`;
}
