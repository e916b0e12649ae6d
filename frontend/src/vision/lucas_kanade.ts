/** Follows points from one gray picture to another: Lucas and Kanade's method in a pyramid (Bouguet 2001), as OpenCV does it. */
import type { Point } from "./boxes";
import type { Raster } from "./picture";

const MOST_STEPS = 10;
const LEAST_STEP = 0.03;
/** OpenCV's 1e-4 in units of its own. */
const LEAST_TEXTURE = 1e-4 * 1024;
const SWAYING = 0.01;

export interface Followed {
  readonly place: Point;
  readonly found: boolean;
  /** Mean difference of brightness about the point. */
  readonly change: number;
}

/** One reduction of a picture, with a margin: brightness is mirrored into it, slopes are 0 there. */
interface Level {
  readonly width: number;
  readonly height: number;
  readonly margin: number;
  readonly stride: number;
  readonly gray: Float32Array;
  readonly slopesX: Float32Array;
  readonly slopesY: Float32Array;
}

/** A picture and, each half as large as the one before, its reductions, for windows of a side. */
export function pyramidOf(picture: Raster, levels: number, window: number): Level[] {
  const pyramid: Level[] = [];
  let level = picture;
  for (let at = 0; at <= levels; at++) {
    pyramid.push(toLevel(level, window + 1));
    if (at < levels) level = smoothAndHalve(level);
  }
  return pyramid;
}

/** Follow points; `window` is the odd side of what is looked at about each. */
export function followPoints(last: readonly Level[], next: readonly Level[], points: readonly Point[], window: number): Followed[] {
  const half = (window - 1) / 2;
  const size = window * window;
  const work: Work = {
    window,
    patch: new Float32Array(size),
    there: new Float32Array(size),
    slopesX: new Float32Array(size),
    slopesY: new Float32Array(size),
  };
  return points.map(([x, y]) => {
    const top = last.length - 1;
    let place: Point = [x / 2 ** top - half, y / 2 ** top - half];
    for (let level = top; level > 0; level--) {
      const scale = 1 / 2 ** level;
      [place] = followAt(last[level], next[level], [x * scale - half, y * scale - half], place, work);
      place = [2 * (place[0] + half) - half, 2 * (place[1] + half) - half];
    }
    const [[left, upper], found] = followAt(last[0], next[0], [x - half, y - half], place, work);
    const seen = found && isNear(next[0], left, upper, window);
    return { place: [left + half, upper + half], found: seen, change: seen ? changeAt(next[0], left, upper, work) : 0 };
  });
}

interface Work {
  readonly window: number;
  readonly patch: Float32Array;
  readonly there: Float32Array;
  readonly slopesX: Float32Array;
  readonly slopesY: Float32Array;
}

