/**
 * Tries of tasks in files that do not number them. Until 2020 Parsl had no table `try`: where a task
 * ran last and why it failed stood in table `task`, and statuses and samples did not say of which try
 * they are.
 */
import type { StatusRow, TryRow } from "../model/run/rows.ts";
import { isFailed, isFinal, stateRank } from "../parsl/states.ts";

const PENDING = stateRank("pending");
const LAUNCHED = stateRank("launched");
const RUNNING = stateRank("running");
/** More failures than this are not believed. */
const MOST_FAILURES = 1000;

/** What table `task` says of a task's tries. Times naive ms; null is unknown. */
export interface OldTask {
  taskId: number;
  failCount: number | null;
  executor: string | null;
  /** Of the last try that started, as `running`. */
  hostname: string | null;
  launched: number | null;
  running: number | null;
  /** When the task was over. */
  returned: number | null;
  /** The reasons of all tries that failed, joined by commas. */
  failHistory: string | null;
}

/** A status of such a file; since 0.9.0 that of a start says on which host. */
export interface OldStatus extends StatusRow {
  hostname: string | null;
}

/** The tries of one task. */
export interface OldTries {
  tries: TryRow[];
  /** When the task was first pending, naive ms; null when no status tells. */
  pending: number | null;
  /** The number of the try that a status of the task is of. */
  numberOf(status: StatusRow): number;
  /** The number of the try that went on at a time. */
  numberAt(time: number): number;
}

/**
 * Tells the tries of one task apart. Each launch begins one, and what comes after it is of it. A task
 * that failed more often than it was launched, for launches get lost, had its launches last.
 *
 * @param task null when table `task` has no row of it, or says nothing of tries
 * @param statuses all that the file has of the task
 */
export function oldTries(
  taskId: number,
  task: OldTask | null,
  statuses: readonly OldStatus[],
): OldTries {
  const launches = statuses.filter(({ state }) => stateRank(state) === LAUNCHED)
    .map(({ time }) => time).sort((a, b) => a - b);
  const fails = failuresOf(task);
  const last = statuses.find(({ state }) => isFinal(state));
  const over = last ? isFailed(last.state) : task !== null && task.returned !== null;
  const count = Math.max(1, launches.length, over ? fails : fails + 1);
  const lost = count - Math.max(1, launches.length);
  const begun = (time: number) => launches.filter((launch) => launch <= time).length;
  const before = (time: number) => launches.filter((launch) => launch < time).length;
  const numberAt = (time: number) => lost + Math.max(0, begun(time) - 1);
  const numberOf = ({ state, time }: StatusRow) => {
    const rank = stateRank(state);
    if (isFinal(state)) return count - 1;
    // To be pending again is the beginning of the next try.
    if (rank <= LAUNCHED) return Math.min(count - 1, lost + before(time));
    return numberAt(time);
  };
  const pending = statuses.filter(({ state }) => stateRank(state) === PENDING)
    .reduce((least, { time }) => Math.min(least, time), Infinity);
  return {
    tries: triesOf(taskId, task, statuses, { count, lost, numberOf }),
    pending: pending === Infinity ? null : pending,
    numberOf,
    numberAt,
  };
}

/** How many tries there were, of how many no launch is known, and of which a status is. */
interface Numbers {
  count: number;
  lost: number;
  numberOf: (status: StatusRow) => number;
}

function failuresOf(task: OldTask | null): number {
  const fails = task?.failCount ?? 0;
  return fails > MOST_FAILURES ? 0 : fails;
}

function triesOf(
  taskId: number,
  task: OldTask | null,
  statuses: readonly OldStatus[],
  { count, lost, numberOf }: Numbers,
): TryRow[] {
  if (task === null) return [];
  const tries = Array.from({ length: count }, (_, tryId): TryRow => ({
    taskId,
    tryId,
    blockId: null,
    hostname: null,
    executor: task.executor,
    launched: null,
    running: null,
    returned: null,
    failHistory: null,
    joins: null,
  }));
  for (const status of statuses) {
    const number = numberOf(status);
    const own = tries[number];
    const rank = stateRank(status.state);
    if (rank === LAUNCHED) own.launched = status.time;
    else if (rank === RUNNING) {
      own.running = Math.min(own.running ?? Infinity, status.time);
      own.hostname = status.hostname ?? own.hostname;
    } else if (rank === PENDING && number > lost) {
      const ended = tries[number - 1];
      ended.returned = Math.min(ended.returned ?? Infinity, status.time);
    }
  }
  addLast(tries, task);
  reasonsOf(task).forEach((reason, number) => tries[number].failHistory = reason);
  return tries;
}

/** What table `task` says of the last try that started, which most often is the last of all. */
function addLast(tries: TryRow[], task: OldTask): void {
  const last = tries[tries.length - 1];
  const started = tries.find(({ running }) => running !== null && running === task.running) ??
    tries.findLast(({ running }) => running !== null) ?? last;
  started.hostname ??= task.hostname;
  if (started.running === null) started.running = task.running;
  last.returned ??= task.returned;
  if (tries.every(({ launched }) => launched === null)) last.launched = task.launched;
}

/** Why each of the tries that failed did. */
function reasonsOf(task: OldTask): string[] {
  const fails = failuresOf(task);
  const history = task.failHistory;
  if (!history) return [];
  const parts = fails > 1 ? partsOf(history) : [history];
  // Where commas of the reasons themselves are in the way, each try has all of the text.
  return parts.length === fails ? parts : new Array<string>(Math.max(1, fails)).fill(history);
}

/** The parts of a text between its commas, those within brackets and quotes left out. */
function partsOf(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quote = "";
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (quote !== "") {
      if (char === "\\") i++;
      else if (char === quote) quote = "";
    } else if (depth > 0 && (char === "'" || char === '"')) quote = char;
    else if ("([{".includes(char)) depth++;
    else if (")]}".includes(char)) depth--;
    else if (char === "," && depth === 0) {
      parts.push(text.slice(from, i));
      from = i + 1;
    }
  }
  parts.push(text.slice(from));
  return parts;
}
