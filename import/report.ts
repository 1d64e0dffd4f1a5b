/** A report of Parsloscope as its file has it, found in its text. */
import { inflate } from "node:zlib";
import type { DataHeader, TableHeader } from "../export/format/header.ts";
import { openPacked } from "../export/format/packed_database.ts";
import {
  DATA,
  DATA_HEADER,
  HEADER_TAG,
  partTag,
  type ReportAbout,
  type ReportHeader,
} from "../export/header.ts";
import type { TableBatch } from "../store/database.ts";
import { ImportError } from "./import_error.ts";
import { messageOf } from "../errors.ts";

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
 * Finds what a report holds. Nothing of the page is run, and the parts of tables are opened when
 * their rows are read.
 *
 * @param text of the file
 * @param path for messages
 * @throws {ImportError} when it is no report, of a later version, or not whole.
 */
export async function readReport(text: string, path: string): Promise<Report> {
  const about = aboutOf(text, path);
  // The first page may show text that looks like a part: those behind the header are the parts.
  const after = text.lastIndexOf(HEADER_TAG);
  const partAt = (name: string) => placeOf(text, after, name, path);
  const packed = await inflated(text.slice(...partAt(DATA_HEADER)), DATA_HEADER, path);
  const header = { ...about, data: dataHeaderOf(about, new TextDecoder().decode(packed), path) };
  const places = new Map(partsOf(header.data).map((name) => [name, partAt(name)]));
  const part = (name: string) => {
    const place = places.get(name);
    if (!place) throw damaged(path, `it has no part ${name}`);
    return inflated(text.slice(...place), name, path);
  };
  return { header, tables: () => tablesOf(header, part, path) };
}

function aboutOf(text: string, path: string): ReportAbout {
  const start = text.lastIndexOf(HEADER_TAG);
  const end = text.indexOf(END, start);
  if (start < 0) {
    if (text.includes(GENERATOR)) throw damaged(path, "it is cut off before its data");
    throw new ImportError(
      `${path} is a page, but no report; give one that "parsloscope export" made.`,
    );
  }
  if (end < 0) throw damaged(path, "it is cut off in its header");
  const about = parsed(text.slice(start + HEADER_TAG.length, end), "header", path);
  const found = about as Partial<ReportAbout> | null;
  checkVersion(found, found, path);
  if (!isAbout(about)) throw damaged(path, "its header does not say what it holds");
  return about;
}

function dataHeaderOf(about: ReportAbout, json: string, path: string): DataHeader {
  const data = parsed(json, `part ${DATA_HEADER}`, path);
  checkVersion(about, data as Partial<DataHeader> | null, path);
  if (!isDataHeader(data)) {
    throw damaged(path, `its part ${DATA_HEADER} does not say what it holds`);
  }
  return data;
}

function parsed(json: string, what: string, path: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw damaged(path, `its ${what} is no JSON`);
  }
}

function checkVersion(
  about: { generator?: string } | null,
  found: { version?: unknown } | null,
  path: string,
): void {
  const version = found?.version;
  if (typeof version !== "number" || version <= VERSION) return;
  throw new ImportError(
    `${path} was made by a newer release (${about?.generator}): its format has version ${version}, ` +
      `and this release reads version ${VERSION}; import it with the newer one.`,
  );
}

function isAbout(about: unknown): about is ReportAbout {
  const { format, version, run } = (about ?? {}) as Partial<ReportAbout>;
  return format === "parsloscope-report" && version === VERSION && typeof run?.id === "string" &&
    typeof run.name === "string";
}

function isDataHeader(data: unknown): data is DataHeader {
  const { version, left, tables, samples } = (data ?? {}) as Partial<DataHeader>;
  return version === VERSION && Array.isArray(left) && Array.isArray(tables) &&
    tables.every(isTable) && (samples === undefined || Array.isArray(samples?.parts));
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
function placeOf(text: string, from: number, name: string, path: string): [number, number] {
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
    inflate(deflated, (error, bytes) => {
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
    throw damaged(path, messageOf(error));
  }
}

function damaged(path: string, how: string): ImportError {
  return new ImportError(
    `${path} is damaged: ${how.replace(/\.$/, "")}; take another copy, or export the run again.`,
  );
}
