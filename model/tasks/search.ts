import { wholeName } from "../figures/short_texts.ts";
import { blockJobs } from "../figures/block_jobs.ts";
import { workerTest } from "../figures/worker_test.ts";
import type { Strings } from "../run/columns.ts";
import { tasksOfCause } from "../figures/failures.ts";
import { memo } from "../figures/memo.ts";
import { relatedMarks } from "./related.ts";
import type { Run } from "../run/run.ts";
import {
  isShortNumber,
  parseSearch,
  type SearchField,
  type SearchTerm,
  textWordsOf,
} from "./search_terms.ts";
import type { TaskQuery } from "./query.ts";
import { NO_TEXTS, type Texts } from "./texts.ts";

/** Whether a task has what a term asks for, or whether a try has. */
type Test = (index: number) => boolean;

/** What a query asks for of each task. */
type Filter =
  & Pick<TaskQuery, "state" | "app" | "search">
  & Partial<Pick<TaskQuery, "related" | "cause">>;

/**
 * Indexes of the tasks that a query asks for by state, app, connection, cause and words, in
 * the order of their ids. A
 * task is found by what is known of any of its tries; what is asked of tries by name (`host:`,
 * `executor:`, `block:`, `job:`) must be true of one and the same try. The last answer for a version
 * of the run is kept: nobody may change it.
 *
 * @param texts what is known of the tasks' texts, which a run does not hold
 */
export function matchingTasks(
  run: Run,
  query: Filter,
  texts: Texts = NO_TEXTS,
): Uint32Array {
  const none: Uint32Array = new Uint32Array(0);
  const asked = JSON.stringify([
    query.state,
    query.app,
    query.search,
    query.related,
    query.cause,
    texts.stamp,
  ]);
  const last = memo(run, "matching tasks", () => ({ asked: "", tasks: none }));
  if (last.asked !== asked) {
    last.tasks = ofCause(run, find(run, query, texts), query.cause);
    last.asked = asked;
  }
  return last.tasks;
}

function ofCause(run: Run, tasks: Uint32Array, cause = ""): Uint32Array {
  if (cause === "") return tasks;
  const marks = tasksOfCause(run, cause);
  return marks ? tasks.filter((task) => marks[task] === 1) : tasks.subarray(0, 0);
}

/** The task whose id a search says, alone as a word; undefined when it says none that there is. */
export function taskNamed(run: Run, search: string): number | undefined {
  const { terms } = parseSearch(search);
  const numbers = terms.filter(({ field, text }) => field === null && /^\d{1,15}$/.test(text));
  return numbers.length === 1 ? run.indexOf(Number(numbers[0].text)) : undefined;
}

function find(
  run: Run,
  query: Filter,
  texts: Texts,
): Uint32Array {
  const { terms, problem } = parseSearch(query.search);
  if (problem !== null) return new Uint32Array(0);
  const out = inOrder(run);
  // A form's empty field asks for all apps, unless there is one without a name.
  const app = query.app === "" && run.apps.find("") === undefined
    ? null
    : query.app && wholeName(run.apps.list, query.app);
  if (terms.length === 0 && !query.state && app === null && !query.related) return out;
  const related = query.related ? relatedMarks(run, query.related) : null;
  const stateFits = table(run.states, "unknown", (name) => !query.state || name === query.state);
  const appFits = table(run.apps, "unknown", (name) => app === null || name === app);
  const states = run.taskState.data;
  const apps = run.taskApp.data;
  const tests = testsOf(run, terms, texts);
  let found = 0;
  for (let i = 0; i < out.length; i++) {
    const task = out[i];
    if (related?.[task] === 0) continue;
    if (stateFits[states[task] + 1] === 0 || appFits[apps[task] + 1] === 0) continue;
    if (tests.every((test) => test(task))) out[found++] = task;
  }
  return out.slice(0, found);
}

