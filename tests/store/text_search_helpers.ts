// Searching texts as tests do it.

import assert from "node:assert/strict";
import { textWords } from "../../model/tasks/search_terms.ts";
import { matchingTasks } from "../../model/tasks/search.ts";
import type { FollowedRun } from "../../live/runs/catalog.ts";
import type { MonitoringDatabase } from "../../store/database.ts";

/** A search of texts that a database was asked for. */
export interface Asked {
  word: string;
  since: number;
  rows: number;
}

/** A database that keeps what texts were searched. */
export function watched(
  database: MonitoringDatabase,
): { database: MonitoringDatabase; asked: Asked[] } {
  const asked: Asked[] = [];
  const search: MonitoringDatabase["searchTexts"] = async function* (runId, word, since, until) {
    const entry = { word: `${word.field}:${word.text}`, since: since.task + since.try, rows: 0 };
    asked.push(entry);
    for await (const slice of database.searchTexts(runId, word, since, until)) {
      entry.rows = slice.total;
      yield slice;
    }
  };
  const proxy = new Proxy(database, {
    get(target, name) {
      if (name === "searchTexts") return search;
      const value = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  return { database: proxy, asked };
}

/** The ids of the tasks that a search finds when all is known. */
export async function find(followed: FollowedRun, search: string): Promise<number[]> {
  const texts = await followed.texts.complete(textWords(search));
  assert.equal(texts.progress, null);
  const tasks = matchingTasks(followed.run, { search, state: "", app: "" }, texts);
  return Array.from(tasks, (task) => followed.run.taskId.data[task]);
}
