/** Searching the long texts of a run that is followed. */
import type { Run } from "../../model/run/run.ts";
import { NO_TEXTS, TaskSet, type Texts, type TextWord } from "../../model/tasks/texts.ts";
import {
  DatabaseError,
  type MonitoringDatabase,
  START,
  type Watermark,
} from "../../store/database.ts";
import { SEARCHED } from "../../parsl/searched.ts";
import { messageOf } from "../../errors.ts";
import { warn } from "../../say.ts";

/** What of a followed run a search needs. */
export interface SearchedRun {
  readonly database: MonitoringDatabase;
  readonly run: Run;
  /** Changes with everything that is known of the run. */
  readonly version: string;
  /** How far it was read. */
  readonly watermark: Watermark;
  refresh(): Promise<void>;
}

/** Words whose tasks are remembered; of more, those unused for longest are forgotten. */
const MOST_WORDS = 32;
/** Who watches hears of a search that goes on this often, in ms. */
const NEWS_MS = 100;
/** A search that nobody has asked for in this many ms rests, and goes on where it was when asked again. */
const PATIENCE_MS = 15_000;
/** After an error it is tried again after this many ms. */
const RETRY_MS = 5_000;

/** One word and what is known of it. */
class WordSearch {
  readonly word: TextWord;
  tasks = new TaskSet();
  /** Found before the run had them; by id. */
  early = new Set<number>();
  watermark: Watermark = START;
  run: Run | null = null;
  /** The version of the run of which all is known. */
  version: string | null = null;
  done = 0;
  total = 0;
  problem: string | null = null;
  failed = -Infinity;
  /** When somebody last asked, and how many wait for the end. */
  asked = 0;
  waiting = 0;
  began = 0;
  working: Promise<void> | null = null;
  /** Grows when more is known. */
  changes = 0;
  /** Grows when who was told of a part should ask again. */
  turn = 0;
  /** Whether a part was told since. */
  told = false;

  constructor(word: TextWord) {
    this.word = word;
  }
}

/**
 * Which tasks have which words in their texts. Each word is looked for once in the database, in the
 * background, one word after the other; as the run grows, only in what is new or has changed.
 */
export class TextSearches {
  readonly #followed: SearchedRun;
  readonly #changed: () => void;
  /** By field and word, the one asked for last at the end. */
  readonly #words = new Map<string, WordSearch>();
  #queue: Promise<void> = Promise.resolve();
  #lastNews = -Infinity;

  /** @param changed called when more is known than was told */
  constructor(followed: SearchedRun, changed: () => void) {
    this.#followed = followed;
    this.#changed = changed;
  }

