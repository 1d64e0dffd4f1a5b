import type { Run } from "../../model/run/run.ts";
import { parseSearch, textWords } from "../../model/tasks/search_terms.ts";
import { parseTaskQuery, selectTasks, tasksCsvParts } from "../../model/tasks/table.ts";
import { NO_TEXTS, type Texts } from "../../model/tasks/texts.ts";
import { TRIES_HEADER, triesCsv } from "../../model/tasks/try_table.ts";
import type { State } from "../../state.ts";
import type { FollowedRun } from "../../live/runs/catalog.ts";
import { DatabaseError } from "../../store/database.ts";
import { addressOf } from "../../live/views/address.ts";
import { noSuchRun, PageError } from "../../live/views/page_error.ts";
import { pieces } from "./pieces.ts";

/** Lines of tries that are made in one go: their texts are read for it. */
const TRIES = 200;

/** A download of the tasks that URL parameters ask for. */
export interface CsvRequest {
  followed: FollowedRun;
  params: URLSearchParams;
  /** What is known of the tasks' texts: all that the search asks for. */
  texts: Texts;
}

/**
 * The download that a request is for, once its texts have been searched.
 *
 * @throws {PageError} 404 without the run, 400 when the search cannot be understood, 503 when the
 *   texts cannot be searched
 */
export async function csvRequest(
  { state, url }: { state: State; url: URL },
): Promise<CsvRequest> {
  const { run } = addressOf(url);
  const followed = await state.catalog.run(run);
  if (!followed) throw noSuchRun(run, state);
  const params = url.searchParams;
  const { search } = parseTaskQuery(params);
  const { problem } = parseSearch(search);
  if (problem !== null) throw new PageError(400, problem);
  try {
    return { followed, params, texts: await followed.texts.complete(textWords(search)) };
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    throw new PageError(503, `The texts of tasks could not be searched: ${error.message}`);
  }
}

/**
 * The lines of the task table that URL parameters ask for, as CSV in pieces. The next piece is made
 * when the last one was taken, and others have their turn in between.
 */
export function taskCsvStream(
  run: Run,
  params: URLSearchParams,
  texts: Texts = NO_TEXTS,
): ReadableStream<Uint8Array> {
  const parts = tasksCsvParts(run, selectTasks(run, parseTaskQuery(params), texts));
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      const { done, value } = parts.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
  }, { highWaterMark: 1 });
}

/** One line for each try of the tasks that are asked for, in their order, as CSV in pieces. */
export function triesCsvStream(request: CsvRequest): ReadableStream<Uint8Array> {
  return pieces(Promise.resolve(tryPieces(request)), () => {});
}

async function* tryPieces(
  { followed, params, texts }: CsvRequest,
): AsyncGenerator<Uint8Array> {
  const { run } = followed;
  const tasks = selectTasks(run, parseTaskQuery(params), texts);
  const encoder = new TextEncoder();
  yield encoder.encode(TRIES_HEADER);
  for (let from = 0; from < tasks.length;) {
    let to = from;
    const numbers = new Set<number>();
    for (let lines = 0; to < tasks.length && lines < TRIES; to++) {
      const attempts = run.triesOf(tasks[to]);
      for (const attempt of attempts) numbers.add(run.tryNumber.data[attempt]);
      lines += Math.max(1, attempts.length);
    }
    const some = tasks.slice(from, to);
    const ids = some.map((task) => run.taskId.data[task]);
    const csv = triesCsv(run, some, await followed.database.details(run.runId, ids, [...numbers]));
    if (csv !== "") yield encoder.encode(csv);
    await new Promise((resolve) => setTimeout(resolve, 0));
    from = to;
  }
}
