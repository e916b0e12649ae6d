/** Follows points from one gray picture to another: Lucas and Kanade's method in a pyramid (Bouguet 2001), as OpenCV does it. */
import type { Point } from "./boxes";
import type { Raster } from "./picture";

const MOST_STEPS = 10;
const LEAST_STEP = 0.03;
const LEAST_TEXTURE = 1e-4 * 1024;
const SWAYING = 0.01;

export interface Followed {
  readonly place: Point;
  readonly found: boolean;
  /** Mean difference of brightness about the point. */
  readonly change: number;
}

/** A picture and, each half as large as the one before, its reductions. */
export function pyramidOf(picture: Raster, levels: number): Raster[] {
  const pyramid = [picture];
  for (let level = 0; level < levels; level++) pyramid.push(smoothAndHalve(pyramid[level]));
  return pyramid;
}

/** Follow points; `window` is the odd side of what is looked at about each. */
export function followPoints(last: Raster[], next: Raster[], points: readonly Point[], window: number): Followed[] {
  const half = (window - 1) / 2;
  return points.map((point) => {
    let place: Point = [0, 0];
    for (let level = last.length - 1; level >= 0; level--) {
      const scale = 1 / 2 ** level;
      const from: Point = [point[0] * scale - half, point[1] * scale - half];
      const start: Point = level === last.length - 1 ? from : [2 * (place[0] + half) - half, 2 * (place[1] + half) - half];
      const step = followAt(last[level], next[level], from, start, window, level === 0);
      place = step.place;
      if (level === 0) return { ...step, place: [place[0] + half, place[1] + half] };
    }
    throw new Error("expected a level or more");
  });
}

/** Follow one window, both places being upper left corners. */
function followAt(last: Raster, next: Raster, from: Point, start: Point, window: number, judge: boolean): Followed {
  const lost: Followed = { place: start, found: false, change: 0 };
  if (!isNear(from, last, window)) return lost;
  const size = window * window;
  const patch = sample(last, from, window);
  const { slopesX, slopesY } = slopes(last, from, window);
  let [xx, xy, yy] = [0, 0, 0];
  for (let at = 0; at < size; at++) {
    xx += slopesX[at] * slopesX[at];
    xy += slopesX[at] * slopesY[at];
    yy += slopesY[at] * slopesY[at];
  }
  const texture = (xx + yy - Math.sqrt((xx - yy) ** 2 + 4 * xy * xy)) / (2 * size);
  const determinant = xx * yy - xy * xy;
  if (texture < LEAST_TEXTURE || determinant < 1e-12) return lost;
  let [x, y] = start;
  let [lastX, lastY] = [0, 0];
  for (let step = 0; step < MOST_STEPS; step++) {
    if (!isNear([x, y], next, window)) return { ...lost, place: [x, y] };
    const there = sample(next, [x, y], window);
    let [offX, offY] = [0, 0];
    for (let at = 0; at < size; at++) {
      const difference = there[at] - patch[at];
      offX += difference * slopesX[at];
      offY += difference * slopesY[at];
    }
    const stepX = (xy * offY - yy * offX) / determinant;
    const stepY = (xy * offX - xx * offY) / determinant;
    x += stepX;
    y += stepY;
    if (stepX * stepX + stepY * stepY <= LEAST_STEP * LEAST_STEP) break;
    if (step > 0 && Math.abs(stepX + lastX) < SWAYING && Math.abs(stepY + lastY) < SWAYING) {
      x -= stepX / 2;
      y -= stepY / 2;
      break;
    }
    [lastX, lastY] = [stepX, stepY];
  }
  if (!judge) return { place: [x, y], found: true, change: 0 };
  if (!isNear([x, y], next, window)) return { ...lost, place: [x, y] };
  const there = sample(next, [x, y], window);
  let change = 0;
  for (let at = 0; at < size; at++) change += Math.abs(there[at] - patch[at]);
  return { place: [x, y], found: true, change: change / size };
}

function isNear([x, y]: Point, { width, height }: Raster, window: number): boolean {
  return Math.floor(x) >= -window && Math.floor(x) < width && Math.floor(y) >= -window && Math.floor(y) < height;
}

