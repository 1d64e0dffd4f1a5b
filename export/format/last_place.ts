const value = new Float64Array(1);
const words = new Uint32Array(value.buffer);

/** What the last bit of a float is worth, on little-endian machines. */
export function lastPlace(x: number): number {
  value[0] = x;
  return 2 ** (Math.max(1, (words[1] >>> 20) & 2047) - 1075);
}
