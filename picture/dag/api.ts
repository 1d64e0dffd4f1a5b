import type { CriticalPath } from "../../model/dag/critical_path.ts";
import type { DagColour, DagEdge, DagView } from "../../model/dag/view.ts";
import type { DagNodes } from "../../model/dag/nodes.ts";
import type { DagTaskAnswer, FoundTasks, PlacedTask } from "../../model/dag/task.ts";
import type { Waiting } from "../../model/dag/waiting.ts";
import type { Relatives } from "../../model/dag/relatives.ts";
import { host } from "../../host/host.ts";

/** A task by its id and its place in its group, which is "" as long as it is in none. */
export type TaskPlace = PlacedTask;
export type TaskAnswer = DagTaskAnswer;

/** The ancestors and descendants of a task, `cells` as {@link readRuns} reads them. */
export type RelatedAnswer = Relatives;
export type FoundAnswer = FoundTasks;
/** The steps that determined the makespan, durations in ms. */
export type CriticalAnswer = CriticalPath;
export type PathStep = CriticalPath["steps"][number];
export type WaitingAnswer = Waiting;

/** The inside of a group, and the edges between its parts and other groups of the graph. */
export interface OpenAnswer extends DagView {
  outer: DagEdge[];
}

/** The bytes of a group's tasks and the version of the run that they are of. */
export interface GroupBytes {
  bytes: Uint8Array;
  version: number;
}

/** What was asked about is not there any more, or not yet: the page shows the run as it was. */
export class Changed extends Error {
  override name = "Changed";
}

/** How many answers about tasks are remembered; the oldest go first. */
const MOST_REMEMBERED = 2000;

/**
 * What the server knows about the tasks of one run. Every call rejects when it does not answer, and
 * with {@link Changed} when the run has gone on from what was asked about. The places of tasks in
 * answers are in the graph as {@link DagApi.show} said that it is drawn.
 */
export class DagApi {
  readonly #run: string;
  #shown: [string, string][] = [];
  #structure = 0;
  readonly #tasks = new Map<string, Promise<TaskAnswer>>();

  constructor(runId: string) {
    this.#run = runId;
  }

  /**
   * Says how the graph is drawn from now on: of what, in which structure, and which of its groups are
   * open.
   */
  show(nodes: DagNodes, structure: number, opened: readonly string[]): void {
    const before = String(this.#shown);
    this.#structure = structure;
    this.#shown = [["nodes", nodes], ...opened.map((id): [string, string] => ["opened", id])];
    if (String(this.#shown) !== before) this.forget();
  }

  /** The bytes of a group's tasks, or of `ALL_TASKS`, in the order of their ids. */
  async cells(group: string, by: DagColour, signal?: AbortSignal): Promise<GroupBytes> {
    const response = await this.#fetch("cells", { group, by }, signal);
    return {
      bytes: new Uint8Array(await response.arrayBuffer()),
      version: Number(response.headers.get("x-version") ?? 0),
    };
  }

  /** A task by its place in a group or by its id, remembered until {@link DagApi.forget}. */
  task(of: { group: string; index: number } | { task: number }): Promise<TaskAnswer> {
    const key = "task" in of ? `t${of.task}` : `${of.group} ${of.index}`;
    const known = this.#tasks.get(key);
    if (known) return known;
    if (this.#tasks.size > MOST_REMEMBERED) this.#tasks.clear();
    const asked = this.#json<TaskAnswer>("task", of);
    asked.catch(() => this.#tasks.delete(key));
    this.#tasks.set(key, asked);
    return asked;
  }

  /** Forgets the tasks asked for: the run has changed. */
  forget(): void {
    this.#tasks.clear();
  }

  related(task: number, signal?: AbortSignal): Promise<RelatedAnswer> {
    return this.#json("related", { task }, signal);
  }

  find(q: string, signal?: AbortSignal): Promise<FoundAnswer> {
    return this.#json("find", { q }, signal);
  }

  critical(): Promise<CriticalAnswer> {
    return this.#json("critical", {});
  }

  waiting(task: number, signal?: AbortSignal): Promise<WaitingAnswer> {
    return this.#json("waiting", { task }, signal);
  }

  open(group: string): Promise<OpenAnswer> {
    return this.#json("open", { group });
  }

  async #json<Answer>(name: string, query: object, signal?: AbortSignal): Promise<Answer> {
    return await (await this.#fetch(name, query, signal)).json() as Answer;
  }

  async #fetch(name: string, query: object, signal?: AbortSignal): Promise<Response> {
    const params = new URLSearchParams([["run", this.#run], ...this.#shown]);
    params.set("structure", String(this.#structure));
    for (const [key, value] of Object.entries(query)) params.set(key, String(value));
    const response = await host.request(`/api/dag/${name}?${params}`, { signal });
    if (!response.ok) throw new Error(`${name}: ${response.status} ${await response.text()}`);
    if (response.headers.has("x-changed")) throw new Changed(`${name}: the run has gone on`);
    return response;
  }
}
