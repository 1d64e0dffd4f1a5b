/** Reads a file to import and tells by its content what it is. */
import { isOpenFile, otherThanFile } from "../store/file_kind.ts";
import { ImportError } from "./import_error.ts";
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
 * @throws {ImportError} when it cannot be read or is neither JSON nor HTML.
 */
export async function readSource(path: string): Promise<TraceSource> {
  const packed = await read(path);
  const bytes = packed[0] === 0x1f && packed[1] === 0x8b ? await unpack(packed, path) : packed;
  if (bytes.length > LONGEST_CHARACTERS) {
    throw new ImportError(
      `${path} is too large: more than ${LONGEST_CHARACTERS >> 20} MiB of text.`,
    );
  }
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

async function read(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const other = otherThanFile(await Deno.stat(path));
    if (other !== null && !isOpenFile(path)) {
      throw new ImportError(`${path} is ${other}; give the path of one workflow trace or report.`);
    }
    return await Deno.readFile(path);
  } catch (error) {
    if (error instanceof ImportError) throw error;
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      throw new ImportError(
        `There is no file ${path}; give the path of a workflow trace or a report.`,
      );
    }
    throw new ImportError(`${path} cannot be read (${messageOf(error)}).`);
  }
}

async function unpack(
  packed: Uint8Array<ArrayBuffer>,
  path: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  try {
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch (error) {
    throw new ImportError(`${path} is damaged gzip (${messageOf(error)}); fetch it again.`);
  }
}
