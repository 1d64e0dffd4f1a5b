import { stateClass, STATES } from "../../looks/palette.ts";
import { BarPart } from "../../components/marks.tsx";
import { stateOf } from "../../parsl/states.ts";

const PLACE: ReadonlyMap<string, number> = new Map(
  [...STATES].sort((a, b) => Number(b.final) - Number(a.final)).map(({ name }, at) => [name, at]),
);

/** Tasks by state side by side, the finished ones first; textures tell them apart in grey. */
export function PaperBar(
  { counts, total }: { counts: { state: string; count: number }[]; total: number },
) {
  const place = (state: string) => PLACE.get(stateOf(state) ?? "") ?? STATES.length;
  const shown = counts.filter(({ count }) => count > 0)
    .sort((a, b) => place(a.state) - place(b.state));
  return (
    <span class="statebar">
      {shown.map(({ state, count }) => (
        <BarPart key={state} class={stateClass(state)} share={count / Math.max(1, total)} />
      ))}
    </span>
  );
}
