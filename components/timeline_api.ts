import { type Bar, type BarWindow, readBars } from "../model/lane_bars.ts";
import type { LaneTry, TaskOnLanes } from "../model/lane_try.ts";
import { place } from "./place.ts";

/** What the server knows of one run's timeline. Every call rejects when it does not answer. */
export class TimelineApi {
  readonly #run: string;

  constructor(runId: string) {
    this.#run = runId;
  }

  /** The bars of a part of it. */
  async bars(window: BarWindow, signal?: AbortSignal): Promise<Bar[]> {
    const response = await this.#fetch("bars", { ...window }, signal);
    if (!response.ok) throw new Error(await response.text());
    return readBars(new Uint8Array(await response.arrayBuffer()));
  }

  /** The longest try of a lane between two instants, naive ms; undefined when there is none. */
  tryBetween(
    lane: number,
    from: number,
    to: number,
    signal?: AbortSignal,
  ): Promise<LaneTry | undefined> {
    return this.#json("try", { lane, from, to }, signal);
  }

  /** Where a task ran; undefined when it never did, or there is none. */
  task(task: number, signal?: AbortSignal): Promise<TaskOnLanes | undefined> {
    return this.#json("task", { task }, signal);
  }

  async #json<Answer>(
    name: string,
    query: Record<string, number>,
    signal?: AbortSignal,
  ): Promise<Answer | undefined> {
    const response = await this.#fetch(name, query, signal);
    if (response.status === 404) return undefined;
    if (!response.ok) throw new Error(await response.text());
    return await response.json() as Answer;
  }

  #fetch(name: string, query: Record<string, number>, signal?: AbortSignal): Promise<Response> {
    const params = new URLSearchParams({ run: this.#run });
    for (const [key, value] of Object.entries(query)) params.set(key, String(value));
    return place.request(`/api/timeline/${name}?${params}`, { signal });
  }
}
