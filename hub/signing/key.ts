/** The hub's key: given, read from its file, or made. */
import { setTimeout as sleep } from "node:timers/promises";
import { isOpenFile, otherThanFile } from "../../store/file_kind.ts";
import { isAnothers } from "../own_file.ts";
import { DIGESTS } from "./signer.ts";
import { messageOf, UserError } from "../../errors.ts";

/** The environment variable that holds a key as hex text. */
export const KEY_VARIABLE = "PARSLOSCOPE_KEY";

/** Bytes of the shortest key that is accepted. */
const SHORTEST_BYTES = 16;
/** Bytes of the longest file that is looked at. */
const LONGEST_FILE_BYTES = 65_536;

/** There is no usable key; the message is a sentence that says what to do. */
export class KeyProblem extends UserError {
  override name = "KeyProblem";
}

export interface LoadedKey {
  key: Uint8Array;
  /** The file that holds it; null when the environment does. */
  file: string | null;
  /** The file was made just now. */
  made: boolean;
  /** A sentence about who else can read it; null when nobody can. */
  warning: string | null;
}

export interface KeyOptions {
  /** The file that the user named; by default it is beside the database. */
  keyFile?: string;
  /** Path of the database. */
  database: string;
  /** The environment, such as `Deno.env`. */
  env: { get(name: string): string | undefined };
  /** Bytes of a new key; default 64, as long as the signatures of sha512. */
  size?: number;
  /** Milliseconds to wait for another process that is making the same file; default 5000. */
  patience?: number;
}

/** The file that holds the key of a database when the user names no other. */
export function keyFileOf(database: string): string {
  return `${database}.key`;
}

/**
 * The key: that of the environment, or of the key file, which is made when it is absent. Both may
 * be given only if they agree.
 *
 * @throws {KeyProblem}
 */
export async function loadKey(options: KeyOptions): Promise<LoadedKey> {
  const given = options.env.get(KEY_VARIABLE);
  if (given === undefined || given === "") return await fromFile(options);
  const key = parseKey(given, KEY_VARIABLE);
  if (options.keyFile === undefined) return { key, file: null, made: false, warning: null };
  const loaded = await fromFile(options);
  if (loaded.key.toHex() !== key.toHex()) {
    throw new KeyProblem(
      `${KEY_VARIABLE} and the key file ${options.keyFile} hold different keys: give one of them.`,
    );
  }
  return loaded;
}

/**
 * The bytes of a key written as hex text.
 *
 * @param where where the text is from, to begin a sentence with
 * @throws {KeyProblem}
 */
export function parseKey(text: string, where: string): Uint8Array {
  const hex = text.trim();
  if (!/^[0-9a-f]*$/i.test(hex) || hex.length % 2 !== 0) {
    throw new KeyProblem(
      `${where} does not hold a key: it has to be hex text, two digits for each byte.`,
    );
  }
  const key = Uint8Array.fromHex(hex);
  if (key.length < SHORTEST_BYTES) {
    throw new KeyProblem(
      `${where} holds a key of ${key.length} bytes: it needs ${SHORTEST_BYTES} at least.`,
    );
  }
  return key;
}

async function fromFile(options: KeyOptions): Promise<LoadedKey> {
  const isNamed = options.keyFile !== undefined;
  const file = options.keyFile ?? keyFileOf(options.database);
  const until = Date.now() + (options.patience ?? 5000);
  for (;;) {
    const found = await read(file, isNamed);
    if (found === null) {
      const key = crypto.getRandomValues(new Uint8Array(options.size ?? DIGESTS.sha512));
      if (await make(file, key)) return { key, file, made: true, warning: null };
    } else if (found.text.trim() !== "") {
      const key = parseKey(found.text, `The key file ${file}`);
      return { key, file, made: false, warning: warningOf(file, found.mode) };
    }
    // Another process has made the file and is about to write it.
    if (Date.now() > until) {
      throw new KeyProblem(
        found === null
          ? `The key file ${file} leads to no file: remove it, and a new one is made.`
          : `The key file ${file} is empty: remove it, and a new one is made.`,
      );
    }
    await sleep(20);
  }
}

/**
 * The text of a file and its mode; null when there is none. A file that the user has not named but
 * that lies beside the database has to be the user's own, and no link: who made it can sign too.
 */
async function read(
  path: string,
  isNamed: boolean,
): Promise<{ text: string; mode: number | null } | null> {
  try {
    const info = await (isNamed ? Deno.stat(path) : Deno.lstat(path));
    const meant = "remove it, or name it with --key-file if it is meant";
    if (info.isSymlink) throw new KeyProblem(`The key file ${path} is a symbolic link: ${meant}.`);
    const other = otherThanFile(info);
    if (info.isDirectory) throw new KeyProblem(`The key file ${path} is a folder.`);
    if (other !== null && !isOpenFile(path)) {
      throw new KeyProblem(
        `The key file ${path} is ${other}: remove it, or name another with --key-file.`,
      );
    }
    if (!isNamed && isAnothers(info.uid)) {
      throw new KeyProblem(`The key file ${path} belongs to another user: ${meant}.`);
    }
    using file = await Deno.open(path);
    // What is there now may be something else than before.
    const opened = await file.stat();
    if (opened.ino !== info.ino || opened.dev !== info.dev) {
      throw new KeyProblem(`The key file ${path} was replaced while it was opened: start again.`);
    }
    const buffer = new Uint8Array(LONGEST_FILE_BYTES + 1);
    let length = 0;
    for (let count: number | null = 0; count !== null && length < buffer.length;) {
      length += count;
      count = await file.read(buffer.subarray(length));
    }
    if (length > LONGEST_FILE_BYTES) {
      throw new KeyProblem(`The key file ${path} does not hold a key: it is too long.`);
    }
    return { text: new TextDecoder().decode(buffer.subarray(0, length)), mode: info.mode };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    if (error instanceof KeyProblem) throw error;
    throw new KeyProblem(`The key file ${path} cannot be read: ${reasonOf(error)}.`);
  }
}

/** Makes the file; false when another process was faster. */
async function make(path: string, key: Uint8Array): Promise<boolean> {
  try {
    using file = await Deno.open(path, { write: true, createNew: true, mode: 0o600 });
    const bytes = new TextEncoder().encode(`${key.toHex()}\n`);
    for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return false;
    if (error instanceof Deno.errors.NotFound) {
      throw new KeyProblem(`The key file ${path} cannot be made: its folder does not exist.`);
    }
    throw new KeyProblem(`The key file ${path} cannot be made: ${reasonOf(error)}.`);
  }
}

function warningOf(path: string, mode: number | null): string | null {
  if (mode === null || (mode & 0o077) === 0) return null;
  return `The key file ${path} is open to other users: "chmod 600 ${path}" closes it.`;
}

function reasonOf(error: unknown): string {
  return messageOf(error).replace(/\.$/, "");
}
