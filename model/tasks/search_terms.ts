/** What a user writes to find tasks, taken apart. */
import type { TextWord } from "./texts.ts";
import type { TextField } from "../../parsl/text_field.ts";

/** A field that a search may name. */
interface Field {
  /** How somebody would look for something in it. */
  example: string;
  /** Whether `=` may ask for all of a value; of failures that is what their group is called. */
  asValue: boolean;
  /** Which long texts it is of, where it is of any. */
  text: TextField | null;
}

/** The fields in the order in which help lists them. */
const FIELDS = {
  id: { example: "id:28", asValue: true, text: null },
  app: { example: "app:align", asValue: true, text: null },
  state: { example: "state:failed", asValue: true, text: null },
  host: { example: "host:n17", asValue: true, text: null },
  executor: { example: "executor:htex", asValue: true, text: null },
  block: { example: "block:3", asValue: true, text: null },
  job: { example: "job:48151", asValue: true, text: null },
  worker: { example: "worker:3", asValue: true, text: null },
  file: { example: "file:out.txt", asValue: false, text: "file" },
  stdout: { example: "stdout:out.txt", asValue: false, text: "stdout" },
  stderr: { example: "stderr:bf.err", asValue: false, text: "stderr" },
  error: { example: "error:ValueError", asValue: true, text: "error" },
} satisfies Record<string, Field>;

/** A field by the name that a search calls it. */
export type SearchField = keyof typeof FIELDS;

/** An example of each field. */
export const SEARCH_EXAMPLES: readonly string[] = Object.values(FIELDS).map((f) => f.example);

/** One thing that every task found must have. */
export interface SearchTerm {
  /** Where it is looked for; null for wherever a word of its kind is. */
  field: SearchField | null;
  /** In lower case, never empty. */
  text: string;
  /** Whether a value must be just this, not only hold it. */
  whole: boolean;
}

/** A search as it was understood. */
export interface Search {
  terms: SearchTerm[];
  /** A sentence on why it could not be understood, which finds nothing; null when it could. */
  problem: string | null;
}

const MOST_TERMS = 16;
const LONGEST = 1000;
/** Numbers of fewer digits are in too many texts and of too many blocks to be looked for unasked. */
const TELLING_DIGITS = 4;
/**
 * Takes a search apart: words between spaces or in double quotes, each alone or behind the name of
 * its field and a colon, or `=` for all of a value. A quotation mark within quotes is written twice.
 * What only looks like a field (`reduce_sum:28`) is a word.
 */
export function parseSearch(search: string): Search {
  if (search.length > LONGEST) {
    return refused(`A search may have ${LONGEST} characters; this one has ${search.length}.`);
  }
  const terms: SearchTerm[] = [];
  const token = /(?:([a-z]+)([:=]))?"|\S+/gi;
  // No text that a database gives has a NUL.
  search = search.replaceAll("\0", " ");
  for (let match = token.exec(search); match; match = token.exec(search)) {
    let [word, name, sign] = match;
    if (word.endsWith('"') && (name === undefined ? word === '"' : isField(name, sign))) {
      const phrase = /^((?:[^"]|"")*)"/.exec(search.slice(token.lastIndex));
      if (!phrase) {
        return refused(`The quotation mark in ${search.slice(match.index)} is never closed.`);
      }
      word = phrase[1].replaceAll('""', '"');
      token.lastIndex += phrase[0].length;
    } else {
      // A quotation mark within a word is a part of it.
      word += /^\S*/.exec(search.slice(token.lastIndex))![0];
      token.lastIndex = match.index + word.length;
      const parts = /^([a-z]+)([:=])(.*)$/is.exec(word);
      name = sign = "";
      if (parts && isField(parts[1], parts[2])) [, name, sign, word] = parts;
    }
    const term = termOf(name ?? "", sign ?? "", word);
    if (typeof term === "string") return refused(term);
    if (term) terms.push(term);
  }
  if (terms.length > MOST_TERMS) {
    return refused(`A search may have ${MOST_TERMS} words; this one has ${terms.length}.`);
  }
  return { terms, problem: null };
}

/** A search for tasks with just this value in a field; the groups of failures are values of `error`. */
export function searchFor(field: SearchField, value: string): string {
  return `${field}="${value.replaceAll('"', '""')}"`;
}

function refused(problem: string): Search {
  return { terms: [], problem };
}

function isField(name: string, sign: string): boolean {
  const field = name.toLowerCase();
  return Object.hasOwn(FIELDS, field) && (sign === ":" || FIELDS[field as SearchField].asValue);
}

/** A term, null for an empty one, or why it cannot be one. */
function termOf(name: string, sign: string, word: string): SearchTerm | string | null {
  const text = word.toLowerCase();
  if (name === "") return text.trim() === "" ? null : { field: null, text, whole: false };
  const field = name.toLowerCase() as SearchField;
  const { example } = FIELDS[field];
  if (text.trim() === "") {
    return `${field}${sign} says nothing to look for; write it without a space, such as ${example}.`;
  }
  if (field === "id" && !/^\d{1,15}$/.test(text)) {
    return `${field}${sign} takes the number of a task, such as ${example}.`;
  }
  return { field, text, whole: sign === "=" || field === "id" };
}

/** Whether a term is a number that, unless its field is named, only ids and names are searched for. */
export function isShortNumber({ field, text }: SearchTerm): boolean {
  return field === null && /^\d+$/.test(text) && text.length < TELLING_DIGITS;
}

/** What of a term must be looked for in the long texts of tasks; a task that has any of it has the term. */
export function textWordsOf(term: SearchTerm): TextWord[] {
  const { field, text, whole } = term;
  if (whole) return [];
  if (field !== null) {
    const of: TextField | null = FIELDS[field].text;
    return of === null ? [] : [{ field: of, text }];
  }
  return isShortNumber(term) ? [] : [{ field: "file", text }, { field: "error", text }];
}

/** All words of a search that must be looked for in long texts, each once. */
export function textWords(search: string): TextWord[] {
  const words = new Map<string, TextWord>();
  for (const word of parseSearch(search).terms.flatMap(textWordsOf)) {
    words.set(`${word.field}:${word.text}`, word);
  }
  return [...words.values()];
}

/** What a user should know of how a search was understood; sentences. */
export function searchNotes(search: string): string[] {
  const numbers = [...new Set(parseSearch(search).terms.filter(isShortNumber).map((t) => t.text))];
  return numbers.map((n) =>
    `${n} was looked for in ids and names only; elsewhere: block:${n}, job:${n}, file:${n}, error:${n}.`
  );
}
