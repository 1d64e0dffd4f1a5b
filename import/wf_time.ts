/** The times of WfFormat traces, in all the ways in which they are written. */

/** A clock's reading. */
export interface ClockTime {
  /** Milliseconds since 1970 of the clock, read as if it were UTC. */
  naive: number;
  /** By how many milliseconds the clock was ahead of UTC; null where the text does not say. */
  offset: number | null;
}

const DATES = [
  // 2020-04-03T12:05:15.376151Z, 2023-03-29T15:45:52-10:00
  /^(?<y>\d{4})-(?<m>\d\d)-(?<d>\d\d)[T ](?<h>\d\d):(?<n>\d\d):(?<s>\d\d(?:[.,]\d+)?)(?<z>.*)$/,
  // 20200402T023752+0000
  /^(?<y>\d{4})(?<m>\d\d)(?<d>\d\d)T(?<h>\d\d)(?<n>\d\d)(?<s>\d\d(?:[.,]\d+)?)(?<z>.*)$/,
  // 12-22-20T01:12:23Z: month, day, year, as Pegasus 5 writes it
  /^(?<m>\d\d)-(?<d>\d\d)-(?<y>\d\d)T(?<h>\d\d):(?<n>\d\d):(?<s>\d\d(?:[.,]\d+)?)(?<z>.*)$/,
];

const ZONE = /^(?<sign>[+-])(?<h>\d\d)(?::?(?<m>\d\d))?$/;

/** Reads a time; null for a text that is none. */
export function parseClockTime(text: string): ClockTime | null {
  for (const pattern of DATES) {
    const parts = pattern.exec(text.trim())?.groups;
    if (parts === undefined) continue;
    const [month, day, hour, minute] = [parts.m, parts.d, parts.h, parts.n].map(Number);
    const year = Number(parts.y) + (parts.y.length === 2 ? 2000 : 0);
    const seconds = Number(parts.s.replace(",", "."));
    const date = new Date(Date.UTC(year, month - 1, day, hour, minute));
    const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day &&
      hour < 24 && minute < 60 && seconds < 62;
    const offset = offsetOf(parts.z.trim());
    if (!exists || offset === undefined) return null;
    return { naive: date.getTime() + seconds * 1000, offset };
  }
  return null;
}

/** Milliseconds ahead of UTC; null for a text without a zone, undefined for one that is none. */
function offsetOf(text: string): number | null | undefined {
  if (text === "") return null;
  if (/^(Z|UTC|GMT)$/i.test(text)) return 0;
  const parts = ZONE.exec(text)?.groups;
  if (parts === undefined) return undefined;
  const minutes = Number(parts.h) * 60 + Number(parts.m ?? 0);
  return (parts.sign === "-" ? -minutes : minutes) * 60_000;
}

/** Milliseconds from one time to another; by their clocks where one does not tell its zone. */
export function elapsed(from: ClockTime, to: ClockTime): number {
  const shift = from.offset === null || to.offset === null ? 0 : from.offset - to.offset;
  return to.naive - from.naive + shift;
}
