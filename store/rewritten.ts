/** The database lost rows that were already read: forget what was read and begin at `START`. */
export class Rewritten extends Error {
  override name = "Rewritten";

  constructor(path: string) {
    super(`${path} was replaced or rewritten; it must be read from its beginning.`);
  }
}
