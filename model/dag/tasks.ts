/**
 * The tasks of a workflow as the DAG sees them: parallel columns with `count` entries or more. An
 * app or state that is not known is -1.
 */
export interface DagTasks {
  count: number;
  /** Task id per index. */
  ids: ArrayLike<number>;
  /** The indexes in the order of their ids; null when that is their own order. */
  order: ArrayLike<number> | null;
  /** Index into `apps` per task. */
  app: ArrayLike<number>;
  /** Index into `states` per task. */
  state: ArrayLike<number>;
  /** The last one stands for those without. */
  apps: string[];
  /** The last one stands for those without. */
  states: string[];
  /** Not 0 for a task that is a join; null where there are none. */
  joins: ArrayLike<number> | null;
  /** Null where nothing is known of tries. */
  tries: DagTries | null;
}

/** The tries of tasks: of each task the newest, of each try the one before it, or -1. */
export interface DagTries {
  newest: ArrayLike<number>;
  before: ArrayLike<number>;
  /** Start and end on a worker in naive ms; NaN is unknown. */
  running: ArrayLike<number>;
  ended: ArrayLike<number>;
}
