/**
 * Files as SQLite sees them here: it takes no lock, and nothing that it writes reaches a disk. Who
 * reads in this way makes sure by himself that nobody wrote meanwhile (see `snapshot.ts`).
 */
import { statSync } from "node:fs";
import { C, type Methods, type SqliteApi } from "./api.ts";
import { OpenFile } from "./open_file.ts";

/**
 * `still`: nobody writes, and there is no log. `log`: with its write-ahead log, whose index SQLite
 * makes in memory. `repair`: what a dead writer left is rolled back, in memory.
 */
export type View = "still" | "log" | "repair";

const VIEWS: Record<View, { canWrite: boolean; traits: number }> = {
  still: { canWrite: false, traits: C.IOCAP_IMMUTABLE },
  log: { canWrite: false, traits: 0 },
  repair: { canWrite: true, traits: 0 },
};

/** What is no file is as if it were not there. */
function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** The name of the file system that shows files so. */
export function fileSystem(view: View): string {
  return `parsloscope-${view}`;
}

const PATH_BYTES = 4096;
const SECTOR_BYTES = 4096;

/** Tells SQLite of the file systems. */
export function installFileSystems(api: SqliteApi): void {
  for (const view of Object.keys(VIEWS) as View[]) install(api, view);
}

function install(api: SqliteApi, view: View): void {
  const { capi, wasm } = api;
  const { canWrite, traits } = VIEWS[view];
  const files = new Map<number, OpenFile>();
  /** Files that SQLite has deleted, while it has others open. */
  const gone = new Set<string>();
  const memory = () => wasm.heap8u();
  const attempt = (code: number, work: () => void): number => {
    try {
      work();
      return C.OK;
    } catch {
      return code;
    }
  };

  const standard = new capi.sqlite3_vfs(capi.sqlite3_vfs_find(null));
  const system = new capi.sqlite3_vfs();
  const io = new capi.sqlite3_io_methods();
  io.$iVersion = 1;
  system.$iVersion = 1;
  system.$szOsFile = capi.sqlite3_file.structInfo.sizeof;
  system.$mxPathname = PATH_BYTES;
  system.$zName = wasm.allocCString(fileSystem(view));
  system.$xRandomness = standard.$xRandomness;
  system.$xSleep = standard.$xSleep;
  standard.dispose();

  const ioMethods: Methods = {
    xClose(pointer: number) {
      files.get(pointer)?.close();
      files.delete(pointer);
      if (files.size === 0) gone.clear();
      return C.OK;
    },
    xRead(pointer: number, to: number, length: number, at: bigint) {
      return attemptRead(() => {
        const got = files.get(pointer)!.read(memory(), to, length, Number(at));
        if (got === length) return C.OK;
        memory().fill(0, to + got, to + length);
        return C.IOERR_SHORT_READ;
      });
    },
    xWrite(pointer: number, from: number, length: number, at: bigint) {
      if (!canWrite) return C.READONLY;
      return attempt(
        C.IOERR_WRITE,
        () => files.get(pointer)!.write(memory(), from, length, Number(at)),
      );
    },
    xTruncate(pointer: number, size: bigint) {
      if (!canWrite) return C.READONLY;
      files.get(pointer)!.truncate(Number(size));
      return C.OK;
    },
    xSync: () => C.OK,
    xFileSize(pointer: number, out: number) {
      return attempt(
        C.IOERR_FSTAT,
        () => wasm.poke(out, BigInt(files.get(pointer)!.size), "i64"),
      );
    },
    xLock: () => C.OK,
    xUnlock: () => C.OK,
    xCheckReservedLock(_: number, out: number) {
      wasm.poke(out, 0, "i32");
      return C.OK;
    },
    xFileControl: () => C.NOTFOUND,
    xSectorSize: () => SECTOR_BYTES,
    xDeviceCharacteristics: () => traits,
  };
  const attemptRead = (work: () => number): number => {
    try {
      return work();
    } catch {
      return C.IOERR_READ;
    }
  };

  const systemMethods: Methods = {
    xOpen(_: number, name: number, pointer: number, flags: number, out: number) {
      return attempt(C.CANTOPEN, () => {
        files.set(pointer, new OpenFile(wasm.cstrToJs(name)));
        const file = new capi.sqlite3_file(pointer);
        file.$pMethods = io.pointer;
        file.dispose();
        if (out === 0) return;
        const asked = flags & ~(C.OPEN_READWRITE | C.OPEN_CREATE) | C.OPEN_READONLY;
        wasm.poke(out, canWrite ? flags : asked, "i32");
      });
    },
    xDelete(_: number, name: number) {
      gone.add(wasm.cstrToJs(name));
      return C.OK;
    },
    xAccess(_: number, name: number, _what: number, out: number) {
      const path = wasm.cstrToJs(name);
      wasm.poke(out, !gone.has(path) && isFile(path) ? 1 : 0, "i32");
      return C.OK;
    },
    xFullPathname(_: number, name: number, most: number, out: number) {
      return wasm.cstrncpy(out, name, most) < most ? C.OK : C.CANTOPEN;
    },
    xGetLastError: () => C.OK,
    xCurrentTime(_: number, out: number) {
      wasm.poke(out, 2440587.5 + Date.now() / 86_400_000, "double");
      return C.OK;
    },
  };

  api.vfs.installVfs({
    io: { struct: io, methods: ioMethods },
    vfs: { struct: system, methods: systemMethods },
  });
}
