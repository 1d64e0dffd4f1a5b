/** The places that a list of runs names. */
export function places(cells: string): number[] {
  const bytes = Uint8Array.from(atob(cells), (c) => c.charCodeAt(0));
  const numbers: number[] = [];
  let value = 0;
  let shift = 0;
  for (const byte of bytes) {
    value += (byte & 127) * 2 ** shift;
    shift += 7;
    if (byte < 128) {
      numbers.push(value);
      value = shift = 0;
    }
  }
  const found: number[] = [];
  let at = 0;
  for (let i = 0; i < numbers.length; i += 2) {
    at += numbers[i];
    for (let n = 0; n < numbers[i + 1]; n++) found.push(at++);
  }
  return found;
}
