import { bytes, clock, count, duration, naiveTime } from "../../looks/format.ts";
import { stateLabel } from "../../looks/palette.ts";
import { isFailed } from "../../parsl/states.ts";
import type { TaskLine } from "../../model/tasks/table.ts";
import { short } from "./short.ts";

const DAY = 86_400_000;
const COLUMNS = ["Task", "App", "State", "Tries", "Depends on", "Invoked", "Run time"];

/**
 * Tasks as a table with as little markup as will do.
 *
 * @param began when the run began, naive ms: of times on the same day only the clock is written
 */
export function PaperTasks({ lines, began }: { lines: TaskLine[]; began: number | null }) {
  const measured = lines.some(({ peakMemory }) => peakMemory !== null);
  return (
    <table class="paper-tasks">
      <thead>
        <tr>
          {COLUMNS.map((label) => <th key={label}>{label}</th>)}
          {measured && <th class="is-memory">Peak memory</th>}
          <th>Host</th>
        </tr>
      </thead>
      <tbody>
        {lines.map((t) => (
          <tr key={t.taskId} class={isFailed(t.state) ? "is-failed" : undefined}>
            <td>{t.taskId}</td>
            <td>{short(t.app)}</td>
            <td>{stateLabel(t.state)}</td>
            <td>{count(t.tries)}</td>
            <td>
              {t.depends.join(", ") || "–"}
              {t.moreDepends ? ` +${count(t.moreDepends)}` : ""}
            </td>
            <td>{sameDay(t.invoked, began) ? clock(t.invoked) : naiveTime(t.invoked)}</td>
            <td>{duration(t.ran)}</td>
            {measured && <td class="is-memory">{bytes(t.peakMemory)}</td>}
            <td>{short(t.host ?? "–")}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function sameDay(a: number | null, b: number | null): boolean {
  return a !== null && b !== null && Math.floor(a / DAY) === Math.floor(b / DAY);
}
