import type { Strings } from "./columns.ts";
import { tasksOfCause } from "./failures.ts";
import { memo } from "./memo.ts";
import { relatedMarks } from "./related_tasks.ts";
import type { Run } from "./run.ts";
import type { TaskQuery } from "./task_table.ts";

/** What a word of a search is looked for in: tables by index + 1, and the id when it is a number. */
interface Word {
  apps: Uint8Array;
  states: Uint8Array;
  names: Uint8Array;
  id: IdWord | null;
}

/** Digits as the number they make, and 10 to the power of how many there are and of one less. */
interface IdWord {
  value: number;
  scale: number;
  least: number;
}

/** What a query asks for of each task. */
type Filter =
  & Pick<TaskQuery, "state" | "app" | "search">
  & Partial<Pick<TaskQuery, "related" | "cause">>;

/**
 * Indexes of the tasks that a query asks for by state, app, words and connection, in the order of their ids.
 * The last answer for a version of the run is kept: nobody may change it.
 */
export function matchingTasks(run: Run, query: Filter): Uint32Array {
  const none: Uint32Array = new Uint32Array(0);
  const asked = JSON.stringify([query.state, query.app, query.search, query.related, query.cause]);
  const last = memo(run, "matching tasks", () => ({ asked: "", tasks: none }));
  if (last.asked !== asked) {
    last.tasks = ofCause(run, find(run, query), query.cause);
    last.asked = asked;
  }
  return last.tasks;
}

function ofCause(run: Run, tasks: Uint32Array, cause = ""): Uint32Array {
  if (cause === "") return tasks;
  const marks = tasksOfCause(run, cause);
  return marks ? tasks.filter((task) => marks[task] === 1) : tasks.subarray(0, 0);
}

function find(run: Run, query: Filter): Uint32Array {
  const out = inOrder(run);
  const words = query.search.toLowerCase().split(/\s+/).filter(Boolean)
    .map((word) => wordOf(run, word));
  // A form's empty field asks for all apps, unless there is one without a name.
  const app = query.app === "" && run.apps.find("") === undefined ? null : query.app;
  if (words.length === 0 && !query.state && app === null && !query.related) return out;
  const related = query.related ? relatedMarks(run, query.related) : null;
  const stateFits = table(run.states, "unknown", (name) => !query.state || name === query.state);
  const appFits = table(run.apps, "unknown", (name) => app === null || name === app);
  const states = run.taskState.data;
  const apps = run.taskApp.data;
  let found = 0;
  for (let i = 0; i < out.length; i++) {
    const task = out[i];
    if (related?.[task] === 0) continue;
    if (stateFits[states[task] + 1] === 0 || appFits[apps[task] + 1] === 0) continue;
    if (words.every((word) => hasWord(run, task, word))) out[found++] = task;
  }
  return out.slice(0, found);
}

function inOrder(run: Run): Uint32Array {
  if (!run.inOrder) return run.tasksById();
  const out = new Uint32Array(run.tasks);
  for (let task = 0; task < out.length; task++) out[task] = task;
  return out;
}

function hasWord(run: Run, task: number, word: Word): boolean {
  if (word.apps[run.taskApp.data[task] + 1] === 1) return true;
  if (word.states[run.taskState.data[task] + 1] === 1) return true;
  if (word.id !== null && hasDigits(run.taskId.data[task], word.id)) return true;
  const attempt = run.taskLastTry.data[task];
  return attempt >= 0 && (word.names[run.tryHost.data[attempt] + 1] === 1 ||
    word.names[run.tryExecutor.data[attempt] + 1] === 1);
}

function wordOf(run: Run, word: string): Word {
  const holds = (name: string) => name.toLowerCase().includes(word);
  return {
    apps: table(run.apps, "unknown", holds),
    states: table(run.states, "unknown", holds),
    names: table(run.names, "", holds),
    id: /^\d{1,10}$/.test(word)
      ? { value: Number(word), scale: 10 ** word.length, least: 10 ** (word.length - 1) }
      : null,
  };
}

/** 1 where a text fits, by index + 1; the first is for those without. */
function table(strings: Strings, none: string, fits: (text: string) => boolean): Uint8Array {
  return Uint8Array.from([none, ...strings.list], (text) => fits(text) ? 1 : 0);
}

/** Whether the digits of an id hold those of a word, in a row. */
function hasDigits(id: number, { value, scale, least }: IdWord): boolean {
  for (let rest = id; rest >= least; rest = (rest / 10) | 0) {
    if (rest % scale === value) return true;
  }
  return id === 0 && least === 1 && value === 0;
}
