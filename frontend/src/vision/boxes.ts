/** Boxes: areas, overlaps and clipping; the counterpart of fer_core/vision/boxes.py. */

/** x1, y1, x2, y2 in pixels. */
export type Box = readonly [number, number, number, number];
/** x, y in pixels. */
export type Point = readonly [number, number];

/** Area; a box turned inside out has 0. */
export function areaOf(box: Box): number {
  return Math.max(box[2] - box[0], 0) * Math.max(box[3] - box[1], 0);
}

/** Common area of two boxes. */
export function intersect(left: Box, right: Box): number {
  const width = Math.min(left[2], right[2]) - Math.max(left[0], right[0]);
  const height = Math.min(left[3], right[3]) - Math.max(left[1], right[1]);
  return Math.max(width, 0) * Math.max(height, 0);
}

/** Intersection over union, 0..1. */
export function overlap(left: Box, right: Box): number {
  const common = intersect(left, right);
  return common / Math.max(areaOf(left) + areaOf(right) - common, 1e-30);
}

/** Round to pixels and clip to a picture. */
export function clipBox(box: Box, width: number, height: number): Box {
  return [clip(rint(box[0]), 0, width), clip(rint(box[1]), 0, height), clip(rint(box[2]), 0, width), clip(rint(box[3]), 0, height)];
}

export function centreOf(box: Box): Point {
  return [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
}

export function distance(left: Point, right: Point): number {
  return Math.hypot(left[0] - right[0], left[1] - right[1]);
}

export function clip(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}

/** Round halves to the even number, as NumPy does. */
export function rint(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

/** The (upper) median. */
export function middle(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[sorted.length >> 1];
}
