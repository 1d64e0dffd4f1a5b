import { Problems } from "../components/problems.tsx";
import { TopBar } from "../components/top_bar.tsx";
import { orderParams, Table } from "../components/table/table.tsx";
import { Empty, Pager } from "../components/ui.tsx";
import { WORKFLOW_COLUMNS } from "../model/views/workflow_columns.ts";
import type { WorkflowsView } from "../model/views/workflows.ts";
import { useLive } from "../live/use_live.ts";

/** The list of workflows, the newest first, kept up to date. */
export default function WorkflowsPage(
  { view, live }: { view: WorkflowsView; live: string | null },
) {
  const current = useLive(view, live).value.view;
  const { workflows, databases, order, search } = current;
  const href = (change: Record<string, string>) => {
    const params = new URLSearchParams({ ...search ? { q: search } : {}, ...change });
    return `/?${params}`;
  };
  const several = databases.length > 1;
  return (
    <>
      <TopBar crumbs={[{ label: "Workflows" }]}>
        <span class="muted">{databases.join(", ")}</span>
      </TopBar>
      <main id="main">
        <div class="page-head">
          <h1>Workflows</h1>
        </div>
        <Problems texts={problemTexts(current)} />
        {current.known === 0
          ? (
            <Empty
              why={current.problems.length > 0
                ? "What can be read holds no workflow yet."
                : several
                ? "These databases hold no workflow yet."
                : "This database holds no workflow yet."}
              what="Start a Parsl program with monitoring on; it appears here by itself."
            />
          )
          : (
            <>
              <form class="filters" method="get" action="/" role="search">
                <label>
                  Search{" "}
                  <input
                    type="search"
                    name="q"
                    // As a value, it would be set again by news while somebody types.
                    defaultValue={search}
                    placeholder="name, owner, host…"
                  />
                </label>
                <button type="submit">Show</button>
                <a class="button" href="/workflows.csv" download>CSV</a>
              </form>
              {workflows.length === 0
                ? <Empty why="No workflow matches." what={<a href="/">Show all workflows</a>} />
                : (
                  <Table
                    label="Workflows"
                    columns={several
                      ? WORKFLOW_COLUMNS
                      : WORKFLOW_COLUMNS.filter(({ key }) => key !== "database")}
                    lines={workflows}
                    sorting={{ order, href: (order) => href(orderParams(order)) }}
                  />
                )}
              <Pager
                page={current.page}
                pages={current.pages}
                total={current.total}
                href={(page) => href({ ...orderParams(order), page: String(page) })}
              />
            </>
          )}
      </main>
    </>
  );
}

/** What is wrong with databases, and what comes of it. */
function problemTexts({ problems, databases }: WorkflowsView): string[] {
  if (problems.length === 0) return [];
  const they = problems.length === 1 ? "it" : "they";
  const which = databases.length === 1
    ? "The database"
    : `${problems.length} of ${databases.length} databases`;
  return [
    ...problems,
    `${which} cannot be read as ${they} should; what is missing appears by itself when ${they} can.`,
  ];
}
