import type { AreaSpec } from "../../picture/chart/chart.ts";
import { stateOf } from "../../parsl/states.ts";

/** Lines over an area, which tell it apart in grey: the angles of their dashes, and the dashes. */
const TEXTURES: { angles: number[]; dashes: string }[] = [
  { angles: [], dashes: "" },
  { angles: [45], dashes: "1 4" },
  { angles: [90], dashes: "1 3" },
  { angles: [-45], dashes: "1 4" },
  { angles: [0], dashes: "1 3" },
  { angles: [45, -45], dashes: "1 4" },
  { angles: [0, 90], dashes: "1 4" },
];

/** The texture of each state that is not plain, as success and waiting are. */
const OF_STATE: Record<string, number> = {
  memo_done: 2,
  failed: 1,
  dep_fail: 5,
  fail_retryable: 3,
  joining: 6,
  running_ended: 1,
  running: 4,
  launched: 2,
};

/** The texture of the series of a chart at a place in its list, by its number; 0 is none. */
export function textureOf(name: string, at: number): number {
  const state = stateOf(name);
  if (state !== null) return OF_STATE[state] ?? 0;
  return at % TEXTURES.length;
}

/** What the textures refer to, as an SVG that takes no room. */
export function textureDefinitions(): string {
  const definitions = TEXTURES.map(({ angles, dashes }, at) => {
    const lines = angles.map((angle) =>
      `<path d="M-200 90h880" stroke-width="900" stroke-dasharray="${dashes}"` +
      `${angle ? ` transform="rotate(${angle} 240 90)"` : ""}/>`
    );
    return `<g id="pt${at}" stroke="#fff" stroke-opacity=".55">${lines.join("")}</g>`;
  });
  return `<svg class="paper-textures" width="0" height="0" aria-hidden="true"><defs>${
    definitions.slice(1).join("")
  }</defs></svg>`;
}

/** A texture where a clip path is, or in the whole drawing; "" for none. */
export function textureUse(texture: number, clip?: string): string {
  if (!texture) return "";
  return `<use href="#pt${texture}"${clip ? ` clip-path="url(#${clip})"` : ""}/>`;
}

/**
 * A drawn chart of stacked areas, with textures on them.
 *
 * @param name begins the ids of its areas
 */
export function textured(svg: string, { series }: AreaSpec, name: string): string {
  const textures = new Map(series.map((s, at) => [s.color, textureOf(s.name, at)]));
  let areas = 0;
  return svg.replace(
    /(<g fill="([^"]*)" fill-opacity="[^"]*"><path )(d="[^"]*"\/>)<\/g>/g,
    (whole, start: string, colour: string, rest: string) => {
      const texture = textures.get(colour);
      if (!texture) return whole;
      const id = name + areas++;
      return `${start}id="${id}" ${rest}</g><clipPath id="${id}c"><use href="#${id}"/></clipPath>` +
        textureUse(texture, `${id}c`);
    },
  );
}
