/** Addresses of the Internet Protocol as text and as bytes. */

function parse4(text: string): Uint8Array | null {
  const parts = text.split(".");
  if (parts.length !== 4) return null;
  const bytes = new Uint8Array(4);
  for (let i = 0; i < 4; i++) {
    if (!/^\d{1,3}$/.test(parts[i]) || Number(parts[i]) > 255) return null;
    bytes[i] = Number(parts[i]);
  }
  return bytes;
}

/** The 16-bit groups of one side of `::`; null when one is not hexadecimal. */
function groups(text: string): number[] | null {
  if (text === "") return [];
  const found: number[] = [];
  const parts = text.split(":");
  for (const [index, part] of parts.entries()) {
    const last4 = index === parts.length - 1 ? parse4(part) : null;
    if (last4 !== null) found.push(last4[0] << 8 | last4[1], last4[2] << 8 | last4[3]);
    else if (/^[0-9a-f]{1,4}$/i.test(part)) found.push(parseInt(part, 16));
    else return null;
  }
  return found;
}

function parse6(text: string): Uint8Array | null {
  const sides = text.split("::");
  if (sides.length > 2) return null;
  const [left, right] = [groups(sides[0]), groups(sides[1] ?? "")];
  if (left === null || right === null) return null;
  const missing = 8 - left.length - right.length;
  if (sides.length === 2 ? missing < 1 : missing !== 0) return null;
  const all = [...left, ...new Array<number>(missing).fill(0), ...right];
  return Uint8Array.from(all.flatMap((group) => [group >> 8, group & 255]));
}

/** The 4 bytes of an IPv4 address or the 16 of an IPv6 one; null for anything else. */
export function parseAddress(text: string): Uint8Array | null {
  return text.includes(":") ? parse6(text) : parse4(text);
}
