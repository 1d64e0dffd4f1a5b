/**
 * What changed between two JSON values, as a small JSON value that makes the second of the first.
 *
 * Members that did not change are not named; lists of numbers are sent as the spans that changed,
 * or by their ends when they are evenly spaced; lists of objects as the items that changed, told
 * apart by their first member (a task's id, an app's name) when it is unique, else by position.
 */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/**
 * `[0, value]` replaces; `[1, members, gone]` changes an object's members; `[2, length, [at, values,
 * …]]` overwrites spans of a list; `[3, [from, count, …], items]` puts a list together from runs of
 * the old one (`from` -1: new ones) and changes items by their new index; `[4, first, last, length]`
 * is a list of evenly spaced numbers.
 */
export type Patch =
  | [0, Json]
  | [1, Record<string, Patch>, string[]?]
  | [2, number, (number | Json[])[]]
  | [3, number[], Record<string, Patch>]
  | [4, number, number, number];

type JsonObject = { [key: string]: Json };

/** Unchanged values between two changed ones that are sent along rather than begin a new span. */
const BRIDGE = 3;
/** Lists of numbers that are shorter are sent as they are. */
const FEW = 4;

/** The patch from one value to another; null when they are equal. Both are plain JSON. */
export function diff(from: unknown, to: unknown): Patch | null {
  return difference(from as Json, to as Json);
}

/** The value that a patch makes of another, which stays as it was; unchanged parts are shared. */
export function patch(from: unknown, change: Patch): unknown {
  return applied(from as Json, change);
}

function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function difference(from: Json, to: Json): Patch | null {
  if (from === to || Object.is(from, to)) return null;
  if (Array.isArray(from) && Array.isArray(to)) return ofLists(from, to);
  if (isObject(from) && isObject(to)) return ofObjects(from, to);
  return [0, to];
}

function ofObjects(from: JsonObject, to: JsonObject): Patch | null {
  const members: [string, Patch][] = [];
  for (const [key, value] of Object.entries(to)) {
    if (value === undefined) continue;
    const known = Object.hasOwn(from, key) && from[key] !== undefined;
    const change: Patch | null = known ? difference(from[key], value) : [0, value];
    if (change) members.push([key, change]);
  }
  const gone = Object.keys(from).filter((key) =>
    from[key] !== undefined && (!Object.hasOwn(to, key) || to[key] === undefined)
  );
  if (members.length === 0 && gone.length === 0) return null;
  // Not by assignment: a member may be called __proto__.
  const named = Object.fromEntries(members);
  return gone.length > 0 ? [1, named, gone] : [1, named];
}

function ofLists(from: Json[], to: Json[]): Patch | null {
  if (to.length === 0) return from.length === 0 ? null : [0, to];
  if (to.some((item) => typeof item === "object" && item !== null)) return ofItems(from, to);
  const spans = changedSpans(from, to);
  if (spans.length === 0 && from.length === to.length) return null;
  const even = evenlySpaced(to);
  if (even) return even;
  const sent = spans.reduce<number>((sum, s) => sum + (Array.isArray(s) ? s.length : 1), 0);
  return sent < to.length ? [2, to.length, spans] : [0, to];
}

/** Where a list differs from another, and with what. */
function changedSpans(from: Json[], to: Json[]): (number | Json[])[] {
  const spans: (number | Json[])[] = [];
  let begin = -1;
  let end = -1;
  const close = () => {
    if (begin >= 0) spans.push(begin, to.slice(begin, end));
  };
  for (let i = 0; i < to.length; i++) {
    if (i < from.length && (from[i] === to[i] || Object.is(from[i], to[i]))) continue;
    if (begin < 0 || i - end > BRIDGE) {
      close();
      begin = i;
    }
    end = i + 1;
  }
  close();
  return spans;
}

function spread(first: number, last: number, length: number): number[] {
  return Array.from({ length }, (_, i) => first + (last - first) * (i / (length - 1)));
}

/** The list by its ends, when that gives every number to the last bit. */
function evenlySpaced(list: Json[]): Patch | null {
  const first = list[0];
  const last = list[list.length - 1];
  if (list.length < FEW || typeof first !== "number" || typeof last !== "number") return null;
  const made = spread(first, last, list.length);
  return made.every((value, i) => value === list[i]) ? [4, first, last, list.length] : null;
}

function ofItems(from: Json[], to: Json[]): Patch | null {
  const key = keyOf(from, to);
  const places = key === null
    ? null
    : new Map(from.map((item, index) => [(item as JsonObject)[key], index]));
  const runs: number[] = [];
  const changes: [string, Patch][] = [];
  to.forEach((item, index) => {
    const place = places && key !== null
      ? places.get((item as JsonObject)[key]) ?? -1
      : index < from.length
      ? index
      : -1;
    const change: Patch | null = place < 0 ? [0, item] : difference(from[place], item);
    if (change) changes.push([String(index), change]);
    const last = runs.length - 2;
    const next = last >= 0 && (runs[last] < 0 ? -1 : runs[last] + runs[last + 1]);
    if (last >= 0 && next === place) runs[last + 1]++;
    else runs.push(place, 1);
  });
  const same = runs.length === 2 && runs[0] === 0 && runs[1] === from.length;
  if (same && changes.length === 0) return null;
  return [3, runs, Object.fromEntries(changes)];
}

/** The member that tells the items of both lists apart: the first one, if it is unique. */
function keyOf(from: Json[], to: Json[]): string | null {
  const sample = to[0];
  if (!isObject(sample)) return null;
  const key = Object.keys(sample)[0];
  if (key === undefined) return null;
  for (const list of [from, to]) {
    const seen = new Set<Json>();
    for (const item of list) {
      if (!isObject(item) || !Object.hasOwn(item, key)) return null;
      const value = item[key];
      if (typeof value !== "string" && typeof value !== "number") return null;
      if (seen.has(value)) return null;
      seen.add(value);
    }
  }
  return key;
}

function applied(from: Json, change: Patch): Json {
  switch (change[0]) {
    case 0:
      return change[1];
    case 1: {
      const old = from as JsonObject;
      const members = new Map(Object.entries(old));
      for (const key of change[2] ?? []) members.delete(key);
      for (const [key, of] of Object.entries(change[1])) {
        members.set(key, applied(Object.hasOwn(old, key) ? old[key] : null, of));
      }
      return Object.fromEntries(members);
    }
    case 2: {
      const list = (from as Json[]).slice(0, change[1]);
      for (let i = 0; i < change[2].length; i += 2) {
        const at = change[2][i] as number;
        (change[2][i + 1] as Json[]).forEach((value, offset) => list[at + offset] = value);
      }
      return list;
    }
    case 3: {
      const old = from as Json[];
      const list: Json[] = [];
      for (let i = 0; i < change[1].length; i += 2) {
        const [place, count] = [change[1][i], change[1][i + 1]];
        for (let offset = 0; offset < count; offset++) {
          list.push(place < 0 ? null : old[place + offset]);
        }
      }
      for (const [index, of] of Object.entries(change[2])) {
        list[Number(index)] = applied(list[Number(index)], of);
      }
      return list;
    }
    case 4:
      return spread(change[1], change[2], change[3]);
    default:
      throw new TypeError(`a patch of no known kind: ${JSON.stringify(change satisfies never)}`);
  }
}
