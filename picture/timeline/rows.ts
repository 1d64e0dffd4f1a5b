import type { LaneHost } from "../../model/timeline/lanes.ts";

/** The height of the line that names a host, in pixels. */
export const TITLE_PX = 18;
/** Room below the lanes of a host. */
const GAP_PX = 6;
/** Heights of a lane. */
const LEAST_HEIGHT_PX = 3;
const MOST_HEIGHT_PX = 18;

/** A height among rows that have any height: so many lanes below the title of a host. */
export interface RowPlace {
  host: number;
  lanes: number;
}

/** Where the lanes of a timeline are, in pixels from its top. */
export class TimelineRows {
  readonly hosts: readonly LaneHost[];
  /** The height of one lane. */
  readonly lane: number;
  readonly height: number;
  readonly #tops: number[] = [];

  /** @param lane the height of a lane, see {@link TimelineRows.laneIn} */
  constructor(hosts: readonly LaneHost[], lane: number) {
    this.hosts = hosts;
    this.lane = lane;
    let top = 0;
    for (const host of hosts) {
      this.#tops.push(top);
      top += TITLE_PX + host.lanes * this.lane + GAP_PX;
    }
    this.height = top;
  }

  /**
   * The height of a lane: lanes share the room as long as none is too thin, or thicker than needed.
   *
   * @param zoom with so many times the detail in time they grow as well, though less
   */
  static laneIn(hosts: readonly LaneHost[], room: number, zoom = 1): number {
    const lanes = hosts.reduce((sum, host) => sum + host.lanes, 0);
    const rest = room - hosts.length * (TITLE_PX + GAP_PX);
    const fitting = Math.max(
      LEAST_HEIGHT_PX,
      Math.min(MOST_HEIGHT_PX, Math.floor(rest / Math.max(1, lanes))),
    );
    return Math.min(MOST_HEIGHT_PX, Math.round(fitting * Math.sqrt(zoom)));
  }

  /** The height of rows that have all the room they can use. */
  static most(hosts: readonly LaneHost[]): number {
    return hosts.reduce((sum, { lanes }) => sum + TITLE_PX + lanes * MOST_HEIGHT_PX + GAP_PX, 0);
  }

  /** The top of a host's title. */
  titleTop(host: number): number {
    return this.#tops[host];
  }

  /** The top of a lane. */
  laneTop(lane: number): number {
    const host = this.#last((at) => this.hosts[at].first <= lane);
    return this.#tops[host] + TITLE_PX + (lane - this.hosts[host].first) * this.lane;
  }

  /** What is at a height, as rows of other heights have it, too. */
  placeAt(y: number): RowPlace {
    const host = this.#last((at) => this.#tops[at] <= y);
    return { host, lanes: (y - (this.#tops[host] ?? 0) - TITLE_PX) / this.lane };
  }

  /** The height of a place. */
  yOf({ host, lanes }: RowPlace): number {
    return (this.#tops[host] ?? 0) + TITLE_PX + lanes * this.lane;
  }

  /** The lane at a height; undefined between hosts. */
  laneAt(y: number): number | undefined {
    if (y < 0 || this.hosts.length === 0) return undefined;
    const host = this.#last((at) => this.#tops[at] <= y);
    const { first, lanes } = this.hosts[host];
    const lane = Math.floor((y - this.#tops[host] - TITLE_PX) / this.lane);
    return lane >= 0 && lane < lanes ? first + lane : undefined;
  }

  /** The hosts seen between two heights: from the first up to, and not with, the last. */
  hostsIn(top: number, bottom: number): [first: number, end: number] {
    if (this.hosts.length === 0) return [0, 0];
    return [
      this.#last((at) => this.#tops[at] <= top),
      this.#last((at) => this.#tops[at] < bottom) + 1,
    ];
  }

  /** The lanes seen between two heights, likewise. */
  lanesIn(top: number, bottom: number): [first: number, end: number] {
    const [firstHost, endHost] = this.hostsIn(top, bottom);
    if (firstHost >= endHost) return [0, 0];
    const within = (host: number, y: number) => {
      const { first, lanes } = this.hosts[host];
      const lane = (y - this.#tops[host] - TITLE_PX) / this.lane;
      return first + Math.max(0, Math.min(lanes, lane));
    };
    return [Math.floor(within(firstHost, top)), Math.ceil(within(endHost - 1, bottom))];
  }

  /** The last host for which something holds that holds for the hosts before it, too; 0 if for none. */
  #last(holds: (host: number) => boolean): number {
    let low = 0;
    let high = this.hosts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (holds(middle)) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
