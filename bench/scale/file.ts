/** The databases that are measured. */
import { DatabaseSync } from "node:sqlite";
import { generate, type Shape } from "../generate/generate.ts";

/** How far an unfinished run is. */
const PART = 0.6;

/** A database with one run, and what is asked about it. */
export interface RunFile {
  path: string;
  run: string;
  /** Tasks at first. */
  tasks: number;
  /** The app with the most tasks. */
  app: string;
  /** A word that many tasks hold, but not most. */
  word: string;
  /** Tasks that are done in a run that goes on; NaN in a finished one. */
  done: number;
  /** Size of the file in bytes. */
  bytes: number;
}

/**
 * The finished run of that size: `gTASKS.db` of the folder, `SHAPETASKS.db` when its shape is not
 * stages; generated when it is not there.
 */
export async function finishedFile(
  folder: string,
  tasks: number,
  shape: Shape = "stages",
): Promise<RunFile> {
  const path = `${folder}/${shape === "stages" ? "g" : shape}${tasks}.db`;
  try {
    Deno.statSync(path);
  } catch {
    // Whoever interrupts it leaves no file that looks like a whole one.
    const draft = `${path}.part`;
    await Deno.remove(draft).catch(() => {});
    await generate(draft, { tasks, shape });
    await Deno.rename(draft, path);
  }
  return look(path);
}

/** A new unfinished run whose newest row is of now. */
export async function unfinishedFile(folder: string, tasks: number): Promise<RunFile> {
  const path = `${folder}/running${tasks}.db`;
  await Deno.remove(path).catch(() => {});
  const until = Date.now() - new Date().getTimezoneOffset() * 60_000;
  const { runs: [{ states }] } = await generate(path, { tasks, running: PART, until });
  return { ...look(path), done: states.exec_done ?? 0 };
}

function look(path: string): RunFile {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const { run_id: run } = database.prepare("SELECT run_id FROM workflow").get() as {
      run_id: string;
    };
    const apps = database.prepare(
      "SELECT task_func_name AS app, count(*) AS tasks FROM task WHERE run_id = ? " +
        "GROUP BY task_func_name ORDER BY tasks DESC",
    ).all(run) as { app: string; tasks: number }[];
    return {
      path,
      run,
      tasks: apps.reduce((sum, { tasks }) => sum + tasks, 0),
      app: apps[0].app,
      word: (apps[1] ?? apps[0]).app.slice(1, 5),
      done: NaN,
      bytes: Deno.statSync(path).size,
    };
  } finally {
    database.close();
  }
}
