/**
 * The token that lets a user's browsers and programs in: one for each user, kept in a file that only
 * this user can read, so that bookmarks last.
 */
import { randomBytes } from "node:crypto";
import { constants, type Stats } from "node:fs";
import { link, lstat, mkdir, open, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { messageOf, UserError } from "../errors.ts";

/** Bytes of chance in a token. */
const TOKEN_BYTES = 24;
/** A token as it is made here, or as long a one of the user's own making. */
const TOKEN = /^[\w.~-]{16,256}$/;
/** Bytes that are read of a token's file. */
const MAX_FILE_BYTES = 1024;
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;
/** A pipe in the place of the file is not waited for. */
const NO_WAIT = constants.O_NONBLOCK ?? 0;

/** A token that cannot be had, and what to do. */
export class TokenError extends UserError {
  override name = "TokenError";
}

/** A user's token. */
export interface Token {
  value: string;
  /** Where it is kept, or the variable that gives it; null when it ends with this process. */
  keptIn: string | null;
}

/** What of a process's surroundings tells where a token is kept. */
export interface Surroundings {
  env(name: string): string | undefined;
  /** The user's id; null where users have none. */
  uid: number | null;
}

/**
 * The user's token: `PARSLOSCOPE_TOKEN`, else that of the user's file, which is made when it is not
 * there. A token that cannot be kept is one for this process alone.
 *
 * @throws {TokenError} when the file is another's, or others can read it
 */
export async function userToken({ env, uid }: Surroundings): Promise<Token> {
  const given = env("PARSLOSCOPE_TOKEN");
  if (given !== undefined && given !== "") {
    if (TOKEN.test(given)) return { value: given, keptIn: "PARSLOSCOPE_TOKEN" };
    throw new TokenError(
      "PARSLOSCOPE_TOKEN takes 16 to 256 letters, digits and signs of -._~, such as " +
        "`openssl rand -hex 24` prints; or leave it unset.",
    );
  }
  const path = tokenPath(env);
  if (path === null) return { value: newToken(), keptIn: null };
  const known = await readToken(path, uid);
  if (known !== null) return { value: known, keptIn: path };
  try {
    await makeToken(path);
  } catch {
    // A home that cannot be written, as in containers.
    return { value: newToken(), keptIn: null };
  }
  const kept = await readToken(path, uid);
  if (kept === null) throw new TokenError(`${path} went away as it was made; start once more.`);
  return { value: kept, keptIn: path };
}

/** Where a user's token is kept; null where the user has no folder. */
export function tokenPath(env: Surroundings["env"]): string | null {
  const data = env("XDG_DATA_HOME");
  if (data?.startsWith("/")) return join(data, "parsloscope", "token");
  const home = env("HOME") || env("USERPROFILE");
  return home ? join(home, ".local", "share", "parsloscope", "token") : null;
}

function newToken(): string {
  return randomBytes(TOKEN_BYTES).toString("hex");
}

/** The token of a file; null when there is no file. */
async function readToken(path: string, uid: number | null): Promise<string | null> {
  const info = await lstat(path).catch((error) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return null;
    throw new TokenError(`${path} cannot be looked at: ${messageOf(error)}`);
  });
  if (info === null) return null;
  requireOwn(path, info, uid);
  const file = await open(path, constants.O_RDONLY | NO_FOLLOW | NO_WAIT).catch((error) => {
    throw new TokenError(`${path} cannot be read: ${messageOf(error)}`);
  });
  try {
    requireOwn(path, await file.stat(), uid);
    const buffer = new Uint8Array(MAX_FILE_BYTES);
    const { bytesRead } = await file.read(buffer, 0, MAX_FILE_BYTES, 0);
    const value = new TextDecoder().decode(buffer.subarray(0, bytesRead)).trim();
    if (TOKEN.test(value)) return value;
    throw new TokenError(`${path} holds no token; delete it, and another one is made.`);
  } finally {
    await file.close();
  }
}

/** A token that another could have read, or put there, lets the other in. */
function requireOwn(path: string, info: Stats, uid: number | null): void {
  if (!info.isFile()) {
    throw new TokenError(`${path} is no plain file; move it away, and a token is made.`);
  }
  if (uid === null) return;
  if (info.uid !== uid) {
    throw new TokenError(
      `${path} belongs to another user; delete it, or give a token by PARSLOSCOPE_TOKEN.`,
    );
  }
  if ((info.mode & 0o077) !== 0) {
    throw new TokenError(
      `Others can read ${path}: delete it, and another token is made that only you can read.`,
    );
  }
}

/** Puts a new token where none is; one that another process put there meanwhile stays. */
async function makeToken(path: string): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const half = join(folder, `.token-${randomBytes(8).toString("hex")}`);
  const file = await open(half, "wx", 0o600);
  try {
    await file.writeFile(`${newToken()}\n`);
    await file.close();
    await link(half, path).catch((error) => {
      if (error.code !== "EEXIST") throw error;
    });
  } finally {
    await unlink(half);
  }
}
