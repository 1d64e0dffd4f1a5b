import { CELLS, type Cells } from "../../components/table/cells.tsx";
import { cellOf } from "../../components/table/table.tsx";
import { clock, naiveTime } from "../../looks/format.ts";
import { isFailed } from "../../parsl/states.ts";
import { plainOf, type TableColumn } from "../../model/table/column.ts";
import { TASK_COLUMNS, type TaskLine } from "../../model/tasks/columns.ts";
import { PAPER_CELLS } from "./cells.tsx";

const DAY_MS = 86_400_000;

/**
 * Tasks as a table with as little markup as will do.
 *
 * @param began when the run began, naive ms: of times on the same day only the clock is written
 */
export function PaperTasks({ lines, began }: { lines: TaskLine[]; began: number | null }) {
  const all: readonly TableColumn<TaskLine>[] = TASK_COLUMNS;
  const columns = all.filter((column) =>
    column.print === "always" ||
    column.print === "known" && lines.some((line) => plainOf(column, line) !== null)
  );
  const cells: Cells<TaskLine> = {
    ...CELLS,
    ...PAPER_CELLS,
    time: (time) => sameDay(time, began) ? clock(time) : naiveTime(time),
  };
  return (
    <table class="paper-tasks">
      <thead>
        <tr>
          {columns.map((column) => <th key={column.key} class={classOf(column)}>{column.label}
          </th>)}
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <tr key={line.taskId} class={isFailed(line.state) ? "is-failed" : undefined}>
            {columns.map((column) => (
              <td key={column.key} class={classOf(column)}>{cellOf(column, line, "", cells)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function classOf({ key, print }: TableColumn<TaskLine>): string | undefined {
  return print === "known" ? `is-${key}` : undefined;
}

function sameDay(a: number | null, b: number | null): boolean {
  return a !== null && b !== null && Math.floor(a / DAY_MS) === Math.floor(b / DAY_MS);
}
