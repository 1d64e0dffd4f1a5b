/** Reads a file to import and tells by its content what it is. */
import { inflateWithin, TooLong } from "../export/format/inflate_within.ts";
import { ImportError } from "./import_error.ts";
import { type ImportLimits, importLimits, tooLarge } from "./limits.ts";
import { readInput } from "./read_input.ts";
import { messageOf } from "../errors.ts";

/** What a file holds, unpacked. */
export interface TraceSource {
  kind: "json" | "html";
  text: string;
}

/** Longest text that a string of the runtime holds. */
const LONGEST_CHARACTERS = 500 << 20;
/** How every SQLite file begins. */
export const SQLITE = "SQLite format 3\0";

/**
 * Reads a file, plain or gzipped: its content decides, not its name.
 *
 * @throws {ImportError} when it cannot be read, is too large, or is neither JSON nor HTML.
 */
export async function readSource(
  path: string,
  limits: ImportLimits = importLimits(),
): Promise<TraceSource> {
  const most = Math.min(LONGEST_CHARACTERS, limits.unpackedBytes);
  const packed = await readInput(path, most);
  if (packed === null) throw beyond(path, limits, "it has");
  const bytes = packed[0] === 0x1f && packed[1] === 0x8b
    ? await unpack(packed, path, limits)
    : packed;
  const magic = new TextDecoder("latin1").decode(bytes.subarray(0, SQLITE.length));
  if (magic === SQLITE) {
    throw new ImportError(`${path} is an SQLite database; open it with "parsloscope visualize".`);
  }
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    text = "\0";
  }
  const start = text.trimStart();
  if (/^[{[]/.test(start)) return { kind: "json", text };
  if (/^<(!doctype|html|!--)/i.test(start)) return { kind: "html", text };
  if (start === "") throw new ImportError(`${path} is empty; give a workflow trace or a report.`);
  if (packed === bytes && path.endsWith(".gz")) {
    throw new ImportError(`${path} is not gzip, though its name says so; give a workflow trace.`);
  }
  throw new ImportError(`${path} is not JSON; give a workflow trace in WfFormat, or a report.`);
}

/** That there is more of a file than a text, or than the user wants. */
function beyond(path: string, limits: ImportLimits, what: string): ImportError {
  if (limits.unpackedBytes < LONGEST_CHARACTERS) return tooLarge(path, limits, what);
  return new ImportError(
    `${path} is too large: more than ${LONGEST_CHARACTERS >> 20} MiB of text.`,
  );
}

async function unpack(
  packed: Uint8Array<ArrayBuffer>,
  path: string,
  limits: ImportLimits,
): Promise<Uint8Array<ArrayBuffer>> {
  const most = Math.min(LONGEST_CHARACTERS, limits.unpackedBytes);
  try {
    return await inflateWithin(packed, "gzip", most);
  } catch (error) {
    if (error instanceof TooLong) throw beyond(path, limits, "it unpacks to");
    throw new ImportError(`${path} is damaged gzip (${messageOf(error)}); fetch it again.`);
  }
}
