import { Ints } from "../../model/run/columns.ts";
import { type App, meanDuration } from "./apps.ts";

/** What is to be run: tasks in the order of the program, each after those that it depends on. */
export class Plan {
  readonly apps: App[] = [];
  /** Index into `apps`, by task of the plan; all columns below share this index. */
  readonly app = new Ints();
  /** The dependencies of task p are `dependencies` from `start[p]` to `start[p + 1]`. */
  readonly start = new Ints();
  readonly dependencies = new Ints();
  /** An earlier task called with the same arguments; -1 for none. */
  readonly same = new Ints();
  /** How many of the tasks that follow a join app calls. */
  readonly children = new Ints();
  /** The join app that calls the task; -1 for the program itself. */
  readonly parent = new Ints();
  /** 1 for a task whose every try fails. */
  readonly doomed = new Ints();
  /** Seconds of work in all. */
  work = 0;
  #index = new Map<App, number>();

  constructor() {
    this.start.push(0);
  }

  get size(): number {
    return this.app.length;
  }

  /** Adds a task and gives its index. */
  add(
    app: App,
    dependencies: Iterable<number> = [],
    extra: { same?: number; children?: number; parent?: number; doomed?: boolean } = {},
  ): number {
    let index = this.#index.get(app);
    if (index === undefined) {
      index = this.apps.push(app) - 1;
      this.#index.set(app, index);
    }
    this.app.push(index);
    for (const dependency of dependencies) this.dependencies.push(dependency);
    this.start.push(this.dependencies.length);
    this.same.push(extra.same ?? -1);
    this.children.push(extra.children ?? 0);
    this.parent.push(extra.parent ?? -1);
    this.doomed.push(extra.doomed ? 1 : 0);
    this.work += meanDuration(app);
    return this.app.length - 1;
  }

  appOf(task: number): App {
    return this.apps[this.app.data[task]];
  }

  dependenciesOf(task: number): Int32Array {
    return this.dependencies.data.subarray(this.start.data[task], this.start.data[task + 1]);
  }
}
