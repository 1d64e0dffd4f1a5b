// A hub's accounts, looked at again and again.

import { setTimeout as sleep } from "node:timers/promises";
import { PATIENCE } from "../support/eventually.ts";
import { accountsOf, type HubProcess } from "./support.ts";

/** Watches the accounts of a hub. */
export class Watch {
  readonly states = new Set<string>();
  lag = 0;
  readonly #hub: HubProcess;

  constructor(hub: HubProcess) {
    this.#hub = hub;
  }

  async look() {
    const accounts = await accountsOf(this.#hub);
    this.states.add(accounts.writer.state);
    this.lag = Math.max(this.lag, accounts.writer.lag);
    return accounts;
  }

  /** Looks again and again until `done`; gives the milliseconds that it took. */
  async until(done: (accounts: Awaited<ReturnType<Watch["look"]>>) => boolean): Promise<number> {
    const began = performance.now();
    while (!done(await this.look())) {
      if (performance.now() - began > PATIENCE) throw new Error("the hub did not recover");
      await sleep(50);
    }
    return performance.now() - began;
  }
}
