import type { Strings } from "../run/columns.ts";
import { memo } from "../figures/memo.ts";
import type { Run } from "../run/run.ts";
import { scratch, select } from "../figures/select.ts";
import { matchingTasks, taskNamed } from "./search.ts";
import type { SortKey, TaskQuery } from "./query.ts";
import { runMs } from "../figures/try_times.ts";
import { NO_TEXTS, type Texts } from "./texts.ts";

/** One page of the tasks that a query asks for. */
export interface TaskPage {
  /** Tasks on all pages. */
  total: number;
  /** From 1; the last page when the query asks for one beyond it. */
  page: number;
  pages: number;
  /** Indexes of the page's tasks, in the query's order. */
  tasks: number[];
}

/** Indexes of the tasks that a query asks for, in its order, all pages. */
export function selectTasks(run: Run, query: TaskQuery, texts: Texts = NO_TEXTS): number[] {
  const found = foundTasks(run, query, texts);
  if (query.sort === "id") return query.descending ? [...found].reverse() : [...found];
  const keys = sortKeys(run, query, found);
  return Array.from(ranked(keys, found.length), (at) => found[at]);
}

/**
 * The page of tasks that a query asks for. Takes time in proportion to the number of tasks, for only
 * what is on the page is put in order, and none when the same was asked of this version of the run.
 */
export function taskPage(run: Run, query: TaskQuery, texts: Texts = NO_TEXTS): TaskPage {
  const pagesAsked = memo(run, "task pages", () => new Map<string, TaskPage>());
  const asked = JSON.stringify([query, texts.stamp]);
  let page = pagesAsked.get(asked);
  if (!page) {
    if (pagesAsked.size >= 100) pagesAsked.clear();
    pagesAsked.set(asked, page = findPage(run, query, texts));
  }
  return page;
}

/** The tasks found by their ids, but first the one whose id was searched for. */
function foundTasks(run: Run, query: TaskQuery, texts: Texts): Uint32Array {
  const found = matchingTasks(run, query, texts);
  if (query.sort !== "id" || query.descending) return found;
  const named = taskNamed(run, query.search);
  const at = named === undefined ? -1 : found.indexOf(named);
  if (at <= 0) return found;
  const out = found.slice();
  out.copyWithin(1, 0, at);
  out[0] = found[at];
  return out;
}

function findPage(run: Run, query: TaskQuery, texts: Texts): TaskPage {
  const found = foundTasks(run, query, texts);
  const total = found.length;
  const pages = Math.max(1, Math.ceil(total / query.perPage));
  const page = Math.min(query.page, pages);
  const from = (page - 1) * query.perPage;
  const to = Math.min(total, from + query.perPage);
  const at = query.sort === "id"
    ? Array.from(
      { length: to - from },
      (_, i) => query.descending ? total - 1 - from - i : from + i,
    )
    : between(sortKeys(run, query, found), total, from, to);
  return { total, page, pages, tasks: at.map((i) => found[i]) };
}

/** Sort keys of some tasks, least first, in shared room that holds as much again; NaN is unknown. */
function sortKeys(run: Run, query: TaskQuery, tasks: Uint32Array): Float64Array {
  const keys = scratch(2 * tasks.length);
  fillKeys(run, query.sort, tasks, keys);
  if (query.descending) { for (let i = 0; i < tasks.length; i++) keys[i] = -keys[i]; }
  return keys;
}

function fillKeys(run: Run, sort: SortKey, tasks: Uint32Array, keys: Float64Array): void {
  const newest = run.taskLastTry.data;
  const fill = (column: ArrayLike<number>) => {
    for (let i = 0; i < tasks.length; i++) keys[i] = column[tasks[i]];
  };
  switch (sort) {
    case "id":
      return fill(run.taskId.data);
    case "state":
      return fill(run.taskState.data);
    case "tries":
      return fill(run.taskTries.data);
    case "depends":
      return fill(run.depCount.data);
    case "invoked":
      return fill(run.taskInvoked.data);
    case "returned":
      return fill(run.taskReturned.data);
    case "app": {
      const ranks = ranksOf(run.apps);
      for (let i = 0; i < tasks.length; i++) keys[i] = ranks[run.taskApp.data[tasks[i]] + 1];
      return;
    }
    case "host":
    case "executor": {
      const ranks = ranksOf(run.names);
      const { data } = sort === "host" ? run.tryHost : run.tryExecutor;
      for (let i = 0; i < tasks.length; i++) {
        const attempt = newest[tasks[i]];
        keys[i] = attempt < 0 ? NaN : ranks[data[attempt] + 1];
      }
      return;
    }
    case "ran":
      for (let i = 0; i < tasks.length; i++) {
        const attempt = newest[tasks[i]];
        keys[i] = attempt < 0 ? NaN : runMs(run, attempt);
      }
      return;
    case "memory": {
      const peaks = run.samples.tryPeak.data;
      for (let i = 0; i < tasks.length; i++) {
        let peak = NaN;
        for (let t = newest[tasks[i]]; t >= 0; t = run.tryPrev.data[t]) {
          const value = peaks[t];
          if (value === value && !(peak >= value)) peak = value;
        }
        keys[i] = peak;
      }
    }
  }
}

/** The place of each text in their alphabetic order, by index + 1; NaN for none. */
function ranksOf(strings: Strings): Float64Array {
  const order = strings.list.map((_, index) => index)
    .sort((a, b) => (strings.list[a] < strings.list[b] ? -1 : 1));
  const ranks = new Float64Array(order.length + 1).fill(NaN);
  order.forEach((index, rank) => ranks[index + 1] = rank);
  return ranks;
}

/**
 * The places of the keys that sorting would put from `from` until before `to`: ties as they were,
 * NaN last. Uses keys[count .. 2 * count) as room.
 */
function between(keys: Float64Array, count: number, from: number, to: number): number[] {
  let known = 0;
  for (let i = 0; i < count; i++) if (keys[i] === keys[i]) keys[count + known++] = keys[i];
  const last = Math.min(to, known);
  const out: number[] = [];
  if (from < last) {
    const low = select(keys, count, count + known, count + from);
    const high = select(keys, count + from, count + known, count + last - 1);
    let ofLow = 0;
    let ofHigh = 0;
    for (let i = 0; i < count; i++) {
      if (keys[i] < low) ofLow++;
      if (keys[i] < high) ofHigh++;
    }
    for (let i = 0; i < count; i++) {
      const key = keys[i];
      if (!(key >= low && key <= high)) continue;
      const place = key === low ? ofLow++ : key === high ? ofHigh++ : from;
      if (place >= from && place < last) out.push(i);
    }
    out.sort((a, b) => keys[a] - keys[b] || a - b);
  }
  let place = known;
  for (let i = 0; i < count && place < to; i++) {
    if (keys[i] === keys[i]) continue;
    if (place >= from) out.push(i);
    place++;
  }
  return out;
}

/** The places of all keys in their order: ties as they were, NaN last. */
function ranked(keys: Float64Array, count: number): Uint32Array {
  let known = 0;
  for (let i = 0; i < count; i++) if (keys[i] === keys[i]) keys[count + known++] = keys[i];
  const sorted = keys.subarray(count, count + known).sort();
  const equal = new Uint32Array(count);
  const out = new Uint32Array(count);
  let unknown = known;
  for (let i = 0; i < count; i++) {
    const key = keys[i];
    if (key !== key) {
      out[unknown++] = i;
      continue;
    }
    let low = 0;
    let high = known;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle] < key) low = middle + 1;
      else high = middle;
    }
    out[low + equal[low]++] = i;
  }
  return out;
}
