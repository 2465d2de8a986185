/** A point in pixels of the frame. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A square region of the frame, turned by `angle` radians (clockwise on screen). */
export interface Square {
  readonly cx: number;
  readonly cy: number;
  readonly side: number;
  readonly angle: number;
}

/** Similarity from frame to crop as the 2 × 3 matrix [[a, -b, tx], [b, a, ty]]. */
export interface Similarity {
  readonly a: number;
  readonly b: number;
  readonly tx: number;
  readonly ty: number;
}

/** The similarity that puts a square of the frame upright onto a crop of `size` pixels. */
export function squareToCrop(square: Square, size: number): Similarity {
  const scale = size / square.side;
  const a = Math.cos(square.angle) * scale;
  const b = -Math.sin(square.angle) * scale;
  return {
    a,
    b,
    tx: size / 2 - (a * square.cx - b * square.cy),
    ty: size / 2 - (b * square.cx + a * square.cy),
  };
}

/** The similarity that takes two points of the frame to two points of the crop. */
export function pointsToCrop(from: readonly [Point, Point], to: readonly [Point, Point]): Similarity {
  const [p, q] = from;
  const [u, v] = to;
  const dx = q.x - p.x;
  const dy = q.y - p.y;
  const ex = v.x - u.x;
  const ey = v.y - u.y;
  const square = dx * dx + dy * dy;
  const a = (ex * dx + ey * dy) / square;
  const b = (ey * dx - ex * dy) / square;
  return { a, b, tx: u.x - (a * p.x - b * p.y), ty: u.y - (b * p.x + a * p.y) };
}

export function applySimilarity(m: Similarity, p: Point): Point {
  return { x: m.a * p.x - m.b * p.y + m.tx, y: m.b * p.x + m.a * p.y + m.ty };
}

export function invertSimilarity(m: Similarity): Similarity {
  const square = m.a * m.a + m.b * m.b;
  const a = m.a / square;
  const b = -m.b / square;
  return { a, b, tx: -(a * m.tx - b * m.ty), ty: -(b * m.tx + a * m.ty) };
}

/** As OpenCV's warpAffine takes it. */
export function rows(m: Similarity): [[number, number, number], [number, number, number]] {
  return [
    [m.a, -m.b, m.tx],
    [m.b, m.a, m.ty],
  ];
}
