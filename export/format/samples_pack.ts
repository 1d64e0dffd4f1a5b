/** Packs what samples told. */
import { type Level, LEVEL_NAMES } from "../../model/run/levels.ts";
import type { SampleState } from "../../model/run/sample_state.ts";
import type { TimelineState } from "../../model/run/step_line.ts";
import type { LineHeader, SamplesHeader } from "./header.ts";
import { packInts } from "./ints_pack.ts";
import type { PackContext } from "./pack_context.ts";
import { packReals } from "./reals_pack.ts";

/** Packs the figures of tries and the timelines, bit by bit as they are. */
export async function packSamples(
  state: SampleState,
  context: PackContext,
): Promise<Omit<SamplesHeader, "parts">> {
  const count = Int32Array.from(state.tryCount);
  const tries = count.length;
  const peaks: number[] = [];
  const below: number[] = [];
  const hasCpu = new Int32Array(tries);
  const cpu: number[] = [];
  await context.pace.blocks(tries, (from, to) => {
    for (let i = from; i < to; i++) {
      if (count[i] > 0) {
        peaks.push(state.tryPeak[i]);
        below.push(state.tryPeak[i] * count[i] - state.trySum[i]);
      }
      if (Number.isNaN(state.tryCpu[i])) continue;
      hasCpu[i] = 1;
      cpu.push(state.tryCpu[i]);
    }
  });
  const ints = (list: ArrayLike<number>, name: string) =>
    packInts(Int32Array.from(list), `samples.${name}`, context);
  const reals = (list: ArrayLike<number>, name: string) =>
    packReals(Float64Array.from(list), `samples.${name}`, context);
  const line = async (
    { width, first, steps }: TimelineState,
    name: string,
  ): Promise<LineHeader> => ({
    width,
    first,
    n: steps.length,
    steps: await reals(steps, name),
  });
  const figures = {
    count: state.count,
    misplaced: state.misplaced,
    peak: Number.isNaN(state.peak) ? null : state.peak,
    gaps: state.gaps,
    base: state.base,
    first: state.first,
    last: state.last,
    tries,
    taskId: await ints(state.taskId, "task_id"),
    tryId: await ints(state.tryId, "try_id"),
    tryCount: await ints(count, "count"),
    tryPeak: await reals(peaks, "peak"),
    tryBelow: await reals(below, "below"),
    hasCpu: await ints(hasCpu, "has_cpu"),
    tryCpu: await reals(cpu, "cpu"),
  };
  const levels: Partial<Record<Level, LineHeader>> = {};
  for (const level of LEVEL_NAMES) levels[level] = await line(state[level], level);
  return {
    ...figures,
    ...levels,
    rate: await line(state.rate, "rate"),
    moment: await line(state.moment, "moment"),
  };
}