function inOrder(run: Run): Uint32Array {
  if (!run.inOrder) return run.tasksById();
  const out = new Uint32Array(run.tasks);
  for (let task = 0; task < out.length; task++) out[task] = task;
  return out;
}

/** What a task must pass to have all terms. */
function testsOf(run: Run, terms: readonly SearchTerm[], texts: Texts): Test[] {
  const ofTasks: Test[] = [];
  const ofTries: Test[] = [];
  for (const term of terms) {
    const field = term.field === null ? ANYWHERE : FIELD_TESTS[term.field];
    (field.of === "try" ? ofTries : ofTasks).push(field.test(run, term, texts));
  }
  if (ofTries.length > 0) ofTasks.push(anyTry(run, (t) => ofTries.every((test) => test(t))));
  return ofTasks;
}

function anyTry(run: Run, test: Test): Test {
  const newest = run.taskLastTry;
  const { tryPrev } = run;
  return (task) => {
    for (let t = newest.data[task]; t >= 0; t = tryPrev.data[t]) if (test(t)) return true;
    return false;
  };
}

/** How tasks are tested for a term that names its field: each of its tries, or the task. */
interface FieldTest {
  of: "task" | "try";
  test(run: Run, term: SearchTerm, texts: Texts): Test;
}

const FIELD_TESTS: Record<SearchField, FieldTest> = {
  id: { of: "task", test: (run, { text }) => (task) => run.taskId.data[task] === Number(text) },
  app: {
    of: "task",
    test: (run, term) => byIndex(run.taskApp, table(run.apps, "unknown", holding(term))),
  },
  state: {
    of: "task",
    test: (run, term) => byIndex(run.taskState, table(run.states, "unknown", holding(term))),
  },
  host: {
    of: "try",
    test: (run, term) => byIndex(run.tryHost, table(run.names, "", holding(term))),
  },
  executor: {
    of: "try",
    test: (run, term) => byIndex(run.tryExecutor, table(run.names, "", holding(term))),
  },
  block: {
    of: "try",
    test: (run, term) => byIndex(run.tryBlock, table(run.blockIds, "", holdingNumber(term))),
  },
  job: { of: "try", test: jobTest },
  worker: { of: "try", test: (run, term) => workerTest(run, holdingNumber(term)) },
  file: { of: "task", test: (_, term, texts) => either(textTests(term, texts)) },
  stdout: { of: "task", test: (_, term, texts) => either(textTests(term, texts)) },
  stderr: { of: "task", test: (_, term, texts) => either(textTests(term, texts)) },
  error: {
    of: "task",
    test: (run, term, texts) => either([...textTests(term, texts), causeTest(run, term)]),
  },
};

/** Of a term that names no field. */
const ANYWHERE: FieldTest = {
  of: "task",
  test: (run, term, texts) => either(anywhere(run, term, texts)),
};

/** All the ways in which a task may have a word whose field is not said. */
function anywhere(run: Run, term: SearchTerm, texts: Texts): Test[] {
  const holds = holding(term);
  const names = table(run.names, "", holds);
  const isNumber = /^\d+$/.test(term.text);
  const blocks = table(run.blockIds, "", (id) => !isNumber && holds(id));
  const job = isShortNumber(term) ? null : jobTest(run, term);
  const { tryHost: hosts, tryExecutor: executors } = run;
  const tests: Test[] = [
    byIndex(run.taskApp, table(run.apps, "unknown", holds)),
    byIndex(run.taskState, table(run.states, "unknown", holds)),
    anyTry(run, (t) =>
      names[hosts.data[t] + 1] === 1 || names[executors.data[t] + 1] === 1 ||
      blocks[run.tryBlock.data[t] + 1] === 1 || job !== null && job(t)),
  ];
  if (isNumber && term.text.length <= 10) {
    const digits = digitsOf(term.text);
    tests.push((task) => hasDigits(run.taskId.data[task], digits));
  }
  const [, app, id] = /^(.+):(\d{1,15})$/s.exec(term.text) ?? [];
  if (app !== undefined) {
    const apps = table(run.apps, "unknown", (name) => name.toLowerCase() === app);
    tests.push((task) =>
      run.taskId.data[task] === Number(id) && apps[run.taskApp.data[task] + 1] === 1
    );
  }
  if (!isShortNumber(term)) tests.push(causeTest(run, term), ...textTests(term, texts));
  return tests;
}

