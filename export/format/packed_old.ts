/** What a packed run of an old release tells of tries and of its zone. */
import { type OldStatus, type OldTask, type OldTries, oldTries } from "../../store/old_tries.ts";

/** The tries of all tasks of a run, each made when it is first asked for. */
export class PackedOld {
  readonly #tasks = new Map<number, OldTask>();
  readonly #statuses = new Map<number, OldStatus[]>();
  readonly #tries = new Map<number, OldTries>();

  /**
   * @param tasks what table `task` says of tries; none when it says nothing
   * @param statuses all of the run
   */
  constructor(tasks: Iterable<OldTask>, statuses: Iterable<OldStatus>) {
    for (const task of tasks) this.#tasks.set(task.taskId, task);
    for (const status of statuses) {
      const known = this.#statuses.get(status.taskId);
      if (known) known.push(status);
      else this.#statuses.set(status.taskId, [status]);
    }
  }

  /** The tries of a task by its id. */
  triesOf(taskId: number): OldTries {
    let tries = this.#tries.get(taskId);
    if (!tries) {
      const task = this.#tasks.get(taskId) ?? null;
      tries = oldTries(taskId, task, this.#statuses.get(taskId) ?? []);
      this.#tries.set(taskId, tries);
    }
    return tries;
  }
}
