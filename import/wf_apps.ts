/** The apps of a trace: what its tasks are called without what tells one task from another. */
import type { TraceTask } from "./trace.ts";

/** Programs that run any task, and so name none. */
const INTERPRETERS = new Set(["sh", "bash", "zsh", "env", "perl", "python", "Rscript", "java"]);

/**
 * The app of every task: its category where all tasks have one, else its program where all of them
 * have one that is a program's name, else its name without its number.
 */
export function appsOf(tasks: readonly TraceTask[]): string[] {
  const choices = [
    tasks.map((task) => task.category),
    tasks.map((task) => programName(task.program)),
  ];
  for (const names of choices) {
    if (names.every((name) => name !== null)) return names;
  }
  return shortest(tasks.map((task) => withoutNumber(task.name)));
}

/** The name of a program's file; null for a script's text, or for what runs scripts. */
function programName(program: string | null): string | null {
  const name = program?.split("/").at(-1) ?? "";
  if (!/^[\w.+-]*[A-Za-z][\w.+-]*$/.test(name)) return null;
  return INTERPRETERS.has(name.replace(/[\d.]+$/, "")) ? null : name;
}

/** `individuals_ID0000165` → `individuals`. */
function withoutNumber(name: string): string {
  return name.replace(/(?:[\s_.:#-]+(?:ID)?|ID)\d+$/, "") || name;
}

/**
 * Names made of a path, such as Nextflow's `RNASEQ.ALIGN_STAR.BAM_SORT.SAMTOOLS_SORT`, by their
 * shortest endings that tell them apart.
 */
function shortest(names: string[]): string[] {
  const paths = new Map([...new Set(names)].map((name) => [name, name.split(/[.:]/)]));
  if (![...paths.values()].every((path) => path.length > 1 && path.every(isWord))) return names;
  const ending = (path: string[], length: number) => path.slice(-length).join(".");
  const shared = new Map<string, number>();
  for (const path of paths.values()) {
    for (let length = 1; length <= path.length; length++) {
      const text = ending(path, length);
      shared.set(text, (shared.get(text) ?? 0) + 1);
    }
  }
  const short = new Map<string, string>();
  for (const [name, path] of paths) {
    let length = 1;
    while (length < path.length && shared.get(ending(path, length))! > 1) length++;
    short.set(name, ending(path, length));
  }
  return names.map((name) => short.get(name)!);
}

function isWord(text: string): boolean {
  return /^[A-Za-z_]\w*$/.test(text);
}