/** Follow one window, places being upper left corners; gives where it went and whether it could be followed. */
function followAt(last: Level, next: Level, from: Point, start: Point, work: Work): [Point, boolean] {
  const { window, patch, there, slopesX, slopesY } = work;
  if (!isNear(last, from[0], from[1], window)) return [start, false];
  sample(last, last.gray, from[0], from[1], window, patch);
  sample(last, last.slopesX, from[0], from[1], window, slopesX);
  sample(last, last.slopesY, from[0], from[1], window, slopesY);
  let [xx, xy, yy] = [0, 0, 0];
  for (let at = 0; at < patch.length; at++) {
    xx += slopesX[at] * slopesX[at];
    xy += slopesX[at] * slopesY[at];
    yy += slopesY[at] * slopesY[at];
  }
  const texture = (xx + yy - Math.sqrt((xx - yy) ** 2 + 4 * xy * xy)) / (2 * patch.length);
  const determinant = xx * yy - xy * xy;
  if (texture < LEAST_TEXTURE || determinant < 1e-12) return [start, false];
  let [x, y] = start;
  let [lastX, lastY] = [0, 0];
  for (let step = 0; step < MOST_STEPS; step++) {
    if (!isNear(next, x, y, window)) return [[x, y], false];
    sample(next, next.gray, x, y, window, there);
    let [offX, offY] = [0, 0];
    for (let at = 0; at < patch.length; at++) {
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
  return [[x, y], true];
}

function changeAt(next: Level, x: number, y: number, { window, patch, there }: Work): number {
  sample(next, next.gray, x, y, window, there);
  let change = 0;
  for (let at = 0; at < patch.length; at++) change += Math.abs(there[at] - patch[at]);
  return change / patch.length;
}

function isNear({ width, height }: Level, x: number, y: number, window: number): boolean {
  return Math.floor(x) >= -window && Math.floor(x) < width && Math.floor(y) >= -window && Math.floor(y) < height;
}

/** Read a window between pixels. */
function sample(level: Level, values: Float32Array, x: number, y: number, window: number, out: Float32Array): void {
  const left = Math.floor(x);
  const top = Math.floor(y);
  const across = x - left;
  const down = y - top;
  const upperLeft = (1 - across) * (1 - down);
  const upperRight = across * (1 - down);
  const lowerLeft = (1 - across) * down;
  const lowerRight = across * down;
  const { stride, margin } = level;
  let to = 0;
  for (let row = 0; row < window; row++) {
    let at = (top + margin + row) * stride + left + margin;
    for (let column = 0; column < window; column++, at++) {
      out[to++] =
        upperLeft * values[at] + upperRight * values[at + 1] + lowerLeft * values[at + stride] + lowerRight * values[at + stride + 1];
    }
  }
}

/** Add a margin, and the slopes along x and y by Scharr's kernel. */
function toLevel({ width, height, data }: Raster, margin: number): Level {
  const stride = width + 2 * margin;
  const size = stride * (height + 2 * margin);
  const gray = new Float32Array(size);
  const columns = mirrored(width, margin);
  const rows = mirrored(height, margin);
  for (let row = 0, to = 0; row < rows.length; row++) {
    const line = rows[row] * width;
    for (let column = 0; column < stride; column++) gray[to++] = data[line + columns[column]];
  }
  const slopesX = new Float32Array(size);
  const slopesY = new Float32Array(size);
  for (let row = 0; row < height; row++) {
    let at = (row + margin) * stride + margin;
    for (let column = 0; column < width; column++, at++) {
      const upper = at - stride;
      const lower = at + stride;
      const falling = gray[lower + 1] - gray[upper - 1];
      const rising = gray[lower - 1] - gray[upper + 1];
      slopesX[at] = (3 * (falling - rising) + 10 * (gray[at + 1] - gray[at - 1])) / 32;
      slopesY[at] = (3 * (falling + rising) + 10 * (gray[lower] - gray[upper])) / 32;
    }
  }
  return { width, height, margin, stride, gray, slopesX, slopesY };
}

/** Halve a picture smoothed by 1 4 6 4 1 each way. */
function smoothAndHalve({ width, height, data }: Raster): Raster {
  const [wide, high] = [(width + 1) >> 1, (height + 1) >> 1];
  const columns = mirrored(width, 2);
  const rows = mirrored(height, 2);
  const lines = new Uint16Array(height * wide);
  for (let row = 0, to = 0; row < height; row++) {
    const line = row * width;
    for (let column = 0; column < wide; column++) {
      const at = 2 * column;
      const outer = data[line + columns[at]] + data[line + columns[at + 4]];
      const inner = data[line + columns[at + 1]] + data[line + columns[at + 3]];
      lines[to++] = outer + 4 * inner + 6 * data[line + columns[at + 2]];
    }
  }
  const out = new Uint8Array(wide * high);
  for (let row = 0, to = 0; row < high; row++) {
    const [a, b, c, d, e] = [0, 1, 2, 3, 4].map((offset) => rows[2 * row + offset] * wide);
    for (let column = 0; column < wide; column++) {
      const outer = lines[a + column] + lines[e + column];
      out[to++] = (outer + 4 * (lines[b + column] + lines[d + column]) + 6 * lines[c + column] + 128) >> 8;
    }
  }
  return { width: wide, height: high, data: out };
}

/** The places from `margin` before a line to `margin` behind it, mirrored about its outermost pixels (BORDER_REFLECT_101). */
function mirrored(length: number, margin: number): Int32Array {
  return Int32Array.from({ length: length + 2 * margin }, (_, index) => {
    if (length === 1) return 0;
    let at = index - margin;
    while (at < 0 || at >= length) at = at < 0 ? -at : 2 * length - 2 - at;
    return at;
  });
}
