import type { DataHeader } from "./format/header.ts";

/** What a report says of itself, in its block `parsloscope-report`. */
export interface ReportAbout {
  format: "parsloscope-report";
  version: 1;
  /** The program that made it, with its version. */
  generator: string;
  /** When it was made, in ISO form, UTC. */
  made: string;
  title: string;
  run: { id: string; name: string };
  /** The submit host's naive clock when the run was read, in ms. */
  taken: number;
  redacted: boolean;
}

/** What a report says of itself and of its data. */
export interface ReportHeader extends ReportAbout {
  data: DataHeader;
}

/** Ids and attributes by which the parts of a report's document are found. */
export const HEADER_ID = "parsloscope-report";
/** The attribute that names a deflated part. */
export const PART = "data-part";
/** The name of the part with the layout of the DAG that was made with the report. */
export const LAYOUT = "layout";
/** The name of the part with the islands of the first page. */
export const ISLANDS = "islands";
/** The names of parts with the run's data begin so. */
export const DATA = "data/";
/** What the header of the data is called among the parts of the data. */
export const DATA_HEADER = "header";
/** The id of the block with the islands of a page that the app renders. */
export const ISLANDS_ID = "parsloscope-islands";

/** What the header stands behind in the document: JSON without `<`. */
export const HEADER_TAG = `<script type="application/json" id="${HEADER_ID}">`;

/** What a deflated part stands behind in the document: base64, or base 93 where it is text. */
export function partTag(name: string): string {
  return `<script type="text/plain" ${PART}="${name}">`;
}
