import { type Bar, type BarWindow, readBars } from "../../model/timeline/bars.ts";
import type { LaneTry, TaskOnLanes } from "../../model/timeline/try.ts";
import { host } from "../../host/host.ts";

/** What the server knows of one run's timeline. Every call rejects when it does not answer. */
export class TimelineApi {
  readonly #run: string;

  constructor(runId: string) {
    this.#run = runId;
  }

  /** The bars of a part of it. */
  async bars(window: BarWindow, signal?: AbortSignal): Promise<Bar[]> {
    const response = await this.#fetch("bars", { ...window }, signal);
    return readBars(new Uint8Array(await response.arrayBuffer()));
  }

  /** The longest try of a lane between two instants, naive ms; null when there is none. */
  tryBetween(lane: number, from: number, to: number): Promise<LaneTry | null> {
    return this.#find("try", { lane, from, to });
  }

  /** Where a task ran; null when it never did, or there is none. */
  task(task: number): Promise<TaskOnLanes | null> {
    return this.#find("task", { task });
  }

  async #find<Found>(name: string, query: Record<string, number>): Promise<Found | null> {
    const { found } = await (await this.#fetch(name, query)).json() as { found: Found | null };
    return found;
  }

  async #fetch(
    name: string,
    query: Record<string, number>,
    signal?: AbortSignal,
  ): Promise<Response> {
    const params = new URLSearchParams({ run: this.#run });
    for (const [key, value] of Object.entries(query)) params.set(key, String(value));
    const response = await host.request(`/api/timeline/${name}?${params}`, { signal });
    if (!response.ok) throw new Error(`${name}: ${response.status} ${await response.text()}`);
    return response;
  }
}
