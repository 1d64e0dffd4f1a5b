/**
 * What runs are asked for by. A copy of a database has the runs of the other: of runs with the same
 * id, the one of the first database goes by the id, the others by `ID~N`, N being the place of their
 * database among those that were opened, from 1.
 */

/** The keys of the runs of some databases, by their ids. */
export function keysOf(databases: readonly (readonly string[])[]): string[][] {
  const all = new Set(databases.flat());
  const met = new Set<string>();
  return databases.map((ids, at) => {
    const keys = ids.map((id) => met.has(id) ? numbered(id, at, all) : id);
    for (const id of ids) met.add(id);
    return keys;
  });
}

/** The place of the database that a key with a number names, from 0, and the id of the run there. */
export function databaseOfKey(key: string): { index: number; runId: string } | null {
  const found = /^([^]*)~(\d+)$/.exec(key);
  return found && { index: Number(found[2]) - 1, runId: found[1] };
}

/** A key that is no run's id: zeros before a number change nothing. */
function numbered(id: string, at: number, all: ReadonlySet<string>): string {
  for (let number = String(at + 1);; number = `0${number}`) {
    const key = `${id}~${number}`;
    if (!all.has(key)) return key;
  }
}
