/** The document of a report. */
import { Buffer } from "node:buffer";
import { deflateSync } from "node:zlib";
import { setTimeout as sleep } from "node:timers/promises";
import type { KeptLayout } from "../../host/kept_layout.ts";
import type { ReportAssets } from "./carried.ts";
import type { ReportOptions } from "../../state.ts";
import type { Packed } from "../format/header.ts";
import {
  DATA,
  DATA_HEADER,
  HEADER_TAG,
  ISLANDS,
  ISLANDS_ID,
  LAYOUT,
  partTag,
  type ReportHeader,
} from "../header.ts";
import { packedText } from "./packed_text.ts";
import { themed } from "../theme.ts";

/** What a report's document is put together from. */
export interface HtmlParts {
  header: ReportHeader;
  /** The first page, as the app renders it: a whole document. */
  page: string;
  /** What is printed, and read without scripts. */
  paper: string;
  /** How the DAG was laid out; null when it was not. */
  layout: KeptLayout | null;
  assets: ReportAssets;
  data: Packed["parts"];
  theme: ReportOptions["theme"];
}

/** Bytes that are encoded in one go: a multiple of 3, so that pieces fit together. */
const PIECE_BYTES = 3 * 2 ** 16;

const encoder = new TextEncoder();

/** The document, piece by piece: the first page comes first, the data last. */
export async function* reportHtml(parts: HtmlParts): AsyncGenerator<Uint8Array> {
  const { header: { data: dataHeader, ...about }, assets } = parts;
  const deflated = deflateSync(encoder.encode(JSON.stringify(dataHeader)), { level: 9 });
  const data = [{ name: DATA_HEADER, deflated }, ...parts.data];
  const page = parse(parts.page);
  yield encoder.encode(head(parts, page));
  yield encoder.encode(`${page.body}${parts.paper}\n`);
  yield encoder.encode(`${HEADER_TAG}${inScript(JSON.stringify(about))}</script>\n`);
  yield encoder.encode(
    block("app", assets.app.packed) + block(ISLANDS, packedText(page.islands)) +
      block(LAYOUT, packedText(JSON.stringify(parts.layout))) +
      block("elk", assets.elk),
  );
  for (const { name, deflated } of data) {
    yield encoder.encode(partTag(DATA + name));
    for (let at = 0; at < deflated.length; at += PIECE_BYTES) {
      yield encoder.encode(Buffer.from(deflated.subarray(at, at + PIECE_BYTES)).toString("base64"));
      await sleep(0);
    }
    yield encoder.encode("</script>\n");
  }
  yield encoder.encode(`<script>${assets.boot.text}</script>\n</body></html>\n`);
}

function head({ header, assets, theme = "auto" }: HtmlParts, page: Page): string {
  const icon = `data:image/svg+xml;base64,${Buffer.from(assets.icon).toString("base64")}`;
  const own = theme === "auto" ? "" : ` data-theme="${theme}"`;
  return `<!DOCTYPE html>
<html lang="en"${own}><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(assets)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="${theme === "auto" ? "light dark" : theme}">
<meta name="generator" content="${escaped(header.generator)}">
<title>${page.title}</title>
<link rel="icon" type="image/svg+xml" href="${icon}">
<style>${themed(assets.css, theme)}</style></head>
${page.opening}`;
}

/** Nothing is loaded, and no scripts run but the report's own. */
function policy({ boot, app }: ReportAssets): string {
  return [
    "default-src 'none'",
    `script-src ${boot.hash} ${app.hash}`,
    "worker-src blob:",
    "style-src 'unsafe-inline'",
    "img-src data: blob:",
  ].join("; ");
}

/** A page as the app renders it, in parts: as HTML, and its islands as JSON. */
interface Page {
  title: string;
  /** The tag of its body. */
  opening: string;
  body: string;
  islands: string;
}

function parse(html: string): Page {
  const title = /<title>([^<]*)<\/title>/.exec(html);
  const opening = /<body[^>]*>/.exec(html);
  const begin = `<script type="application/json" id="${ISLANDS_ID}">`;
  const islands = html.lastIndexOf(begin);
  const end = html.indexOf("</script>", islands);
  if (!title || !opening || islands < 0) throw new Error("The first page is not as expected.");
  return {
    title: title[1],
    opening: opening[0],
    body: html.slice(opening.index + opening[0].length, islands),
    islands: html.slice(islands + begin.length, end),
  };
}

function block(name: string, packed: string): string {
  return `${partTag(name)}${packed}</script>\n`;
}

/** JSON that cannot end the script element that it stands in. */
function inScript(json: string): string {
  return json.replaceAll("<", "\\u003c");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
