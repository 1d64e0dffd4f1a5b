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

/**
 * Bytes of the longest text that is written with escapes, as protocol 0 does: they are read one by
 * one. Other texts may be as long as their message.
 */
export const LONGEST_ESCAPED_BYTES = 16 * 2 ** 20;
/** Opcodes that a key counts for where anybody can foresee its place in a hash table. */
export const FORESEEABLE_KEY_VALUES = 200;

export const DEFAULT_LIMITS: Limits = {
  depth: 64,
  values: 1_000_000,
  containers: 100_000,
  integerBytes: 4096,
};
