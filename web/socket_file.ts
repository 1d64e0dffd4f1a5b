/** A socket in the file system that only its user can connect to: ssh forwards to those, too. */
import { randomBytes } from "node:crypto";
import { chmod, lstat, mkdir, rename, rm } from "node:fs/promises";
import { connect } from "node:net";
import { basename, dirname, join } from "node:path";
import { messageOf, UserError } from "../errors.ts";

/** The longest path that a socket can have: 108 bytes with their end, of which the making takes some. */
const MAX_PATH_BYTES = 80;

/** A socket that cannot be made, and what to do. */
export class SocketError extends UserError {
  override name = "SocketError";
}

/** A socket on its way to its place. */
export interface SocketFile {
  /** Where to listen first: a folder that nobody else can enter. */
  readonly madeAt: string;
  /** Puts the listening socket into its place, closed to others. */
  publish(): Promise<void>;
  /** Takes it away. */
  remove(): Promise<void>;
}

/**
 * Prepares a socket. One that is left of a server that has ended is replaced, and nothing else.
 *
 * @throws {SocketError} when something else is there, or the folder cannot be written
 */
export async function socketFile(path: string): Promise<SocketFile> {
  if (new TextEncoder().encode(path).length > MAX_PATH_BYTES) {
    throw new SocketError(
      `The path of a socket has ${MAX_PATH_BYTES} bytes at most; choose a shorter one than ${path}.`,
    );
  }
  const there = await lstat(path).catch(() => null);
  if (there !== null) {
    if (!there.isSocket()) {
      throw new SocketError(`${path} is there and is no socket; choose another path.`);
    }
    if (await isServed(path)) {
      throw new SocketError(`Another server listens on ${path}; choose another path.`);
    }
  }
  const folder = join(dirname(path), `.${randomBytes(4).toString("hex")}`);
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    throw new SocketError(`No socket can be made in ${dirname(path)}: ${messageOf(error)}`);
  }
  const madeAt = join(folder, basename(path).slice(0, 8));
  let inode: number | null = null;
  return {
    madeAt,
    async publish() {
      await chmod(madeAt, 0o600);
      inode = (await lstat(madeAt)).ino;
      await rename(madeAt, path).catch((error) => {
        const why = error.code === "EPERM" || error.code === "EACCES"
          ? "what is there belongs to another user"
          : messageOf(error);
        throw new SocketError(`No socket can be put at ${path}: ${why}; choose another path.`);
      });
      await rm(folder, { recursive: true });
    },
    async remove() {
      await rm(folder, { recursive: true, force: true });
      const now = await lstat(path).catch(() => null);
      if (inode !== null && now?.ino === inode) await rm(path, { force: true });
    },
  };
}

function isServed(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
