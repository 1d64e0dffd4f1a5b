import { useRef } from "preact/hooks";
import { failureColumns } from "../../model/figures/failure_columns.ts";
import type { FailureGroup } from "../../model/figures/failures.ts";
import type { RunHead } from "../../model/views/head.ts";
import { causePath } from "../cause_path.ts";
import { type FailureOrder, failureOrder } from "./order.ts";
import { failureWords, openWord } from "./words.ts";
import { count, nameText } from "../../looks/format.ts";
import { Links } from "../links.tsx";
import { Known, useReading } from "../reading.ts";
import { appPath, taskPath } from "../run_header.tsx";
import { Table } from "../table/table.tsx";
import { Code } from "../ui.tsx";

/** So few causes are opened from the start. */
const FEW = 3;

/** What failed and why, each cause to be opened; what somebody has opened stays where it is. */
export function FailureList({ head, groups }: { head: RunHead; groups: FailureGroup[] }) {
  const open = useRef(new Set<string>());
  // Those that are open from the start; none before it is known which there are.
  const first = useRef<ReadonlySet<string>>();
  if (!useReading() && first.current === undefined) {
    first.current = new Set(groups.length <= FEW ? groups.map(({ cause }) => cause) : []);
    for (const cause of first.current) open.current.add(cause);
  }
  const order = useRef<FailureOrder | null>(null);
  order.current = failureOrder(groups, open.current.size > 0 ? order.current : null);
  const byCause = new Map(groups.map((group) => [group.cause, group]));
  const at = (place: string) =>
    [...order.current!].flatMap(([cause, own]) => own === place ? byCause.get(cause)! : []);
  const more = at("more");
  const saved = at("saved");
  const table = (list: FailureGroup[], label: string) => (
    <FailureTable
      head={head}
      groups={list}
      label={label}
      isOpen={(cause) => first.current?.has(cause) ?? false}
      toggled={(cause, isOpen) => {
        if (isOpen) open.current.add(cause);
        else open.current.delete(cause);
      }}
    />
  );
  return (
    <>
      {at("top").length > 0 && table(at("top"), "Causes of failures")}
      {more.length > 0 && (
        <details class="more" key="more">
          <summary>
            {count(more.length)} more {more.length === 1 ? "cause" : "causes"}
            <Known none="">{`: ${failureWords(sumOf(more), head.status)}`}</Known>
          </summary>
          {table(more, "More causes of failures")}
        </details>
      )}
      {saved.length > 0 && (
        <details class="more" key="saved">
          <summary>
            <Known none={`${causes(saved)} of failures`}>
              {`${causes(saved)} that no task failed of for good: ` +
                failureWords(sumOf(saved), head.status)}
            </Known>
          </summary>
          {table(saved, "Failures that a retry got over")}
        </details>
      )}
    </>
  );
}

interface FailureTableProps {
  head: RunHead;
  groups: FailureGroup[];
  label: string;
  /** Whether a cause is open when it is painted first. */
  isOpen: (cause: string) => boolean;
  toggled: (cause: string, isOpen: boolean) => void;
}

function FailureTable({ head, groups, label, isOpen, toggled }: FailureTableProps) {
  return (
    <Table
      class="failures"
      label={label}
      columns={failureColumns(openWord(head.status))}
      lines={groups}
      keyOf={({ cause }) => cause}
      runId={head.runId}
      cells={{
        cause: ({ cause, merges }, _, group) => (
          <details
            class="failure"
            open={isOpen(cause)}
            onToggle={(event) => toggled(cause, event.currentTarget.open)}
          >
            <summary>
              <code>{cause}</code>
              {merges > 1 ? ` (${count(merges)} causes)` : ""}
            </summary>
            <Opened head={head} group={group} />
          </details>
        ),
      }}
    />
  );
}

/** What there is to know of a cause: one of its texts, and whom it concerned. */
function Opened({ head, group }: { head: RunHead; group: FailureGroup }) {
  const { runId } = head;
  const tasks = group.failed + group.notRun + group.open + group.saved;
  const left = tasks - group.tasks.length;
  return (
    <>
      {group.example !== "" && <Code text={group.example} />}
      <p>
        Apps:{" "}
        <Links
          items={group.apps.map((app) => ({ href: appPath(runId, app), label: nameText(app) }))}
        />
        {" · Tasks: "}
        <Links items={group.tasks.map((id) => ({ href: taskPath(runId, id), label: id }))} />
        {left > 0 && (
          <>
            {" and "}
            <a href={causePath(runId, group.cause)}>{count(left)} more</a>
          </>
        )}
        {group.tries > 0 && ` · ${count(group.tries)} ${group.tries === 1 ? "try" : "tries"}`}
        {group.again > 0 && (
          <Known none="">
            {` · ${count(group.again)} more ${
              group.again === 1 ? "task" : "tasks"
            }, whose later tries failed of another cause`}
          </Known>
        )}
      </p>
    </>
  );
}

function causes(groups: FailureGroup[]): string {
  return groups.length === 1 ? "1 cause" : `${count(groups.length)} causes`;
}

/** Some groups as if they were one. */
function sumOf(groups: FailureGroup[]): FailureGroup {
  const sum = { ...groups[0], failed: 0, notRun: 0, open: 0, saved: 0, again: 0 };
  for (const key of ["failed", "notRun", "open", "saved"] as const) {
    for (const group of groups) sum[key] += group[key];
  }
  return sum;
}
