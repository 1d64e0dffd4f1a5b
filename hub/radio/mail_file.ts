/** One file of a filesystem radio: reading it, and putting it aside, without losing what it is. */
import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { isAnothers } from "../own_file.ts";
import type { MailFile } from "./maildirs.ts";

/** Beside `tmp` and `new`: what could not be understood. */
const ASIDE = "undecodable";
// Where a system does not know of one of these, it is not defined.
const { O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;

/**
 * The bytes of a file, and when it was changed last, in epoch milliseconds. No link is followed, and
 * nothing is waited for.
 *
 * @throws when it is another file than was found, has more bytes than `most`, or cannot be read
 */
export async function readMail(
  file: MailFile,
  most: number,
): Promise<{ bytes: Uint8Array<ArrayBuffer>; mtime: number }> {
  const handle = await open(file.path, constants.O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const info = await handle.stat();
    if (!info.isFile() || file.ino !== null && info.ino !== file.ino) {
      throw new Error("it is another file than before");
    }
    if (info.size > most) throw new Error(`it has grown to ${info.size} bytes`);
    const bytes = new Uint8Array(info.size);
    let length = 0;
    while (length < bytes.length) {
      const { bytesRead } = await handle.read(bytes, length, bytes.length - length, length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return { bytes: bytes.slice(0, length), mtime: info.mtimeMs };
  } finally {
    await handle.close();
  }
}

/** Whether the file that was read is what has its name now, as it was; throws when nothing has. */
export async function isStill({ path, ino, size }: MailFile): Promise<boolean> {
  const info = await Deno.lstat(path);
  return info.isFile && (ino === null || info.ino === ino) && info.size === size;
}

/**
 * Moves a file out of a maildir's `new`, into a folder beside it; gives that folder. Nothing is
 * written over, and when the file cannot be moved it stays.
 *
 * @throws when it cannot be moved
 */
export async function putAside(path: string): Promise<string> {
  const folder = `${dirname(dirname(path))}/${ASIDE}`;
  await Deno.mkdir(folder, { mode: 0o700 }).catch((error) => {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  });
  const info = await Deno.lstat(folder);
  if (!info.isDirectory || isAnothers(info.uid)) throw new Error(`${folder} is no folder of ours`);
  // A rename would write over what has the name there.
  const target = `${folder}/${basename(path)}`;
  await Deno.link(path, target).catch(async (error) => {
    // A hub that was killed here has left both names of the file.
    if ((await Deno.lstat(target)).ino !== (await Deno.lstat(path)).ino) throw error;
  });
  await Deno.remove(path);
  return folder;
}
