/**
 * Colours and lengths of marks as attributes of SVG: what pages are allowed has no `style` attributes,
 * so that a text which found its way into a page could not paint over it.
 */

/** A small area in a colour, or a dashed line, beside what it stands for. */
export function Swatch({ colour, line = false }: { colour: string; line?: boolean }) {
  return (
    <svg class="swatch" aria-hidden="true">
      {line
        ? <path d="M0 5h10" stroke={colour} stroke-width="2" stroke-dasharray="4 2" />
        : <rect width="100%" height="100%" fill={colour} />}
    </svg>
  );
}

/** A part of a bar, as wide as its share (0 to 1) of the bar; `title` is read from it. */
export function BarPart(
  { class: name, share, title }: { class: string; share: number; title?: string },
) {
  return (
    <svg class={name} width={`${+(100 * share).toFixed(3)}%`}>
      {title === undefined ? null : <title>{title}</title>}
    </svg>
  );
}

/** Nothing, but so many pixels high, so that what is drawn later moves nothing. */
export function Strut({ height }: { height: number }) {
  return <svg class="strut" width="0" height={height} aria-hidden="true" />;
}
