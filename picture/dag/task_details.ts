import type { DagApi, RelatedAnswer, TaskAnswer, WaitingAnswer } from "./api.ts";
import type { Link, LinkPlace } from "./draw/links.ts";
import { ALL, type Lit } from "./draw/frame.ts";
import { readRuns, type Runs, runsOf } from "../../model/dag/places.ts";
import type { DagView } from "../../model/dag/view.ts";

/** What is known about the task that is pointed at. */
export interface Study {
  task: TaskAnswer;
  related: RelatedAnswer | undefined;
  /** Only of tasks that have not ended. */
  waiting: WaitingAnswer | undefined;
}

/** How long a pointer rests before a task's ancestors are asked for, in ms. */
const REST_MS = 110;

/** Asks about the task that is pointed at, the newest only. */
export class TaskStudy {
  readonly #api: DagApi;
  readonly #say: (study: Study | undefined) => void;
  #asked: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #place: { group: string; index: number } | { task: number } | undefined;

  /** @param say called with what is known as answers come; undefined when nothing is pointed at */
  constructor(api: DagApi, say: (study: Study | undefined) => void) {
    this.#api = api;
    this.#say = say;
  }

  /** Begins to ask about another task, or about none. */
  async of(place: { group: string; index: number } | { task: number } | undefined): Promise<void> {
    this.#place = place;
    this.#say(undefined);
    await this.again();
  }

  /** Asks about the same task again, for there is news; what was said stands until the answer. */
  async again(): Promise<void> {
    clearTimeout(this.#timer);
    this.#asked?.abort();
    const place = this.#place;
    if (!place) return;
    const asked = this.#asked = new AbortController();
    try {
      const task = await this.#api.task(place);
      if (asked.signal.aborted) return;
      const study: Study = { task, related: undefined, waiting: undefined };
      this.#say(study);
      this.#timer = setTimeout(() => this.#more(study, asked.signal), REST_MS);
    } catch {
      // The server is gone or the task is: nothing to say.
    }
  }

  async #more(study: Study, signal: AbortSignal): Promise<void> {
    const { taskId, ended } = study.task;
    const none = () => undefined;
    const [related, waiting] = await Promise.all([
      this.#api.related(taskId, signal).catch(none),
      ended === null ? this.#api.waiting(taskId, signal).catch(none) : undefined,
    ]);
    if (!signal.aborted) this.#say({ ...study, related, waiting });
  }
}

/** What to light for a task: its ancestors and descendants, and itself. */
export function litBy(view: DagView, self: LinkPlace, { task, related }: Study): Lit | undefined {
  if (view.kind === "tasks") return relatives(view, `t${task.taskId}`);
  if (!related) return undefined;
  const lit = new Map<string, Runs>();
  for (const [id, { cells }] of Object.entries(related.groups)) {
    lit.set(id, cells === undefined ? ALL : readRuns(cells));
  }
  const own = lit.get(self.group ?? "");
  if (self.group && own !== ALL && self.index >= 0) {
    lit.set(self.group, joined(own ?? [], self.index));
  }
  return lit;
}

function joined(runs: Runs, place: number): Runs {
  const at = runs.findIndex((value, i) => i % 2 === 0 && value > place);
  const next = at < 0 ? runs.length : at;
  return [...runs.slice(0, next), place, 1, ...runs.slice(next)];
}

/** A node of a view of tasks with all before and after it. */
export function relatives(view: DagView, id: string): Lit {
  const lit = new Map<string, Runs>([[id, ALL]]);
  const before = new Map<string, string[]>();
  const after = new Map<string, string[]>();
  const add = (map: Map<string, string[]>, key: string, value: string) => {
    const list = map.get(key);
    if (list) list.push(value);
    else map.set(key, [value]);
  };
  for (const { from, to } of view.edges) {
    add(before, to, from);
    add(after, from, to);
  }
  for (const near of [before, after]) {
    const queue = [id];
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      for (const other of near.get(next) ?? []) {
        if (lit.has(other)) continue;
        lit.set(other, ALL);
        queue.push(other);
      }
    }
  }
  return lit;
}

/** The direct dependencies of a task as lines. */
export function linksOf(self: LinkPlace, task: TaskAnswer): Link[] {
  return [
    ...task.dependencies.map((from) => ({ from, to: self })),
    ...task.dependents.map((to) => ({ from: self, to })),
  ];
}

/** Tasks by group as what stands out. */
export function litPlaces(places: readonly LinkPlace[]): Lit {
  const byGroup = new Map<string, number[]>();
  for (const { group, index } of places) {
    if (!group) continue;
    byGroup.set(group, [...byGroup.get(group) ?? [], index]);
  }
  return new Map([...byGroup].map(([id, list]) => [id, runsOf(list)]));
}
