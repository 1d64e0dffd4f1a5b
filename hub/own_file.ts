/**
 * The files that a hub keeps beside a database. Their names can be foreseen and the folder may be
 * shared, so that something else may stand there: a link to another file, a pipe that would have us
 * wait, another user's file. Only what is a hub's own is opened, renamed over or removed.
 */
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  type Stats,
  unlinkSync,
  writeSync,
} from "node:fs";
import { otherThanFileIn } from "../store/file_kind.ts";

/** What stands in the place of a file is not ours; the message is a sentence without a full stop. */
export class NotOurs extends Error {
  override name = "NotOurs";
}

/** How a file is opened: to be read, to be added to at its end, or to be changed anywhere. */
export type Opening = "read" | "append" | "update";

// Where a system does not know of one of these, it is not defined.
const { O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
/** A link is not followed, and a pipe that came in between is not waited for. */
const CAREFUL = O_NOFOLLOW | O_NONBLOCK;
const FLAGS: Readonly<Record<Opening, number>> = {
  read: constants.O_RDONLY,
  append: constants.O_RDWR | constants.O_APPEND,
  update: constants.O_RDWR,
};

/** How often a file that comes and goes is tried to be opened. */
const ATTEMPTS = 10;

/** The user that this process runs as; null where there are none, or where it may not be asked. */
export function ownUser(): number | null {
  if (Deno.build.os === "windows") return null;
  if (Deno.permissions.querySync({ name: "sys", kind: "uid" }).state !== "granted") return null;
  return Deno.uid();
}

/** Whether somebody else owns a file: neither the user nor the system's administrator. */
export function isAnothers(uid: number | null): boolean {
  const own = ownUser();
  return own !== null && uid !== null && uid !== own && uid !== 0;
}

/** Why a file is not ours, as the second half of a sentence; null when it is. */
function objection(info: Stats): string | null {
  if (info.isSymbolicLink()) return "is a symbolic link";
  const other = otherThanFileIn(info);
  if (other !== null) return `is ${other}`;
  if (isAnothers(info.uid)) return "belongs to another user";
  // A hard link would have us write into a file that has another name elsewhere.
  return info.nlink > 1 ? "has a second name elsewhere" : null;
}

function codeOf(error: unknown): string | undefined {
  return (error as { code?: string }).code;
}

/** What is at a path without following a link; null when there is nothing. */
function look(path: string): Stats | null {
  try {
    return lstatSync(path);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw error;
  }
}

/**
 * What stands at a path and is not ours, as half a sentence such as "is a named pipe"; null when
 * there is nothing, or a file of ours.
 */
export function objectionTo(path: string): string | null {
  const info = look(path);
  return info === null ? null : objection(info);
}

/**
 * Opens a file of ours; gives a descriptor of `node:fs`, or null when there is none.
 *
 * @throws {NotOurs} when something else is there; any other error when it cannot be opened
 */
export function openOwn(path: string, opening: Opening): number | null {
  const refuse = (info: Stats) => {
    const why = objection(info);
    if (why !== null) throw new NotOurs(`${path} ${why}; take it away`);
  };
  const found = look(path);
  if (found === null) return null;
  refuse(found);
  let descriptor: number;
  try {
    descriptor = openSync(path, FLAGS[opening] | CAREFUL);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw error;
  }
  try {
    refuse(fstatSync(descriptor));
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
  return descriptor;
}

/**
 * The text of a short file, and whose it is; null when there is nothing to be read: no file, a link,
 * a pipe, a device, or more bytes than `most`.
 */
export function readShort(path: string, most: number): { text: string; uid: number } | null {
  let descriptor: number;
  try {
    if (!lstatSync(path).isFile()) return null;
    descriptor = openSync(path, constants.O_RDONLY | CAREFUL);
  } catch {
    return null;
  }
  try {
    const info = fstatSync(descriptor);
    if (!info.isFile() || info.size > most) return null;
    const bytes = new Uint8Array(most + 1);
    let length = 0;
    for (let count = -1; count !== 0 && length <= most;) {
      count = readSync(descriptor, bytes, length, bytes.length - length, null);
      length += count;
    }
    if (length > most) return null;
    return { text: new TextDecoder().decode(bytes.subarray(0, length)), uid: info.uid };
  } catch {
    return null;
  } finally {
    closeSync(descriptor);
  }
}

/** Makes a file of mode 0600 that was not there; null when something is. */
export function makeOwn(path: string, opening: Opening): number | null {
  try {
    const making = constants.O_CREAT | constants.O_EXCL;
    // What is only to be read would be made for nothing.
    const flags = opening === "read" ? constants.O_RDWR : FLAGS[opening];
    return openSync(path, flags | making | CAREFUL, 0o600);
  } catch (error) {
    if (codeOf(error) === "EEXIST") return null;
    throw error;
  }
}

/**
 * Opens a file of ours, which is made when there is none.
 *
 * @throws {NotOurs} when something else is there; any other error when it cannot be opened
 */
export function openOrMakeOwn(path: string, opening: Opening): number {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const descriptor = openOwn(path, opening) ?? makeOwn(path, opening);
    if (descriptor !== null) return descriptor;
  }
  throw new Error(`${path} comes and goes`);
}

/** Makes a file beside a path, by a name that nobody can foresee, with so much in it. */
export function makeDraft(path: string, content: string): string {
  const draft = `${path}.${crypto.randomUUID()}.tmp`;
  const descriptor = makeOwn(draft, "update");
  if (descriptor === null) throw new Error(`${draft} is there already`);
  try {
    writeAll(descriptor, new TextEncoder().encode(content), 0);
  } catch (error) {
    closeSync(descriptor);
    unlinkSync(draft);
    throw error;
  }
  closeSync(descriptor);
  return draft;
}

/** Writes all bytes at a place of a file; at its end, wherever that is, when `place` is null. */
export function writeAll(descriptor: number, bytes: Uint8Array, place: number | null): void {
  for (let done = 0; done < bytes.length;) {
    const at = place === null ? null : place + done;
    done += writeSync(descriptor, bytes, done, bytes.length - done, at);
  }
}
