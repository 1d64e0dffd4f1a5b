/** The apps of a trace: what its tasks are called without what tells one task from another. */
import type { TraceTask } from "./trace.ts";

/** Programs that run any task, and so name none. */
const INTERPRETERS = new Set(["sh", "bash", "zsh", "env", "perl", "python", "Rscript", "java"]);

/** Characters of a file's name. */
const LONGEST_PROGRAM = 255;
/** Steps of a name that is a path. */
const MOST_STEPS = 50;

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
  const name = program?.slice(program.lastIndexOf("/") + 1) ?? "";
  if (name.length > LONGEST_PROGRAM || !/^[\w.+-]+$/.test(name) || !/[A-Za-z]/.test(name)) {
    return null;
  }
  return INTERPRETERS.has(name.replace(/[\d.]+$/, "")) ? null : name;
}

/** `individuals_ID0000165` → `individuals`. */
function withoutNumber(name: string): string {
  // By steps, for an expression would go through a long name once from each of its characters.
  const digits = endWhile(name, name.length, isDigit);
  if (digits === name.length) return name;
  const id = name.slice(0, digits).endsWith("ID") ? digits - 2 : digits;
  const separators = endWhile(name, id, isSeparator);
  if (separators === digits) return name;
  return name.slice(0, separators) || name;
}

/** Where the characters before `end` begin that pass a test. */
function endWhile(text: string, end: number, test: (character: string) => boolean): number {
  let at = end;
  while (at > 0 && test(text[at - 1])) at--;
  return at;
}

function isDigit(character: string): boolean {
  return character >= "0" && character <= "9";
}

function isSeparator(character: string): boolean {
  return /[\s_.:#-]/.test(character);
}

/**
 * Names made of a path, such as Nextflow's `RNASEQ.ALIGN_STAR.BAM_SORT.SAMTOOLS_SORT`, by their
 * shortest endings that tell them apart.
 */
function shortest(names: string[]): string[] {
  const paths = new Map([...new Set(names)].map((name) => [name, name.split(/[.:]/)]));
  const isPath = (path: string[]) =>
    path.length > 1 && path.length <= MOST_STEPS && path.every(isWord);
  if (![...paths.values()].every(isPath)) return names;
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
