import { count } from "../looks/format.ts";
import type { Traceback } from "../model/views/task.ts";
import { type TryUse, USED_COLUMNS } from "../model/views/try_totals.ts";
import { EXACT } from "./measured.tsx";
import { Table } from "./table/table.tsx";
import { Code } from "./ui.tsx";

/** What tries raised, each with the tries that it is of. */
export function Tracebacks({ tracebacks }: { tracebacks: readonly Traceback[] }) {
  return (
    <>
      {tracebacks.map(({ text, cut, tries }) => (
        <div key={`${cut} ${text}`}>
          <h3>{tries.length > 1 ? "Tries" : "Try"} {tries.join(", ")}</h3>
          <Code text={text} />
          {cut > 0 && <p class="soft">{count(cut)} characters left out</p>}
        </div>
      ))}
    </>
  );
}

/** What tries used, beside what they asked for. */
export function TryUses({ uses }: { uses: readonly TryUse[] }) {
  return (
    <>
      {uses.map((use) => (
        <div key={use.tryId}>
          <h3>Try {use.tryId}</h3>
          <Table
            label={`Used by try ${use.tryId}`}
            columns={USED_COLUMNS}
            lines={use.lines}
          />
          <Notes {...use} />
        </div>
      ))}
    </>
  );
}

/** What to know of a try's figures. */
function Notes({ ended, ofThread, samplesLate, specification, lines }: TryUse) {
  const notes = [
    lines.some(({ exact }) => exact.value !== null) && <span class="exact">{EXACT}</span>,
    ended === "killed" && "Its worker was killed: these are the last figures that were seen of it.",
    ofThread && "The figures are of the thread that ran it.",
    samplesLate !== null && samplesLate > 0 &&
    `${count(samplesLate)} ${samplesLate === 1 ? "sample was" : "samples were"} taken late.`,
    specification !== null && specification !== "{}" && (
      <>
        Asked for: <code>{specification}</code>
      </>
    ),
  ].filter((note) => note !== false);
  return <>{notes.map((note, i) => <p key={i} class="soft">{note}</p>)}</>;
}
