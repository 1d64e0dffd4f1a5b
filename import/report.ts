/** A report of Parsloscope as its file has it, found in its text. */
import { inflateRaw } from "node:zlib";
import type { DataHeader, TableHeader } from "../export/format/header.ts";
import { openPacked } from "../export/format/packed_database.ts";
import { DATA, HEADER_TAG, partTag, type ReportHeader } from "../export/header.ts";
import type { TableBatch } from "../store/database.ts";
import { ImportError } from "./import_error.ts";

/** What a report holds. */
export interface Report {
  header: ReportHeader;
  /** The rows of its run; throws an {@link ImportError} at what is damaged. */
  tables(): AsyncIterable<TableBatch>;
}

/** The only version there is, of the report and of its data. */
const VERSION = 1;
const END = "</script>";
/** What a report says of itself before its header. */
const GENERATOR = '<meta name="generator" content="Parsloscope';

/**
 * Finds what a report holds. Nothing of the page is run, and its parts are opened when their rows
 * are read.
 *
 * @param text of the file
 * @param path for messages
 * @throws {ImportError} when it is no report, of a later version, or not whole.
 */
export function readReport(text: string, path: string): Report {
  const header = headerOf(text, path);
  const names = partsOf(header.data);
  // The first page may show text that looks like a part: those behind the header are the parts.
  const after = text.lastIndexOf(HEADER_TAG);
  const places = new Map(names.map((name) => [name, partAt(text, after, name, path)]));
  const part = (name: string) => {
    const place = places.get(name);
    if (!place) throw damaged(path, `it has no part ${name}`);
    return inflated(text.slice(...place), name, path);
  };
  return { header, tables: () => tablesOf(header, part, path) };
}

function headerOf(text: string, path: string): ReportHeader {
  const start = text.lastIndexOf(HEADER_TAG);
  const end = text.indexOf(END, start);
  if (start < 0) {
    if (text.includes(GENERATOR)) throw damaged(path, "it is cut off before its data");
    throw new ImportError(
      `${path} is a page, but no report; give one that "parsloscope export" made.`,
    );
  }
  if (end < 0) throw damaged(path, "it is cut off in its header");
  let header: unknown;
  try {
    header = JSON.parse(text.slice(start + HEADER_TAG.length, end));
  } catch {
    throw damaged(path, "its header is no JSON");
  }
  checkVersion(header, path);
  if (!isHeader(header)) throw damaged(path, "its header does not say what it holds");
  return header;
}

function checkVersion(header: unknown, path: string): void {
  const { version, generator, data } = (header ?? {}) as Partial<ReportHeader>;
  for (const found of [version, data?.version] as unknown[]) {
    if (typeof found !== "number" || found <= VERSION) continue;
    throw new ImportError(
      `${path} was made by a newer release (${generator}): its format has version ${found}, and ` +
        `this release reads version ${VERSION}; import it with the newer one.`,
    );
  }
}

function isHeader(header: unknown): header is ReportHeader {
  const { format, version, run, data } = (header ?? {}) as Partial<ReportHeader>;
  return format === "parsloscope-report" && version === VERSION && data?.version === VERSION &&
    typeof run?.id === "string" && typeof run.name === "string" && Array.isArray(data.left) &&
    Array.isArray(data.tables) &&
    data.tables.every(isTable) &&
    (data.samples === undefined || Array.isArray(data.samples?.parts));
}

function isTable(table: Partial<TableHeader> | null): boolean {
  const { name, rows, parts, columns } = table ?? {};
  return typeof name === "string" && Number.isSafeInteger(rows) && Array.isArray(parts) &&
    Array.isArray(columns) && columns.every((column) => typeof column?.name === "string");
}

/** The names of all parts that the data is in. */
function partsOf({ tables, samples }: DataHeader): string[] {
  return [...tables.flatMap(({ parts }) => parts), ...samples?.parts ?? []];
}

/** From where to where the base64 of a part goes. */
function partAt(text: string, from: number, name: string, path: string): [number, number] {
  const tag = partTag(DATA + name);
  const start = text.indexOf(tag, from);
  if (start < 0) {
    throw damaged(
      path,
      `its part ${name} is not in it; it was cut off, or saved from a browser's window`,
    );
  }
  const end = text.indexOf(END, start);
  if (end < 0) throw damaged(path, `it is cut off in its part ${name}`);
  return [start + tag.length, end];
}

async function inflated(base64: string, name: string, path: string): Promise<Uint8Array> {
  let deflated: Uint8Array<ArrayBuffer>;
  try {
    deflated = Uint8Array.fromBase64(base64, { lastChunkHandling: "strict" });
  } catch {
    throw damaged(path, `its part ${name} is no base64`);
  }
  return await new Promise((resolve, reject) =>
    inflateRaw(deflated, (error, bytes) => {
      if (error) reject(damaged(path, `its part ${name} cannot be inflated`));
      else resolve(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length));
    })
  );
}

async function* tablesOf(
  { title, taken, run, data }: ReportHeader,
  part: (name: string) => Promise<Uint8Array>,
  path: string,
): AsyncIterable<TableBatch> {
  try {
    yield* openPacked(data, part, { name: title, taken }).tables(run.id);
  } catch (error) {
    if (error instanceof ImportError) throw error;
    throw damaged(path, error instanceof Error ? error.message : String(error));
  }
}

function damaged(path: string, how: string): ImportError {
  return new ImportError(
    `${path} is damaged: ${how.replace(/\.$/, "")}; take another copy, or export the run again.`,
  );
}
