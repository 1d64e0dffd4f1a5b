/** What psutil would have said of the tries of a run. */
import { Floats, Ints } from "../../model/run/columns.ts";
import type { WrittenCell } from "../../store/writer.ts";
import { mix, noise } from "./random.ts";
import { type Schedule, STEP } from "./schedule.ts";
import { SECOND } from "./time.ts";

/** Seconds between samples: Parsl's default. */
const INTERVAL_S = 30;
const MIB = 1_048_576;

/** When which tries were sampled; tries of threads and of join apps are not. */
export class Samples {
  readonly attempt = new Ints();
  readonly time = new Floats();

  constructor(schedule: Schedule) {
    const { steps } = schedule;
    for (let attempt = 0; attempt < schedule.tries; attempt++) {
      const manager = schedule.managerOf(attempt);
      if (manager === null) continue;
      const from = steps[STEP.running].data[attempt];
      const ended = steps[STEP.ended].data[attempt];
      const to = Number.isNaN(ended) ? manager.lost : ended;
      const first = from + 90_000 + Math.floor(noise(attempt, 1) * 120_000);
      const last = to - Math.min(20_000, Math.floor((to - from) / 3));
      for (
        let time = first, n = 0;
        time < last;
        time = first + ++n * (INTERVAL_S * SECOND + 3_000)
      ) {
        this.#add(attempt, time);
      }
      if (!Number.isNaN(ended)) this.#add(attempt, last);
    }
  }

  #add(attempt: number, time: number): void {
    this.attempt.push(attempt);
    this.time.push(time);
  }
}

/** The cells of a sample after `timestamp`, in the order of Parsl's columns. */
export function measurements(
  schedule: Schedule,
  attempt: number,
  time: number,
  seed: number,
): WrittenCell[] {
  const worker = schedule.tryWorker.data[attempt];
  const app = schedule.plan.appOf(schedule.taskPlan.data[schedule.tryTask.data[attempt]]);
  const manager = schedule.managerOf(attempt);
  const elapsed = (time - schedule.steps[STEP.running].data[attempt]) / SECOND;
  const cpu = schedule.tryCpu.data[attempt] + app.cores * elapsed;
  const size = 0.85 + 0.3 * noise(attempt, seed);
  const resident = 4096 * Math.round((app.memory + app.growth * elapsed / 60) * size * MIB / 4096);
  const random = mix(attempt, Math.floor(time / 1000));
  return [
    INTERVAL_S,
    schedule.workerPid.data[worker],
    100 * resident / (manager?.memory ?? 1),
    app.children,
    hundredths(0.88 * cpu),
    hundredths(0.12 * cpu),
    resident * 2 + 190 * MIB,
    resident,
    15_458_456 + Math.floor(cpu * 1_734_021),
    7400 + Math.floor(cpu * 92_113),
    random % 8 === 0 ? "running" : random % 97 === 1 ? "disk-sleep" : "sleeping",
    String((random >>> 8) % (manager?.cores ?? 1)),
    14 + Math.floor(cpu * 23),
    351 + Math.floor(cpu * 9),
  ];
}

function hundredths(seconds: number): number {
  return Math.round(seconds * 100) / 100;
}
