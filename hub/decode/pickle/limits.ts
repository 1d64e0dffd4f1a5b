/** How much one pickle may ask for. */
export interface Limits {
  /** Containers inside one another. */
  depth: number;
  /** Opcodes that are carried out, and elements that are copied. */
  values: number;
  /** Dicts, lists, tuples and sets, those that only carry arguments included. */
  containers: number;
  /** Bytes of one binary integer. */
  integerBytes: number;
}

export const DEFAULT_LIMITS: Limits = {
  depth: 64,
  values: 1_000_000,
  containers: 100_000,
  integerBytes: 4096,
};
