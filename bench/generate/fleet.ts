/** The workers of a run: threads that are always there, and blocks of managers that come and go. */
import { Floats, Ints } from "../../model/run/columns.ts";
import { EXECUTORS } from "./apps.ts";
import type { Agenda } from "./agenda.ts";
import { Queue } from "./queue.ts";
import type { Random } from "./random.ts";
import type { Block, Schedule } from "./schedule.ts";
import { SECOND } from "./time.ts";

export const HEARTBEAT = 30 * SECOND;
/** Silence after which a manager is given up, as in Parsl. */
const THRESHOLD = 120 * SECOND;

/** One of this many managers goes silent. */
const LOST_EVERY = 12;

/** Kinds of agenda entries that the fleet takes care of. */
export const FLEET = { request: 10, start: 11, register: 12, drain: 13, lose: 14, notice: 15 };

interface Pilot {
  executor: number;
  block: Block;
  /** Managers of the block that are not gone, or not there yet. */
  remaining: number;
  lost: number;
}

interface Site {
  executor: number;
  nodes: number;
  nodesPerBlock: number;
  workers: number;
  submitted: number;
}

const WAITING = 0;
const ACTIVE = 1;
const DRAINING = 2;
const GONE = 3;

export class Fleet {
  /** Idle workers by executor; some may belong to managers that went away. */
  readonly #idle = EXECUTORS.map(() => new Queue());
  readonly workerTry = new Ints();
  readonly workerCpu = new Floats();
  readonly #sites: Site[] = [];
  readonly #pilots: Pilot[] = [];
  readonly #pilotOf: number[] = [];
  readonly #state: number[] = [];
  readonly #busy: number[] = [];
  readonly #firstWorker: number[] = [];
  readonly #schedule: Schedule;
  readonly #agenda: Agenda;
  readonly #random: Random;
  readonly #length: number;

  /**
   * @param needed workers by executor
   * @param length about how long the run will take
   */
  constructor(
    schedule: Schedule,
    agenda: Agenda,
    random: Random,
    needed: readonly number[],
    length: number,
  ) {
    this.#schedule = schedule;
    this.#agenda = agenda;
    this.#random = random;
    this.#length = length;
    const submitPid = random.between(3000, 30_000);
    needed.forEach((workers, executor) => {
      if (workers === 0) return;
      if (EXECUTORS[executor].startsWith("htex")) {
        this.#addSite(executor, workers);
      } else {
        for (let n = 0; n < workers; n++) this.#idle[executor].push(this.#addWorker(-1, submitPid));
      }
    });
  }

  /** An idle worker of an executor, or -1. */
  take(executor: number): number {
    const idle = this.#idle[executor];
    while (idle.size > 0) {
      const worker = idle.shift();
      const manager = this.#schedule.workerManager.data[worker];
      if (manager < 0) return worker;
      if (this.#state[manager] !== ACTIVE) continue;
      this.#busy[manager]++;
      return worker;
    }
    return -1;
  }

  /** A worker is done with its try. */
  free(executor: number, worker: number, time: number): void {
    this.workerTry.data[worker] = -1;
    const manager = this.#schedule.workerManager.data[worker];
    if (manager >= 0) {
      this.#busy[manager]--;
      if (this.#state[manager] === DRAINING && this.#busy[manager] === 0) {
        this.#leave(manager, time);
      }
      if (this.#state[manager] !== ACTIVE) return;
    }
    this.#idle[executor].push(worker);
  }

  /** Whether a worker fell silent with its manager. */
  isLost(worker: number, time: number): boolean {
    const manager = this.#schedule.workerManager.data[worker];
    return manager >= 0 && this.#schedule.managers[manager].lost <= time;
  }

  /**
   * Does what the agenda has for the fleet.
   *
   * @returns the executor that has new workers, or the tries that were lost
   */
  handle(kind: number, subject: number, time: number): { executor: number; lost: number[] } {
    const lost: number[] = [];
    let executor = -1;
    if (kind === FLEET.request) this.#request(this.#sites[subject], time);
    else if (kind === FLEET.start) this.#start(subject, time);
    else if (kind === FLEET.register) executor = this.#register(subject, time);
    else if (kind === FLEET.drain) this.#drain(subject, time);
    else if (kind === FLEET.lose) this.#lose(subject, time);
    else lost.push(...this.#notice(subject, time));
    return { executor, lost };
  }

  /** Ends all that is still there. */
  shutDown(time: number): void {
    const schedule = this.#schedule;
    let last = time + 200_000;
    this.#state.forEach((state, manager) => {
      if (state === ACTIVE || state === DRAINING) schedule.addNode(last += 700, manager, false);
    });
    schedule.blockRows = schedule.blockRows.filter((row) => row.time <= time);
    for (const { remaining, block } of this.#pilots) {
      if (remaining > 0) schedule.blockRows.push({ time: last, block, status: "SCALED_IN" });
    }
    schedule.blockRows.sort((a, b) => a.time - b.time);
  }

  #addSite(executor: number, needed: number): void {
    const workers = needed <= 24 ? 4 : needed <= 128 ? 8 : needed <= 512 ? 16 : 32;
    const nodes = Math.max(1, Math.ceil(needed / workers));
    const nodesPerBlock = nodes <= 4 ? 1 : nodes <= 16 ? 2 : 4;
    const site = { executor, nodes, nodesPerBlock, workers, submitted: 0 };
    const index = this.#sites.push(site) - 1;
    for (let n = 0; n < Math.ceil(nodes / nodesPerBlock); n++) {
      this.#agenda.add(500_000 + 20_000 * this.#sites.length + 7_000 * n, FLEET.request, index);
    }
  }

