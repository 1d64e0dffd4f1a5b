/** When messages of a run are in the database, and in which order. */
import { Order } from "./order.ts";
import { noise } from "./random.ts";
import type { Samples } from "./samples.ts";
import { type Schedule, STEP, STEPS } from "./schedule.ts";
import { SECOND } from "./time.ts";

/** Microseconds until a message of the submit process is in the database. */
const OWN_LAG_US = 1200;

/** Times are microseconds since the run began. */
export class Arrivals {
  /** What comes later is not in the database. */
  readonly cut: number;
  readonly #schedule: Schedule;
  readonly #seed: number;

  constructor(schedule: Schedule, seed: number, cut: number) {
    this.#schedule = schedule;
    this.#seed = seed;
    this.cut = cut;
  }

  /** When the message about a step of a try is in the database; NaN for a step never made. */
  ofStep(attempt: number, step: number): number {
    const time = this.#schedule.steps[step].data[attempt];
    if (step !== STEP.running && step !== STEP.ended) return time + OWN_LAG_US;
    const chance = noise(attempt * STEPS + step, this.#seed ^ 0x1a9);
    const slow = this.#schedule.managerOf(attempt) === null ? 5_000 : 250_000;
    return time + 200 + Math.min(3 * SECOND, Math.floor(-Math.log(1 - chance) * slow));
  }

  /** When the message about a new task is in the database. */
  ofTask(task: number): number {
    return this.#schedule.taskInvoked.data[task] + OWN_LAG_US;
  }

  /** Whether the database knows of a step of a try. */
  knows(attempt: number, step: number): boolean {
    return this.ofStep(attempt, step) <= this.cut;
  }

  /** Steps of tries, `attempt * STEPS + step`, in the order in which they come. */
  statuses(): Order {
    const { steps, tries } = this.#schedule;
    const order = new Order();
    for (let attempt = 0; attempt < tries; attempt++) {
      for (let step = 0; step < STEPS; step++) {
        if (Number.isNaN(steps[step].data[attempt])) continue;
        const arrival = this.ofStep(attempt, step);
        if (arrival <= this.cut) order.add(arrival, attempt * STEPS + step);
      }
    }
    order.sort();
    return order;
  }

  /** Samples in the order in which they come. */
  resources(samples: Samples): Order {
    const order = new Order();
    for (let n = 0; n < samples.time.length; n++) {
      const lag = Math.floor(noise(n, this.#seed ^ 0x4e5) * 300_000);
      const arrival = samples.time.data[n] + lag;
      if (arrival <= this.cut) order.add(arrival, n);
    }
    order.sort();
    return order;
  }
}