  /** Bytes taken. */
  get bytes(): number {
    let sum = 0;
    for (const { tasks, early } of this.#words.values()) sum += 200 + tasks.bytes + 40 * early.size;
    return sum;
  }

  /** What a view of these words depends on beside the run: changes when it should be made again. */
  turn(words: readonly TextWord[]): number {
    return words.reduce((sum, word) => sum + (this.#words.get(keyOf(word))?.turn ?? 0), 0);
  }

  /**
   * What is known of some words. What is not yet is looked for from now on, and waited for while it
   * takes no longer than `patience` ms from its beginning.
   */
  async ask(words: readonly TextWord[], patience = 0): Promise<Texts> {
    if (words.length === 0) return NO_TEXTS;
    const searches = words.map((word) => this.#begin(word));
    let timer: ReturnType<typeof setTimeout> | undefined;
    const unfinished = searches.filter((search) => search.working);
    const began = Math.min(...unfinished.map((search) => search.began));
    const left = began + patience - performance.now();
    if (unfinished.length > 0 && left > 0) {
      const late = new Promise<void>((resolve) => timer = setTimeout(resolve, left));
      await Promise.race([Promise.all(unfinished.map(({ working }) => working)), late]);
      clearTimeout(timer);
    }
    return this.#textsOf(searches);
  }

  /**
   * All that there is to know of some words now.
   *
   * @throws {DatabaseError} when texts could not be searched
   */
  async complete(words: readonly TextWord[]): Promise<Texts> {
    if (words.length === 0) return NO_TEXTS;
    const searches = words.map((word) => this.#begin(word));
    for (const search of searches) search.waiting++;
    try {
      await Promise.all(searches.map(({ working }) => working));
    } finally {
      for (const search of searches) search.waiting--;
    }
    const texts = this.#textsOf(searches);
    if (texts.problem !== null) throw new DatabaseError(texts.problem);
    return texts;
  }

  /** The search for a word, at work unless all is known. */
  #begin(word: TextWord): WordSearch {
    const key = keyOf(word);
    const search = this.#words.get(key) ?? new WordSearch(word);
    this.#words.delete(key);
    this.#words.set(key, search);
    for (const [oldest, { working }] of this.#words) {
      if (this.#words.size <= MOST_WORDS || oldest === key) break;
      if (!working) this.#words.delete(oldest);
    }
    const now = performance.now();
    search.asked = now;
    const known = search.version === this.#followed.version;
    if (search.working || known || now - search.failed < RETRY_MS) return search;
    search.began = now;
    search.done = 0;
    search.total = this.#rowsFor(search);
    // To catch up with a run that goes on takes a moment; that need not wait for others.
    search.working = search.version !== null
      ? this.#work(search)
      : this.#queue = this.#queue.then(() => this.#work(search));
    return search;
  }

  /** About how many rows there are to look at. */
  #rowsFor({ word, watermark }: WordSearch): number {
    const until = this.#followed.watermark;
    return SEARCHED[word.field].reduce(
      (sum, { table }) => sum + Math.max(0, until[table] - watermark[table]),
      0,
    );
  }

  /** Never fails: what went wrong is a part of the answer. */
  async #work(search: WordSearch): Promise<void> {
    try {
      // While a run is read, its tasks are not known.
      await this.#followed.refresh();
      search.problem = null;
      while (search.version !== this.#followed.version && await this.#catchUp(search));
    } catch (error) {
      if (!(error instanceof DatabaseError)) {
        warn(`search: ${messageOf(error)}`);
      }
      search.problem = error instanceof DatabaseError
        ? error.message
        : "The terminal where Parsloscope runs says why.";
      search.failed = performance.now();
      search.changes++;
    }
    search.working = null;
    this.#tell(search);
  }

  /** Looks at what was read of the run by now; false when nobody wants it any more. */
  async #catchUp(search: WordSearch): Promise<boolean> {
    const { run, version, watermark, database } = this.#followed;
    if (search.run !== run) {
      // Of a file that was rebuilt nothing is known.
      Object.assign(search, { run, tasks: new TaskSet(), early: new Set(), watermark: START });
      search.changes++;
    }
    const slices = database.searchTexts(run.runId, search.word, search.watermark, watermark);
    for await (const { found, lost, watermark, done, total } of slices) {
      if (this.#followed.run !== run) return true;
      for (const id of found) place(search, run, id, true);
      for (const id of lost) place(search, run, id, false);
      Object.assign(search, { watermark, done, total });
      search.changes++;
      if (performance.now() - search.asked > PATIENCE_MS && search.waiting === 0) return false;
      this.#tell(search);
    }
    for (const id of search.early) place(search, run, id, true);
    search.changes++;
    search.version = version;
    return true;
  }

  #textsOf(searches: readonly WordSearch[]): Texts {
    const byKey = new Map(searches.map((search) => [keyOf(search.word), search]));
    const working = searches.filter((search) => search.working);
    for (const search of working) search.told = true;
    const sum = (of: (search: WordSearch) => number) =>
      searches.reduce((all, search) => all + of(search), 0);
    const { lacking } = this.#followed.database;
    return {
      stamp: searches.map(({ word, changes }) => `${keyOf(word)} ${changes}`).join("\n"),
      of: (word) => byKey.get(keyOf(word))?.tasks ?? null,
      progress: working.length === 0
        ? null
        : { done: sum(({ done }) => done), total: sum(({ total }) => total) },
      problem: searches.find(({ problem }) => problem !== null)?.problem ?? null,
      lacks: [...new Set(searches.flatMap(({ word }) => lacking[word.field] ?? []))],
    };
  }

  #tell(search: WordSearch): void {
    const now = performance.now();
    if (!search.told || search.working && now - this.#lastNews < NEWS_MS) return;
    this.#lastNews = now;
    search.told = false;
    search.turn++;
    this.#changed();
  }
}

function keyOf({ field, text }: TextWord): string {
  return `${field}:${text}`;
}

/** Keeps whether a task has the word. */
function place(search: WordSearch, run: Run, id: number, has: boolean): void {
  const task = run.indexOf(id);
  if (task === undefined) {
    if (has) search.early.add(id);
    else search.early.delete(id);
    return;
  }
  search.early.delete(id);
  if (has) search.tasks.add(task);
  else search.tasks.delete(task);
}
