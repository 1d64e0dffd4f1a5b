/** A report of Parsloscope as its file has it, found in its text. */
import type { DataHeader } from "../export/format/header.ts";
import { isDataHeader } from "../export/format/header_check.ts";
import { canInflateTo, inflateWithin, TooLong } from "../export/format/inflate_within.ts";
import { openPacked } from "../export/format/packed_database.ts";
import { HEADER_BYTES, Room, TooLarge } from "../export/format/room.ts";
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
import { DATABASE_FACTOR, type ImportLimits, importLimits, parseJson, tooLarge } from "./limits.ts";
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
/** What the name of a part of the data stands between. */
const [TAG_BEGIN, TAG_END] = partTag(`${DATA}|`).split("|");
/** Bytes of a number in a row. */
const CELL_BYTES = 8;
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
export async function readReport(
  text: string,
  path: string,
  limits: ImportLimits = importLimits(),
): Promise<Report> {
  const about = aboutOf(text, path, limits);
  // The first page may show text that looks like a part: those behind the header are the parts.
  const places = new Parts(text, text.lastIndexOf(HEADER_TAG), path);
  const part = (name: string, most: number) => inflated(places.base64(name), name, most, path);
  const json = await part(DATA_HEADER, HEADER_BYTES);
  const data = dataHeaderOf(about, new TextDecoder().decode(json), path, limits);
  // That a part is missing is known before the first table is written.
  for (const name of partsOf(data)) places.require(name);
  const header = { ...about, data };
  return { header, tables: () => tablesOf(header, part, path, limits) };
}

function aboutOf(text: string, path: string, limits: ImportLimits): ReportAbout {
  const start = text.lastIndexOf(HEADER_TAG);
  const end = text.indexOf(END, start);
  if (start < 0) {
    if (text.includes(GENERATOR)) throw damaged(path, "it is cut off before its data");
    throw new ImportError(
      `${path} is a page, but no report; give one that "parsloscope export" made.`,
    );
  }
  if (end < 0) throw damaged(path, "it is cut off in its header");
  const about = parsed(text.slice(start + HEADER_TAG.length, end), "header", path, limits);
  const found = about as Partial<ReportAbout> | null;
  checkVersion(found, found, path);
  if (!isAbout(about)) throw damaged(path, "its header does not say what it holds");
  return about;
}

function dataHeaderOf(
  about: ReportAbout,
  json: string,
  path: string,
  limits: ImportLimits,
): DataHeader {
  const data = parsed(json, `part ${DATA_HEADER}`, path, limits);
  checkVersion(about, data as Partial<DataHeader> | null, path);
  if (!isDataHeader(data)) {
    throw damaged(path, `its part ${DATA_HEADER} does not say what it holds`);
  }
  return data;
}

function parsed(json: string, what: string, path: string, limits: ImportLimits): unknown {
  try {
    return parseJson(json, path, limits);
  } catch (error) {
    if (error instanceof ImportError) throw error;
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
  const { format, version, run, generator, made, title, taken } = (about ?? {}) as Partial<
    ReportAbout
  >;
  const texts: unknown[] = [run?.id, run?.name, generator, made, title];
  return format === "parsloscope-report" && version === VERSION && Number.isFinite(taken) &&
    texts.every((text) => typeof text === "string");
}

/** The names of all parts that the data is in. */
function partsOf({ tables, samples }: DataHeader): string[] {
  return [...tables.flatMap(({ parts }) => parts), ...samples?.parts ?? []];
}

/** Where the parts of a report are in its text, found by going through it once. */
class Parts {
  readonly #text: string;
  readonly #path: string;
  /** From where to where the base64 of each goes; to before 0 where it is cut off. */
  readonly #places = new Map<string, [start: number, end: number]>();

  /** @param from where the first of them may begin */
  constructor(text: string, from: number, path: string) {
    this.#text = text;
    this.#path = path;
    for (let at = text.indexOf(TAG_BEGIN, from); at >= 0; at = text.indexOf(TAG_BEGIN, at)) {
      at += TAG_BEGIN.length;
      const end = text.indexOf(TAG_END, at);
      if (end < 0) break;
      const name = text.slice(at, end);
      at = end + TAG_END.length;
      const close = text.indexOf(END, at);
      if (!this.#places.has(name)) this.#places.set(name, [at, close]);
      // What is cut off is the last.
      if (close < 0) break;
    }
  }

  /** @throws {ImportError} when there is no such part, or not all of it */
  require(name: string): [start: number, end: number] {
    const place = this.#places.get(name);
    if (place === undefined) {
      throw damaged(
        this.#path,
        `its part ${name} is not in it; it was cut off, or saved from a browser's window`,
      );
    }
    if (place[1] < 0) throw damaged(this.#path, `it is cut off in its part ${name}`);
    return place;
  }

  /** The text of a part. */
  base64(name: string): string {
    return this.#text.slice(...this.require(name));
  }
}

async function inflated(
  base64: string,
  name: string,
  most: number,
  path: string,
): Promise<Uint8Array> {
  let deflated: Uint8Array<ArrayBuffer>;
  try {
    deflated = Uint8Array.fromBase64(base64, { lastChunkHandling: "strict" });
  } catch {
    throw damaged(path, `its part ${name} is no base64`);
  }
  if (name !== DATA_HEADER && !canInflateTo(deflated.length, most)) {
    throw damaged(path, `Part ${name} is shorter than the header says`);
  }
  try {
    return await inflateWithin(deflated, "deflate", most);
  } catch (error) {
    if (error instanceof TooLong) throw damaged(path, `its part ${name} is longer than it may be`);
    throw damaged(path, `its part ${name} cannot be inflated`);
  }
}

async function* tablesOf(
  { title, taken, run, data }: ReportHeader,
  part: (name: string, most: number) => Promise<Uint8Array>,
  path: string,
  limits: ImportLimits,
): AsyncIterable<TableBatch> {
  const room = new Room(limits.unpackedBytes);
  const disk = new Room(limits.unpackedBytes * DATABASE_FACTOR);
  try {
    for await (const batch of openPacked(data, part, { name: title, taken }, room).tables(run.id)) {
      disk.take(sizeOf(batch));
      yield batch;
    }
  } catch (error) {
    if (error instanceof ImportError) throw error;
    if (error instanceof TooLarge) throw tooLarge(path, limits, "unpacked it takes");
    throw damaged(path, messageOf(error));
  }
}

/** Bytes that rows take in a database, about: a text that is packed once may stand in all of them. */
function sizeOf({ rows }: TableBatch): number {
  let size = 0;
  for (const row of rows) {
    for (const cell of row) size += typeof cell === "string" ? cell.length + 2 : CELL_BYTES;
  }
  return size;
}

function damaged(path: string, how: string): ImportError {
  return new ImportError(
    `${path} is damaged: ${how.replace(/\.$/, "")}; take another copy, or export the run again.`,
  );
}
