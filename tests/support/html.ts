// Texts out of HTML, as a browser reads them.

const NAMED: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** The text that HTML without elements stands for. */
export function decode(html: string): string {
  return html.replace(
    /&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi,
    (whole, hex, decimal, name) =>
      name !== undefined
        ? NAMED[name] ?? whole
        : String.fromCodePoint(hex ? parseInt(hex, 16) : Number(decimal)),
  );
}
