import type { TaskQuery } from "../model/tasks/query.ts";
import { SEARCH_EXAMPLES } from "../model/tasks/search_terms.ts";
import type { Searched } from "../model/views/tasks.ts";
import { percent } from "../looks/format.ts";
import { Empty } from "./ui.tsx";

function searching({ done, total }: NonNullable<Searched["texts"]>): string {
  const share = Math.floor(100 * done / total) / 100;
  return total > 0 ? `Searching texts… ${percent(share)}` : "Searching texts…";
}

/** What is to be said of a search above what it found. */
export function SearchNotes({ searched: { problem, texts, notes } }: { searched: Searched }) {
  if (problem === null && texts === null && notes.length === 0) return null;
  return (
    <div class="search-notes">
      {problem !== null && <p role="alert">{problem}</p>}
      {texts !== null && <p role="status">{searching(texts)}; more tasks may yet be found.</p>}
      {notes.map((note) => <p key={note}>{note}</p>)}
    </div>
  );
}

/** In place of a table of tasks that has none: why, and what to do. */
export function NoTask(
  { searched: { problem, texts }, query, recorded, all, unknown }: {
    searched: Searched;
    query: TaskQuery;
    /** Tasks of the run. */
    recorded: number;
    /** The address of all tasks. */
    all: string;
    /** Whether no task is in the state that is asked for. */
    unknown: boolean;
  },
) {
  const fields = SEARCH_EXAMPLES.join(", ");
  return (
    <Empty
      why={recorded === 0
        ? "No task of this workflow has been recorded yet."
        : texts !== null
        ? searching(texts)
        : problem !== null
        ? "No task was found."
        : unknown
        ? `No task is in the state ${query.state}.`
        : "No task matches."}
      what={
        <>
          {query.search !== "" && texts === null && <>Fields to search in: {fields}. {" "}</>}
          <a href={all}>Show all tasks</a>
        </>
      }
    />
  );
}
