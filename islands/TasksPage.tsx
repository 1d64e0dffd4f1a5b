import { bytes, count, duration, nameText } from "../looks/format.ts";
import { stateLabel } from "../looks/palette.ts";
import { Known } from "../components/reading.ts";
import { RelatedNote } from "../components/related.tsx";
import { appPath, runPath } from "../components/run_header.tsx";
import { RunPage } from "../components/run_page.tsx";
import { NoTask, SearchNotes } from "../components/search_notes.tsx";
import { EXACT } from "../components/measured.tsx";
import { Table } from "../components/table/table.tsx";
import { Figure, Figures, Pager, StateBar } from "../components/ui.tsx";
import { type SortKey, TASK_COLUMNS } from "../model/tasks/columns.ts";
import { SEARCH_EXAMPLES } from "../model/tasks/search_terms.ts";
import type { TaskQuery } from "../model/tasks/query.ts";
import type { TasksView } from "../model/views/tasks.ts";
import { type LiveProps, useLive } from "../live/use_live.ts";

const HINT =
  "Words that all must be found of a task: its id, app, state, hosts, executors, jobs, " +
  "names of its files, texts of its errors. In one place only: " +
  `${SEARCH_EXAMPLES.join(" ")}. As a whole: host=n1. With spaces: error:"no space".`;

/** The URL of the same table with another query. */
function href(base: string, query: TaskQuery, change: Partial<TaskQuery>): string {
  const q = { ...query, page: 1, ...change };
  const params = new URLSearchParams();
  if (q.search) params.set("q", q.search);
  if (q.state) params.set("state", q.state);
  if (q.related) params.set(q.related.relation, String(q.related.taskId));
  if (q.cause) params.set("cause", q.cause);
  if (q.sort !== "id") params.set("sort", q.sort);
  if (q.descending) params.set("order", "desc");
  if (q.page > 1) params.set("page", String(q.page));
  const text = params.toString();
  return text ? `${base}?${text}` : base;
}

/** The task table: of a run, or of one of its apps. Every state of it has a URL. */
export default function TasksPage({ view, live, loading }: LiveProps<TasksView>) {
  const now = useLive(view, live, loading).value;
  const { head, query, lines, total, pages, states, app, searched } = now.view;
  const base = app ? appPath(head.runId, app.app) : `${runPath(head.runId)}/task/`;
  // A state that no task is in, or none at all: what the address says, the page says, too.
  const unknown = query.state !== "" && !states.some((s) => s.name === query.state);
  const download = (name: string) => {
    const path = href(`${runPath(head.runId)}/${name}`, query, {});
    const sign = path.includes("?") ? "&" : "?";
    return app ? `${path}${sign}app=${encodeURIComponent(app.app)}` : path;
  };
  return (
    <RunPage
      head={head}
      tab="tasks"
      title={app ? nameText(app.app) : "Tasks"}
      loading={now.loading}
    >
      {app && (
        <>
          <StateBar
            counts={app.states.map((s) => ({ state: s.name, count: s.count }))}
            total={app.tasks}
          />
          <Figures>
            <Figure label="Tasks" value={count(app.tasks)} />
            <Figure label="Failed" value={<Known>{count(app.failed)}</Known>} />
            <Figure
              label="Not run"
              value={<Known>{count(app.notRun)}</Known>}
              hint="because a dependency failed"
            />
            <Figure label="Tries" value={count(app.tries)} />
            <Figure label="Median run" value={duration(app.medianRun)} />
            <Figure label="Longest run" value={duration(app.longestRun)} />
            <Figure label="Median wait" value={duration(app.medianQueue)} />
            <Figure label="Total run" value={duration(app.totalRun)} />
            <Figure label="Peak memory" value={bytes(app.peakMemory)} />
          </Figures>
        </>
      )}
      {query.related && (
        <RelatedNote
          related={query.related}
          runId={head.runId}
          all={href(base, query, { related: null })}
        />
      )}
      <form class="filters" method="get" action={base} role="search">
        <label>
          Search{" "}
          <input
            type="search"
            name="q"
            // As a value, it would be set again by news while somebody types.
            defaultValue={query.search}
            placeholder="id, app, host, file, error…"
            title={HINT}
          />
        </label>
        <label>
          State{" "}
          <select name="state">
            <option value="" selected={query.state === ""}>all states</option>
            {states.map((s) => (
              <option key={s.name} value={s.name} selected={query.state === s.name}>
                {stateLabel(s.name)} ({count(s.count)})
              </option>
            ))}
            {unknown && <option value={query.state} selected>{query.state} (0)</option>}
          </select>
        </label>
        {query.related && (
          <input type="hidden" name={query.related.relation} value={query.related.taskId} />
        )}
        {query.cause && (
          <span class="filter">
            <input type="hidden" name="cause" value={query.cause} />
            Failed of <code>{query.cause}</code>{" "}
            <a href={href(base, query, { cause: "" })} aria-label="Tasks of all causes">×</a>
          </span>
        )}
        {query.sort !== "id" && <input type="hidden" name="sort" value={query.sort} />}
        {query.descending && <input type="hidden" name="order" value="desc" />}
        <button type="submit">Show</button>
        <a class="button" href={download("tasks.csv")} title="One line per task" download>CSV</a>
        <a class="button" href={download("tries.csv")} title="One line per try" download>
          CSV of tries
        </a>
      </form>
      <SearchNotes searched={searched} />
      {lines.length === 0
        ? (
          <NoTask
            searched={searched}
            query={query}
            recorded={head.tasks}
            all={base}
            unknown={unknown}
          />
        )
        : (
          <>
            <Table
              label="Tasks"
              columns={TASK_COLUMNS}
              lines={lines}
              runId={head.runId}
              sorting={{
                order: query,
                href: ({ sort, descending }) =>
                  href(base, query, { sort: sort as SortKey, descending }),
              }}
            />
            <Pager
              page={query.page}
              pages={pages}
              total={total}
              href={(page) => href(base, query, { page })}
            />
            {lines.some((line) => line.cpu.exact || line.memory.exact) && (
              <p class="soft">
                <span class="exact">{EXACT}</span>
              </p>
            )}
          </>
        )}
    </RunPage>
  );
}
