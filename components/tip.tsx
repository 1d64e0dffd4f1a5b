import type { ComponentChildren } from "preact";
import type { Size } from "../picture/geometry.ts";
import type { DagPoint } from "../picture/geometry.ts";

/** The most that a tip is wide, in pixels, as in picture.css. */
const WIDTH_PX = 280;

interface TipProps {
  /** Where the pointer is. */
  at: DagPoint;
  window: Size;
  /** The height that the tip may need; without it below, it stands above the pointer. */
  room: number;
  children: ComponentChildren;
}

/** Words beside the pointer on a picture, within its window. */
export function PictureTip({ at, window, room, children }: TipProps) {
  const left = Math.max(4, Math.min(at.x + 14, window.width - WIDTH_PX - 4));
  const above = at.y > window.height - room;
  const side = above ? { bottom: `${window.height - at.y + 14}px` } : { top: `${at.y + 16}px` };
  return (
    <div class="picture-tip" aria-hidden="true" style={{ left: `${left}px`, ...side }}>
      {children}
    </div>
  );
}
