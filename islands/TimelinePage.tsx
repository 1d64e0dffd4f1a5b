import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { clickedLink } from "../host/clicked_link.ts";
import { host } from "../host/host.ts";
import { runPath } from "../components/run_header.tsx";
import { Remarks } from "../components/remarks.tsx";
import { RunPage } from "../components/run_page.tsx";
import { toggled } from "../picture/picked.ts";
import { TimelineApi } from "../picture/timeline/api.ts";
import { RULER_PX, TIMELINE_COLOURS, type TimelineColour } from "../picture/timeline/frame.ts";
import { HostsTable } from "../components/timeline/hosts.tsx";
import { TimelineLegend } from "../components/timeline/legend.tsx";
import { TimelineRows } from "../picture/timeline/rows.ts";
import type { TimelineStage } from "../picture/timeline/stage.ts";
import { TimelineTip } from "../components/timeline/tip.tsx";
import { Empty, Section, Tabs } from "../components/ui.tsx";
import type { TimelineView } from "../model/timeline/view.ts";
import { readAddress, timelineHref } from "./timeline/address.ts";
import { type PointedTry, useTimeline } from "./timeline/use_timeline.ts";
import { type LiveProps, useLive } from "../live/use_live.ts";
import { Strut } from "../components/marks.tsx";

const NONE: ReadonlySet<number> = new Set();
const ZOOM = 1.4;
const LABELS: Record<TimelineColour, string> = { apps: "By app", states: "By state" };
/** The address follows what is seen when that has been still for this many ms. */
const STILL_MS = 300;

/** What ran where and when. */
export default function TimelinePage({ view, live, loading }: LiveProps<TimelineView>) {
  const now = useLive(view, live, loading).value;
  const { head, hosts, tries, from, to } = now.view;
  return (
    <RunPage head={head} tab="timeline" title="Timeline" loading={now.loading}>
      {tries > 0 && to <= from && head.duration === null && (
        <Empty why="The clock went back during this run: what happened when cannot be told." />
      )}
      {tries > 0 && (to > from || head.duration !== null) && (
        <>
          <Timeline view={now.view} />
          <Section id="hosts" title="Hosts">
            <HostsTable hosts={hosts} />
          </Section>
        </>
      )}
      {tries === 0 && (
        <Empty
          why="No start of a task on a worker has been recorded."
          what="Parsl records starts where resource_monitoring_enabled=True, its default, is set in MonitoringHub."
        />
      )}
      <Remarks remarks={now.view.remarks} />
    </RunPage>
  );
}

function Timeline({ view }: { view: TimelineView }) {
  const { runId } = view.head;
  const path = runPath(runId);
  const api = useMemo(() => new TimelineApi(runId), [runId]);
  const box = useRef<HTMLDivElement>(null);
  const [colour, setColour] = useState<TimelineColour>("apps");
  const [picked, setPicked] = useState(NONE);
  const [pointed, setPointed] = useState<PointedTry>();
  const [search, setSearch] = useState("");
  const [said, setSaid] = useState("");
  const timer = useRef<ReturnType<typeof setTimeout>>();

  const stage = useTimeline(box, {
    view,
    api,
    colour,
    picked,
    onPoint: setPointed,
    onMove: (moved) => settle(moved, colour),
    onTask(taskId, aside) {
      const href = `${path}/task/${taskId}`;
      if (aside) host.open(href);
      else host.go(href);
    },
  });

  useEffect(() => {
    const { colour, span, task } = readAddress(host.address().searchParams, view.from);
    setColour(colour);
    if (span) stage.current?.see(span);
    if (task !== undefined) void find(task);
    return () => clearTimeout(timer.current);
  }, []);

  function settle(moved: TimelineStage, colour: TimelineColour): void {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      const span = moved.isWhole ? undefined : moved.span;
      host.replace(timelineHref(path, { colour, span }, view.from));
    }, STILL_MS);
  }

  const tabs = TIMELINE_COLOURS.map((each) => ({
    colour: each,
    href: timelineHref(path, { colour: each }, view.from),
    label: LABELS[each],
    current: each === colour,
  }));

  /** Colours anew without leaving the page. */
  function recolour(event: MouseEvent): void {
    const tab = clickedLink(event, tabs);
    if (!tab) return;
    setColour(tab.colour);
    setPicked(NONE);
    if (stage.current) settle(stage.current, tab.colour);
  }

  async function find(task: number): Promise<void> {
    const found = await api.task(task).catch(() => undefined);
    if (found) stage.current?.reveal({ lane: found.lane, from: found.began, to: found.ended });
    setSaid(found ? "" : `Task ${task} did not run on a worker.`);
  }

  const most = RULER_PX + TimelineRows.most(view.hosts);
  return (
    <div class="picture timeline">
      {/* The clicks of links within. */}
      <div onClick={recolour}>
        <Tabs items={tabs} />
      </div>
      <div class="picture-tools">
        <form
          class="picture-search"
          onSubmit={(event) => {
            event.preventDefault();
            if (/^\s*\d+\s*$/.test(search)) void find(Number(search));
          }}
        >
          <input
            type="search"
            inputMode="numeric"
            pattern="\s*\d+\s*"
            title="The id of a task"
            placeholder="Task id"
            aria-label="Find a task by its id"
            value={search}
            onInput={(event) => setSearch(event.currentTarget.value)}
          />
          <output>{said}</output>
        </form>
        <span class="picture-gap" />
        <button type="button" aria-label="Zoom in" onClick={() => stage.current?.zoom(ZOOM)}>
          +
        </button>
        <button type="button" aria-label="Zoom out" onClick={() => stage.current?.zoom(1 / ZOOM)}>
          −
        </button>
        <button type="button" onClick={() => stage.current?.fit()}>Fit</button>
      </div>
      <TimelineLegend
        view={view}
        colour={colour}
        picked={picked}
        onPick={(bucket) => setPicked(toggled(picked, bucket))}
      />
      <div class="timeline-stage">
        <Strut height={most} />
        <div class="timeline-scroller" ref={box}>
          <div>
            <canvas
              class="picture-canvas timeline-canvas"
              tabIndex={0}
              role="application"
              aria-label="Timeline of the tasks on each host, also in the table below: arrows move, plus and minus zoom, f shows all"
            />
          </div>
        </div>
        {pointed && stage.current && <TimelineTip {...pointed} window={stage.current.size} />}
        <noscript>
          <p class="timeline-note">
            The drawing needs JavaScript; the table below has its figures.
          </p>
        </noscript>
      </div>
    </div>
  );
}
