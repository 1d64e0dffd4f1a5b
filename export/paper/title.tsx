import { count, duration, naiveTime, percent } from "../../looks/format.ts";
import { stateLabel } from "../../looks/palette.ts";
import { statusText } from "../../components/run_header.tsx";
import { Figure, Figures, KeyValue } from "../../components/ui.tsx";
import type { RunHead } from "../../model/views/head.ts";
import { PaperBar } from "./bar.tsx";
import { short } from "./short.ts";

/** What a report is of, and by whom and when it was made. */
export function PaperTitle({ head, title, made }: { head: RunHead; title: string; made: string }) {
  return (
    <header class="paper-title">
      <h1>{title}</h1>
      <p class={`paper-status is-${head.status}`}>{statusText(head.status, head.silence)}</p>
      <KeyValue
        items={[
          ...title === short(head.name, 200)
            ? []
            : [{ key: "Workflow", value: short(head.name, 200) }],
          { key: "Run id", value: head.runId },
          { key: "Started", value: naiveTime(head.began) },
          { key: "Completed", value: naiveTime(head.completed) },
          { key: "Host", value: head.host || null },
          { key: "User", value: head.user || null },
          { key: "Run directory", value: head.rundir ? short(head.rundir, 300) : null },
          { key: "Version", value: head.version || null },
          { key: "Made by", value: made },
        ]}
      />
    </header>
  );
}

/** Figures of the run as a whole. */
export function PaperFigures(
  { head, apps, busiest }: { head: RunHead; apps: number; busiest: string },
) {
  return (
    <>
      <PaperBar
        counts={head.states.map((s) => ({ state: s.name, count: s.count }))}
        total={head.tasks}
      />
      <Figures>
        <Figure label="Tasks" value={count(head.tasks)} />
        <Figure
          label="Finished"
          value={head.tasks ? percent(head.finished / head.tasks) : "–"}
        />
        {head.states.map((s) => (
          <Figure key={s.name} label={stateLabel(s.name)} value={count(s.count)} />
        ))}
        <Figure
          label={head.completed === null ? "Elapsed" : "Duration"}
          value={duration(head.duration)}
        />
        <Figure label="Apps" value={count(apps)} />
        <Figure label="Peak memory of a task" value={busiest} />
      </Figures>
    </>
  );
}