function either(tests: Test[]): Test {
  return tests.length === 1 ? tests[0] : (index) => tests.some((test) => test(index));
}

function textTests(term: SearchTerm, texts: Texts): Test[] {
  return textWordsOf(term).map((word) => {
    const tasks = texts.of(word);
    return tasks ? (task) => tasks.has(task) : () => false;
  });
}

/** Whether a try's failure is of a group that is called so: it may be called what no text says. */
function causeTest(run: Run, term: SearchTerm): Test {
  const fits = table(run.causes, "", holding(term));
  return anyTry(run, byIndex(run.tryFailure, fits));
}

/** Whether the block of a try has a job whose id holds a number, not a part of it. */
function jobTest(run: Run, term: SearchTerm): Test {
  const holds = holdingNumber(term);
  const fits = new Map<number, Uint8Array>();
  const jobs = blockJobs(run);
  if (jobs.size === 0) return () => false;
  const ofAll = jobs.get(null);
  for (const name of new Set(run.tryExecutor.data.subarray(0, run.tryExecutor.length))) {
    const known = jobs.get(run.names.at(name));
    if (!known && !ofAll) continue;
    fits.set(
      name,
      table(run.blockIds, "", (id) => {
        const job = known?.get(id) ?? ofAll?.get(id);
        return job !== undefined && holds(job);
      }),
    );
  }
  return (attempt) => {
    const blocks = fits.get(run.tryExecutor.data[attempt]);
    return blocks !== undefined && blocks[run.tryBlock.data[attempt] + 1] === 1;
  };
}

function holding({ text, whole }: SearchTerm): (name: string) => boolean {
  return whole
    ? (name) => name.toLowerCase() === text
    : (name) => name.toLowerCase().includes(text);
}

/** Whether names hold a word whose digits at either end are not a part of a longer number. */
function holdingNumber({ text, whole }: SearchTerm): (name: string) => boolean {
  if (whole) return (name) => name.toLowerCase() === text;
  const begins = isDigit(text, 0);
  const ends = isDigit(text, text.length - 1);
  return (name) => {
    const lower = name.toLowerCase();
    for (let at = lower.indexOf(text); at >= 0; at = lower.indexOf(text, at + 1)) {
      if (begins && isDigit(lower, at - 1)) continue;
      if (!ends || !isDigit(lower, at + text.length)) return true;
    }
    return false;
  };
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}

function byIndex(column: { data: ArrayLike<number> }, fits: Uint8Array): Test {
  return (index) => fits[column.data[index] + 1] === 1;
}

/** 1 where a text fits, by index + 1; the first is for those without. */
function table(
  strings: Pick<Strings, "list">,
  none: string,
  fits: (text: string) => boolean,
): Uint8Array {
  return Uint8Array.from([none, ...strings.list], (text) => fits(text) ? 1 : 0);
}

/** Digits as the number they make, and 10 to the power of how many there are and of one less. */
interface Digits {
  value: number;
  scale: number;
  least: number;
}

function digitsOf(text: string): Digits {
  return { value: Number(text), scale: 10 ** text.length, least: 10 ** (text.length - 1) };
}

/** Whether the digits of an id hold those of a word, in a row. */
function hasDigits(id: number, { value, scale, least }: Digits): boolean {
  for (let rest = id; rest >= least; rest = (rest / 10) | 0) {
    if (rest % scale === value) return true;
  }
  return id === 0 && least === 1 && value === 0;
}
