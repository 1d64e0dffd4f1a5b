// Reports whose data tests take apart, change and put together again.

import { deflateSync, inflateSync } from "node:zlib";
import { makeReport } from "../../installation/make_report.ts";
import type { DataHeader } from "../../export/format/header.ts";
import { openDatabase } from "../../store/open.ts";
import { climate, CLIMATE_RUN } from "../support/fixtures.ts";

/** A report in parts: its header's text, and the inflated parts of its data by name. */
export interface ReportParts {
  about: string;
  header: DataHeader;
  parts: Map<string, Uint8Array>;
}

const ABOUT = '<script type="application/json" id="parsloscope-report">';
const PART = /<script type="text\/plain" data-part="data\/([^"]+)">([^<]*)<\/script>/g;

/** The parts of the report of a run of climate.db. */
export async function climateParts(): Promise<ReportParts> {
  const fixture = await climate();
  const database = await openDatabase(fixture.path);
  let text = "";
  const decoder = new TextDecoder();
  for await (const piece of await makeReport(database, CLIMATE_RUN, {}, () => {})) {
    text += decoder.decode(piece, { stream: true });
  }
  database.close();
  await fixture.remove();
  const begin = text.lastIndexOf(ABOUT) + ABOUT.length;
  const about = text.slice(begin, text.indexOf("</script>", begin));
  const parts = new Map<string, Uint8Array>();
  for (const [, name, base64] of text.slice(begin).matchAll(PART)) {
    parts.set(name, new Uint8Array(inflateSync(Uint8Array.fromBase64(base64))));
  }
  const header = JSON.parse(new TextDecoder().decode(parts.get("header")!)) as DataHeader;
  parts.delete("header");
  return { about, header, parts };
}

/** A page with a report's data and nothing to look at. */
export function pageOf(
  about: string,
  header: string,
  parts: Iterable<[string, Uint8Array]>,
  deflate: (bytes: Uint8Array) => Uint8Array = (bytes) => new Uint8Array(deflateSync(bytes)),
): string {
  const blocks = [["header", new TextEncoder().encode(header)] as const, ...parts].map(
    ([name, bytes]) =>
      `<script type="text/plain" data-part="data/${name}">${deflate(bytes).toBase64()}</script>\n`,
  );
  return `<!doctype html><title>r</title>\n${ABOUT}${about}</script>\n${blocks.join("")}`;
}
