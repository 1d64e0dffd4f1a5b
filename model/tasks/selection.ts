import { memo } from "../figures/memo.ts";
import type { Run } from "../run/run.ts";
import { scratch, select } from "../figures/select.ts";
import { matchingTasks, taskNamed } from "./search.ts";
import { orderOf } from "./columns.ts";
import type { TaskQuery } from "./query.ts";
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
  orderOf(run, query.sort)(tasks, keys);
  if (query.descending) { for (let i = 0; i < tasks.length; i++) keys[i] = -keys[i]; }
  return keys;
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
