/** What columns are opened with, and their lists of numbers. */
import type { IntsHeader, PartPlace, RealsHeader } from "./header.ts";
import { type OpenedInts, openInts } from "./ints_open.ts";
import { lastPlace } from "./last_place.ts";
import { BLOCK } from "./pace.ts";
import type { Room } from "./room.ts";

/** Bytes of a place; the part that it is in has been inflated. */
export type Fetch = (place: PartPlace) => Uint8Array;

/** Where bytes are found, and how much may be made of them. */
export interface Opening {
  fetch: Fetch;
  room: Room;
}

const NOTHING = new Uint8Array(0);

/** The integers of a header. */
export function ints(header: IntsHeader, count: number, { fetch, room }: Opening): OpenedInts {
  return openInts(header, header.e === "same" ? NOTHING : fetch(header.at), count, room);
}

/** The floats of a header. */
export function reals(header: RealsHeader, count: number, opening: Opening): Float64Array {
  const bytes = header.e === "bits" ? opening.fetch(header.at) : NOTHING;
  if (header.e === "bits" && bytes.length < count * 8) {
    throw new Error("a list of reals is shorter than the header says");
  }
  if (header.e === "bits") {
    opening.room.take(count * 8);
    return fromPlanes(bytes, count);
  }
  const scaled = ints(header.ints, count, opening);
  opening.room.take(count * 8);
  const out = new Float64Array(count);
  const scale = 10 ** header.digits;
  for (let i = 0; i < count; i++) out[i] = scaled[i] / scale;
  if (header.e === "near") {
    const ulps = ints(header.ulps, count, opening);
    for (let i = 0; i < count; i++) if (ulps[i]) out[i] += ulps[i] * lastPlace(out[i]);
  }
  return out;
}

function fromPlanes(bytes: Uint8Array, count: number): Float64Array {
  const out = new Float64Array(count);
  const raw = new Uint8Array(out.buffer);
  for (let from = 0; from < count; from += BLOCK) {
    const length = Math.min(BLOCK, count - from);
    for (let plane = 0; plane < 8; plane++) {
      const at = from * 8 + plane * length;
      for (let i = 0; i < length; i++) raw[(from + i) * 8 + plane] = bytes[at + i];
    }
  }
  return out;
}