/** Brightness in a window between pixels; beyond the picture it is mirrored. */
function sample(picture: Raster, corner: Point, window: number): Float64Array {
  return interpolate(corner, window, (columns, rows, out, width) => {
    for (let row = 0, to = 0; row < rows.length; row++) {
      const line = mirror(rows[row], picture.height) * picture.width;
      for (let column = 0; column < width; column++) out[to++] = picture.data[line + mirror(columns[column], picture.width)];
    }
  });
}

/** How brightness changes along x and y in a window (Scharr's kernel); 0 beyond the picture. */
function slopes(picture: Raster, corner: Point, window: number): { slopesX: Float64Array; slopesY: Float64Array } {
  const { width, height, data } = picture;
  const along = (x: number, y: number, horizontal: boolean) => {
    if (x < 0 || x >= width || y < 0 || y >= height) return 0;
    const [left, right] = [mirror(x - 1, width), mirror(x + 1, width)];
    const [up, at, down] = [mirror(y - 1, height) * width, y * width, mirror(y + 1, height) * width];
    return horizontal
      ? (3 * (data[up + right] - data[up + left] + data[down + right] - data[down + left]) + 10 * (data[at + right] - data[at + left])) / 32
      : (3 * (data[down + left] - data[up + left] + data[down + right] - data[up + right]) + 10 * (data[down + x] - data[up + x])) / 32;
  };
  const both = [true, false].map((horizontal) =>
    interpolate(corner, window, (columns, rows, out) => {
      let to = 0;
      for (const row of rows) for (const column of columns) out[to++] = along(column, row, horizontal);
    }),
  );
  return { slopesX: both[0], slopesY: both[1] };
}

/** Read whole pixels, one more than the window each way, and interpolate between them. */
function interpolate(
  [x, y]: Point,
  window: number,
  read: (columns: number[], rows: number[], out: Float64Array, width: number) => void,
): Float64Array {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [across, down] = [x - left, y - top];
  const side = window + 1;
  const whole = new Float64Array(side * side);
  const numbers = (first: number) => Array.from({ length: side }, (_, at) => first + at);
  read(numbers(left), numbers(top), whole, side);
  const out = new Float64Array(window * window);
  for (let row = 0, to = 0; row < window; row++) {
    for (let column = 0; column < window; column++, to++) {
      const at = row * side + column;
      const above = whole[at] * (1 - across) + whole[at + 1] * across;
      const below = whole[at + side] * (1 - across) + whole[at + side + 1] * across;
      out[to] = above * (1 - down) + below * down;
    }
  }
  return out;
}

/** Halve a picture smoothed by 1 4 6 4 1 each way. */
function smoothAndHalve(picture: Raster): Raster {
  const width = (picture.width + 1) >> 1;
  const height = (picture.height + 1) >> 1;
  const { data } = picture;
  const rows = new Uint16Array(picture.height * width);
  for (let row = 0; row < picture.height; row++) {
    const line = row * picture.width;
    for (let column = 0; column < width; column++) {
      const x = 2 * column;
      const at = (offset: number) => data[line + mirror(x + offset, picture.width)];
      rows[row * width + column] = at(-2) + at(2) + 4 * (at(-1) + at(1)) + 6 * at(0);
    }
  }
  const out = new Uint8Array(width * height);
  for (let row = 0; row < height; row++) {
    const lines = [-2, -1, 0, 1, 2].map((offset) => mirror(2 * row + offset, picture.height) * width);
    for (let column = 0; column < width; column++) {
      const [a, b, c, d, e] = lines.map((line) => rows[line + column]);
      out[row * width + column] = (a + e + 4 * (b + d) + 6 * c + 128) >> 8;
    }
  }
  return { width, height, data: out };
}

/** Mirror a place about the outermost pixels (OpenCV's BORDER_REFLECT_101). */
function mirror(place: number, length: number): number {
  if (length === 1) return 0;
  let at = place;
  while (at < 0 || at >= length) at = at < 0 ? -at : 2 * length - 2 - at;
  return at;
}