  #addWorker(manager: number, pid: number): number {
    this.#schedule.workerManager.push(manager);
    this.#schedule.workerPid.push(pid);
    this.workerTry.push(-1);
    this.workerCpu.push(0.9 + 0.4 * this.#random.next());
    return this.workerTry.length - 1;
  }

  #request(site: Site, time: number): void {
    const random = this.#random;
    const block: Block = {
      executor: EXECUTORS[site.executor],
      number: site.submitted++,
      job: String(8_400_000 + site.executor * 100_000 + site.submitted * 7 + random.between(0, 6)),
    };
    this.#schedule.blocks.push(block);
    this.#schedule.blockRows.push({ time, block, status: "PENDING" });
    const remaining = site.nodesPerBlock;
    this.#pilots.push({ executor: site.executor, block, remaining, lost: 0 });
    const wait = Math.min(60 * SECOND, this.#length / 40);
    const delay = Math.ceil(Math.min(random.lognormal(wait, 0.8), 10 * wait) / 1000) * 1000;
    this.#agenda.add(time + 2 * SECOND + delay, FLEET.start, this.#pilots.length - 1);
  }

  #start(index: number, time: number): void {
    const random = this.#random;
    const pilot = this.#pilots[index];
    // Parsl asks the batch system every five seconds.
    const seen = (Math.floor(time / (5 * SECOND)) + 1) * 5 * SECOND + random.between(0, 90_000);
    this.#schedule.blockRows.push({ time: seen, block: pilot.block, status: "RUNNING" });
    const site = this.#sites.find(({ executor }) => executor === pilot.executor);
    const workers = site?.workers ?? 1;
    const walltime = Math.max(300 * SECOND, this.#length / 2.2);
    for (let n = 0; n < pilot.remaining; n++) {
      const host = (pilot.block.number * pilot.remaining + n) % 512 + 1;
      this.#schedule.managers.push({
        uid: random.hex(12),
        hostname: `${pilot.block.executor === "htex_gpu" ? "g" : "c"}${
          String(host).padStart(4, "0")
        }`,
        block: pilot.block,
        workers,
        cores: Math.max(4, workers),
        memory: Math.max(4, workers) * 4_294_967_296 - random.between(1, 9) * 4_194_304,
        registered: NaN,
        lost: Infinity,
      });
      const manager = this.#state.push(WAITING) - 1;
      this.#busy.push(0);
      this.#pilotOf.push(index);
      const ready = time + random.between(2 * SECOND, 9 * SECOND);
      this.#agenda.add(ready, FLEET.register, manager);
      const drain = ready + Math.floor(walltime * (0.92 + 0.16 * random.next()));
      this.#agenda.add(drain, FLEET.drain, manager);
      if (manager % LOST_EVERY === 5) {
        const life = Math.floor(walltime * (0.1 + 0.8 * random.next()));
        this.#agenda.add(ready + life, FLEET.lose, manager);
      }
    }
  }

  #register(manager: number, time: number): number {
    const record = this.#schedule.managers[manager];
    const { executor } = this.#pilots[this.#pilotOf[manager]];
    record.registered = time;
    this.#state[manager] = ACTIVE;
    this.#schedule.addNode(time, manager, true);
    const pid = this.#random.between(4000, 60_000);
    this.#firstWorker[manager] = this.workerTry.length;
    for (let n = 0; n < record.workers; n++) {
      this.#idle[executor].push(this.#addWorker(manager, pid + 2 * n));
    }
    return executor;
  }

  #drain(manager: number, time: number): void {
    if (this.#state[manager] !== ACTIVE) return;
    this.#state[manager] = DRAINING;
    if (this.#busy[manager] === 0) this.#leave(manager, time);
  }

  #leave(manager: number, time: number): void {
    this.#state[manager] = GONE;
    this.#schedule.addNode(time, manager, false);
    const pilot = this.#pilots[this.#pilotOf[manager]];
    if (--pilot.remaining > 0) return;
    const status = pilot.lost > 0 ? "FAILED" : "COMPLETED";
    const seen = time + this.#random.between(SECOND, 5 * SECOND);
    this.#schedule.blockRows.push({ time: seen, block: pilot.block, status });
    const site = this.#sites.findIndex(({ executor }) => executor === pilot.executor);
    this.#agenda.add(seen + this.#random.between(SECOND, 9 * SECOND), FLEET.request, site);
  }

  #lose(manager: number, time: number): void {
    if (this.#state[manager] !== ACTIVE) return;
    if (this.#busy[manager] === 0) {
      // It is work that brings a node down.
      this.#agenda.add(time + 20 * SECOND, FLEET.lose, manager);
      return;
    }
    this.#state[manager] = GONE;
    const record = this.#schedule.managers[manager];
    record.lost = time;
    const beats = Math.floor((time - record.registered) / HEARTBEAT);
    const noticed = record.registered + beats * HEARTBEAT + THRESHOLD;
    this.#agenda.add(noticed + this.#random.between(10_000, 900_000), FLEET.notice, manager);
  }

  /** The tries that went with a manager. */
  #notice(manager: number, time: number): number[] {
    this.#pilots[this.#pilotOf[manager]].lost++;
    this.#leave(manager, time);
    const first = this.#firstWorker[manager];
    const all = this.workerTry.data.slice(first, first + this.#schedule.managers[manager].workers);
    return [...all].filter((attempt) => attempt >= 0);
  }
}
