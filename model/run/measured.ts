/**
 * Memory of a process in bytes as its sampler gave it; null where that is no measurement. A process
 * that had gone when it was looked at is recorded with 0 bytes, which no living process has.
 */
export function measured(bytes: number | null): number | null {
  return bytes !== null && bytes > 0 ? bytes : null;
}

/** CPU time of a process and its children, seconds; null when neither part is known. */
export function cpuSeconds(
  { cpuUser, cpuSystem }: { cpuUser: number | null; cpuSystem: number | null },
): number | null {
  return cpuUser === null && cpuSystem === null ? null : (cpuUser ?? 0) + (cpuSystem ?? 0);
}

/** A figure of what was used; null is unknown. */
export interface Measured {
  value: number | null;
  unit: "seconds" | "bytes" | "count" | "cores";
  /** Whether it is the system's own figure from beginning to end, and not one of samples. */
  exact: boolean;
}
