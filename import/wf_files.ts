/** The files that tasks of a trace read and write, in all the ways in which traces name them. */
import { posix } from "node:path";
import { objectsIn, textIn, textsIn, type WfFields } from "./wf_fields.ts";

/** A file as a task names it; at least one of the three is there. */
export interface FileRef {
  /** Where the trace gives files ids. */
  id: string | null;
  /** Directory and name, where the directory is told. */
  path: string | null;
  /** The name without its directory. */
  name: string | null;
}

/** What a task reads and writes. */
export interface TaskFiles {
  /** As texts, for people. */
  inputs: string[];
  outputs: string[];
  /** As they are told apart, for dependencies. */
  reads: FileRef[];
  writes: FileRef[];
  /** Files of which the trace does not say whether they are read or written. */
  unclear: number;
}

/** The files of a specification (since version 1.5) by id. */
export function declaredFiles(specification: WfFields): Map<string, FileRef> {
  const declared = new Map<string, FileRef>();
  for (const file of objectsIn(specification, "files")) {
    const id = textIn(file, "id");
    if (id === null) continue;
    const text = joined(textIn(file, "path"), textIn(file, "name")) || id;
    declared.set(id, { ...refOf(text), id });
  }
  return declared;
}

/**
 * The files of a task: those that `inputFiles` and `outputFiles` name (since version 1.5), and those
 * of its list `files` (before).
 *
 * @param declared as `declaredFiles` gave it; a text that is no id there is taken as path or name
 */
export function filesOf(task: WfFields, declared: ReadonlyMap<string, FileRef>): TaskFiles {
  const inputs = textsIn(task, "inputFiles");
  const outputs = textsIn(task, "outputFiles");
  const known = (text: string) => declared.get(text) ?? refOf(text);
  const files: TaskFiles = {
    inputs: [...inputs],
    outputs: [...outputs],
    reads: inputs.map(known),
    writes: outputs.map(known),
    unclear: 0,
  };
  for (const file of objectsIn(task, "files")) {
    const id = textIn(file, "id");
    const text = joined(textIn(file, "path"), textIn(file, "name")) || id;
    const link = textIn(file, "link")?.toLowerCase();
    if (text === null || (link !== "input" && link !== "output")) {
      files.unclear++;
      continue;
    }
    files[link === "input" ? "inputs" : "outputs"].push(text);
    files[link === "input" ? "reads" : "writes"].push({ ...refOf(text), id });
  }
  return files;
}

/** A file that a text names: a path if it tells a directory, else a name alone. */
function refOf(text: string): FileRef {
  const path = posix.normalize(text);
  const name = posix.basename(path);
  return { id: null, path: path === name ? null : path, name };
}

/** The path of a file: traces write its directory or all of it as `path`. */
function joined(path: string | null, name: string | null): string {
  if (path === null || name === null || name.startsWith("/")) return name ?? path ?? "";
  if (path === name || path.endsWith(`/${name}`)) return path;
  return path.endsWith("/") ? path + name : `${path}/${name}`;
}
