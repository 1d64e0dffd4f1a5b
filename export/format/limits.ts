/** Integers below this, and the differences of two of them, have exact codes as floats. */
export const LARGEST_INT = 2 ** 51;
