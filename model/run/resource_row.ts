/** One sample of a try's process and its children: table `resource`. Bytes and seconds. */
export interface ResourceRow {
  taskId: number;
  tryId: number;
  time: number;
  pid: number | null;
  children: number | null;
  cpuUser: number | null;
  cpuSystem: number | null;
  virtual: number | null;
  resident: number | null;
  memoryPercent: number | null;
  diskRead: number | null;
  diskWrite: number | null;
  ctxVoluntary: number | null;
  ctxInvoluntary: number | null;
  processStatus: string | null;
}

/** What a run is folded from of a sample. */
export type SampleRow = Pick<
  ResourceRow,
  "taskId" | "tryId" | "time" | "cpuUser" | "cpuSystem" | "resident"
>;
