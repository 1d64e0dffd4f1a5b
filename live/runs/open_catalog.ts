import { AwaitedDatabase } from "./awaited_database.ts";
import { Catalog } from "./catalog.ts";
import { DatabaseError, type MonitoringDatabase } from "../../store/database.ts";
import { inTime } from "../../store/in_time.ts";
import { openDatabase } from "../../store/open.ts";
import { resolveTarget } from "../../store/target.ts";

/** A database that takes longer to open is not waited for when others are there, in ms. */
const PATIENCE_MS = 1500;

/**
 * Opens databases by path, URL or run directory, each file once. Those that cannot be opened are
 * tried again whenever they are asked for; the catalog's `problems` say why they cannot.
 *
 * @param options.writtenHere the one database that this process writes itself
 * @param options.memory MiB that the runs in memory may take
 * @throws {DatabaseError} when none of them can be opened: a sentence for each says what to do
 */
export async function openCatalog(
  targets: string[],
  options: { writtenHere?: string; memory?: number } = {},
): Promise<Catalog> {
  const { writtenHere } = options;
  const files = new Files();
  const openings: { target: string; open: () => Promise<MonitoringDatabase> }[] = [];
  for (const target of [...new Set(targets)]) {
    // What cannot be looked at now may come to be one of the others.
    const open = async () => {
      await files.claim(target);
      return await openDatabase(target, { writtenHere: target === writtenHere });
    };
    if (await files.claim(target).then(() => false, (error) => error instanceof Twin)) continue;
    openings.push({ target, open });
  }
  const attempts = openings.map(({ open }) => open());
  const opened = await Promise.all(
    attempts.map((attempt) => inTime(attempt.catch(() => undefined), PATIENCE_MS)),
  );
  // With nothing to show meanwhile, whatever comes of the others is waited for.
  if (opened.every((database) => !database)) {
    await Promise.any(attempts).catch(() => refuse(attempts));
  }
  const databases = opened.map((database, at) =>
    database ?? new AwaitedDatabase(openings[at].target, openings[at].open, attempts[at])
  );
  const catalog = new Catalog(databases, options);
  // What is wrong with any of them is known from the start.
  if (!opened.every((database) => database)) await catalog.workflows();
  return catalog;
}

/** Throws what is to be said of databases none of which can be opened. */
async function refuse(attempts: Promise<MonitoringDatabase>[]): Promise<never> {
  const results = await Promise.allSettled(attempts);
  const errors = results.flatMap((r) => r.status === "rejected" ? [r.reason as unknown] : []);
  const other = errors.find((error) => !(error instanceof DatabaseError));
  if (errors.length === 1 || other !== undefined) throw other ?? errors[0];
  throw new DatabaseError(
    "No database can be opened:",
    errors.map((error) => `  ${(error as Error).message}`),
  );
}

/** A database that is open already, under another name. */
class Twin extends DatabaseError {}

/** The files that targets lead to: to read the one that is written here as another's drops its locks. */
class Files {
  readonly #targets = new Map<string, string>();

  /**
   * Takes the file of a target.
   *
   * @throws {DatabaseError} when there is none, or another target has it
   */
  async claim(target: string): Promise<void> {
    const file = await fileOf(target);
    const owner = this.#targets.get(file) ?? target;
    // A number that a file had goes to another when that one is deleted.
    if (owner !== target && await fileOf(owner).catch(() => null) === file) {
      throw new Twin(
        `${target} is the same file as ${owner}, under whose name its runs are shown.`,
      );
    }
    this.#targets.set(file, target);
  }
}

/** What tells files apart, whatever their names. */
async function fileOf(target: string): Promise<string> {
  const path = await resolveTarget(target);
  const { dev, ino } = await Deno.stat(path);
  return ino ? `${dev}:${ino}` : path;
}
