/** Dependencies that only the files of a trace tell: who reads what another task writes. */
import { ImportError } from "./import_error.ts";
import { dropCircles } from "./circles.ts";
import { counted } from "./sentences.ts";
import type { FileRef } from "./wf_files.ts";

/** What a task reads and writes. */
interface Uses {
  id: string;
  reads: readonly FileRef[];
  writes: readonly FileRef[];
}

/** A file, with the places of the tasks that use it. */
interface SharedFile extends FileRef {
  readers: Set<number>;
  writers: Set<number>;
}

/** What files tell. */
export interface FileLinks {
  /** By place of the task, the places of those that it depends on. */
  parents: Set<number>[];
  /** How many dependencies that are. */
  count: number;
  /** What was doubtful or left out, in sentences. */
  remarks: string[];
}

/** More dependencies than this through one file are no plan of a workflow, but a common name. */
const MOST_BY_ONE = 1_000_000;
/** Nor does a workflow have more than this by all of them; each takes some 50 bytes. */
const MOST_BY_ALL = 20_000_000;

/**
 * Links every task that reads a file to all others that write it. Files are the same by id, else by
 * path. A name without a directory stands for the file of that name, where only one can be meant.
 * Dependencies that go in a circle (tasks that change a file in turns) are left out, as their order
 * is not told.
 */
export function linkByFiles(tasks: readonly Uses[]): FileLinks {
  const files = sharedFiles(tasks);
  const { byName, ambiguous } = matchNames(files);
  const parents: Set<number>[] = tasks.map(() => new Set());
  const remarks: string[] = [];
  let links = 0;
  for (const { readers, writers, id, path, name } of files) {
    if (readers.size * writers.size > MOST_BY_ONE) {
      remarks.push(
        `The file ${path ?? name ?? id} is written by ${counted(writers.size, "task")} and read ` +
          `by ${counted(readers.size, "task")}: no dependencies were taken from it.`,
      );
      continue;
    }
    links += readers.size * writers.size;
    if (links > MOST_BY_ALL) {
      throw new ImportError(
        `its files make more than ${counted(MOST_BY_ALL, "dependency", "dependencies")}`,
      );
    }
    for (const reader of readers) {
      for (const writer of writers) if (writer !== reader) parents[reader].add(writer);
    }
  }
  const circles = dropCircles(parents);
  if (circles.dropped > 0) {
    remarks.push(
      `${counted(circles.dropped, "dependency", "dependencies")} by files would go in a circle ` +
        `(${tasks[circles.example].id} is in it), as tasks write what they read: left out.`,
    );
  }
  if (byName > 0) {
    remarks.push(
      `${counted(byName, "file")} had to be matched by name alone, as a directory is not told.`,
    );
  }
  if (ambiguous > 0) {
    remarks.push(
      `${counted(ambiguous, "file")} could be any of several of that name, as a directory is not ` +
        "told: no dependencies were taken from them.",
    );
  }
  return { parents, count: parents.reduce((sum, { size }) => sum + size, 0), remarks };
}

function sharedFiles(tasks: readonly Uses[]): SharedFile[] {
  const files: SharedFile[] = [];
  const ids = new Map<string, SharedFile>();
  const paths = new Map<string, SharedFile>();
  const names = new Map<string, SharedFile>();
  const fileOf = ({ id, path, name }: FileRef): SharedFile => {
    let file = id === null ? undefined : ids.get(id);
    if (path !== null) file ??= paths.get(path);
    if (id === null && path === null) file ??= names.get(name!);
    if (file === undefined) {
      file = { id, path, name, readers: new Set(), writers: new Set() };
      files.push(file);
    }
    file.path ??= path;
    if (id !== null) ids.set(id, file);
    if (path !== null && !paths.has(path)) paths.set(path, file);
    if (id === null && path === null) names.set(name!, file);
    return file;
  };
  // Those with ids come first: so a path that only some of them tell finds its id's file.
  for (const withId of [true, false]) {
    tasks.forEach(({ reads, writes }, place) => {
      for (const ref of reads) if ((ref.id !== null) === withId) fileOf(ref).readers.add(place);
      for (const ref of writes) if ((ref.id !== null) === withId) fileOf(ref).writers.add(place);
    });
  }
  return files;
}

/** Joins files that are read, and that nobody writes under that address, to those of their name. */
function matchNames(files: readonly SharedFile[]): { byName: number; ambiguous: number } {
  const names = new Map<string, { bare: SharedFile[]; placed: SharedFile[] }>();
  for (const file of files) {
    if (file.name === null) continue;
    const namesakes = names.get(file.name) ?? { bare: [], placed: [] };
    names.set(file.name, namesakes);
    namesakes[file.path === null ? "bare" : "placed"].push(file);
  }
  let [byName, ambiguous] = [0, 0];
  for (const { bare, placed } of names.values()) {
    if (bare.length === 0 || [...bare, ...placed].every(({ id }) => id !== null)) continue;
    const others = (file: SharedFile) =>
      [...bare, ...(file.path === null ? placed : [])].filter((other) => mayBeSame(file, other));
    for (const file of [...bare, ...placed]) {
      if (file.writers.size > 0) continue;
      const may = others(file);
      if (!may.some(({ writers }) => writers.size > 0)) continue;
      if (may.length === 1 && others(may[0]).length === 1) {
        for (const reader of file.readers) may[0].readers.add(reader);
        byName++;
      } else ambiguous++;
    }
  }
  return { byName, ambiguous };
}

/** Whether two files of one name can be one: not where both have an id, or both a directory. */
function mayBeSame(a: SharedFile, b: SharedFile): boolean {
  return a !== b && (a.id === null || b.id === null) && (a.path === null || b.path === null);
}
