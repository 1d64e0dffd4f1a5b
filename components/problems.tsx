/** What is wrong with what a page shows, a sentence each, where it cannot be overlooked. */
export function Problems({ texts }: { texts: readonly string[] }) {
  if (texts.length === 0) return null;
  return (
    <ul class="problems" role="status">
      {texts.map((text) => <li key={text}>{text}</li>)}
    </ul>
  );
}
