/**
 * Only files are opened. To open a pipe is to wait for another program, and to read a device may
 * never end; either would hold up whoever else is served.
 */
import type { Stats } from "node:fs";

/** What is known of a path by looking at it from outside, as `Deno.stat` and `node:fs` tell it. */
type Info = Pick<
  Deno.FileInfo,
  "isFile" | "isDirectory" | "isFifo" | "isSocket" | "isBlockDevice" | "isCharDevice"
>;

/** What is there in the place of a file, such as "a named pipe"; null for a file. */
export function otherThanFile(info: Info): string | null {
  if (info.isFile) return null;
  if (info.isDirectory) return "a directory";
  if (info.isFifo) return "a named pipe";
  if (info.isSocket) return "a socket";
  return info.isBlockDevice || info.isCharDevice ? "a device" : "no regular file";
}

/** The same of what `node:fs` tells. */
export function otherThanFileIn(stats: Stats): string | null {
  return otherThanFile({
    isFile: stats.isFile(),
    isDirectory: stats.isDirectory(),
    isFifo: stats.isFIFO(),
    isSocket: stats.isSocket(),
    isBlockDevice: stats.isBlockDevice(),
    isCharDevice: stats.isCharacterDevice(),
  });
}

/** Whether a path is one of the program's own open files, as a shell's `<(…)` gives them. */
export function isOpenFile(path: string): boolean {
  return /^\/(?:dev\/(?:stdin|fd\/\d+)|proc\/self\/fd\/\d+)$/.test(path);
}

/** Whether a path is the program's standard input; `-` is, as everywhere. */
export function isStandardInput(path: string): boolean {
  return path === "-" || /^\/(?:dev\/(?:stdin|fd\/0)|proc\/self\/fd\/0)$/.test(path);
}
