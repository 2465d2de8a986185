/** A face as a line drawing of its landmarks, from `outlineOf`. */
export function OutlineDrawing({ points, lengths }: { points: readonly number[]; lengths: readonly number[] }) {
  let from = 0;
  const lines = lengths.map((length) => {
    const own = points.slice(2 * from, 2 * (from + length));
    from += length;
    return own;
  });
  return (
    <svg class="outline" viewBox="-150 -170 300 340" role="img" aria-label="Outline of the face">
      {lines.map((line, i) => (
        // Lines have their places: the index is who they are.
        <polyline key={String(i)} points={line.join(" ")} />
      ))}
    </svg>
  );
}
