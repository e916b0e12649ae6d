/** Follows faces from one frame to the next by their texture; the counterpart of fer_core/vision/flow.py. */
import { type Box, centreOf, clip, distance, middle, type Point, rint } from "./boxes";
import { C } from "./constants";
import { type Followed, followPoints, pyramidOf } from "./lucas_kanade";
import { cut, halve, type Raster } from "./picture";

const { FLOW_SIDE, MOST_FOLLOWED, GRID, INNER, WINDOW, LEVELS, MARGIN, RETURN_PX, LEAST_RETURNED } = C.flow;
const { MOST_SPREAD, MOST_CHANGE, MOST_SCALE, MOST_SHIFT } = C.flow;
const STEPS = Array.from({ length: GRID }, (_, at) => (-INNER + (2 * INNER * at) / (GRID - 1) + 1) / 2);
const SHARES = STEPS.flatMap((down) => STEPS.map((across): Point => [across, down]));

/** How one face moved from the last frame to this one, about its centre. */
export class Motion {
  constructor(
    readonly shift: Point,
    readonly scale: number,
    /** Degrees clockwise. */
    readonly turn: number,
  ) {}

  /** Move a point of the face, whose centre was at `centre`. */
  move([x, y]: Point, centre: Point): Point {
    const angle = (this.turn * Math.PI) / 180;
    const [cosine, sine] = [Math.cos(angle) * this.scale, Math.sin(angle) * this.scale];
    const [across, down] = [x - centre[0], y - centre[1]];
    return [cosine * across - sine * down + centre[0] + this.shift[0], sine * across + cosine * down + centre[1] + this.shift[1]];
  }
}

/** Remembers the last frame, much reduced. */
export class Flow {
  private last: Raster | undefined;

  /** Follow faces, given by where they were in the last frame, into this one, and remember it. */
  follow(luma: Raster, frames: readonly Box[]): (Motion | undefined)[] {
    const { small, factor } = reduce(luma);
    const last = this.last;
    this.last = small;
    const motions = new Array<Motion | undefined>(frames.length).fill(undefined);
    if (!last || last.width !== small.width || last.height !== small.height || !frames.length) return motions;
    const widthOf = (index: number) => frames[index][2] - frames[index][0];
    const chosen = frames.map((_, index) => index).sort((one, other) => widthOf(other) - widthOf(one));
    chosen.length = Math.min(chosen.length, MOST_FOLLOWED);
    const scaled = chosen.map((index) => frames[index].map((value) => value / factor) as unknown as Box);
    const part = surroundings(scaled, small);
    const pictures = [last, small].map((picture) => pyramidOf(cut(picture, ...part), LEVELS, WINDOW));
    chosen.forEach((index, row) => {
      motions[index] = followFace(pictures, pointsOf(scaled[row], part), frames[index], part, factor);
    });
    return motions;
  }
}

type Pyramid = ReturnType<typeof pyramidOf>;
type Part = [left: number, top: number, width: number, height: number];

function pointsOf([left, top, right, bottom]: Box, part: Part): Point[] {
  return SHARES.map(([across, down]) => [
    Math.fround(left + across * (right - left)) - part[0],
    Math.fround(top + down * (bottom - top)) - part[1],
  ]);
}

/** Follow one face's points there and back, and find the motion that most of them share. */
function followFace(pictures: Pyramid[], points: Point[], frame: Box, part: Part, factor: number): Motion | undefined {
  const ahead = followPoints(pictures[0], pictures[1], points, WINDOW);
  const back = followPoints(
    pictures[1],
    pictures[0],
    ahead.map(({ place }) => place),
    WINDOW,
  );
  const kept = points.map((_, at) => at).filter((at) => returned(points[at], ahead[at], back[at], part));
  if (kept.length < LEAST_RETURNED * points.length) return undefined;
  if (middle(kept.map((at) => ahead[at].change)) > MOST_CHANGE) return undefined;
  const whole = ([x, y]: Point): Point => [(x + part[0]) * factor, (y + part[1]) * factor];
  return motionOf(
    kept.map((at) => whole(points[at])),
    kept.map((at) => whole(ahead[at].place)),
    frame,
  );
}

function returned(point: Point, ahead: Followed, back: Followed, [, , width, height]: Part): boolean {
  const inside = point[0] >= 0 && point[1] >= 0 && point[0] < width && point[1] < height;
  return inside && ahead.found && back.found && distance(point, back.place) <= RETURN_PX;
}

/** Shrink a picture by a whole factor to about `FLOW_SIDE`. */
export function reduce(luma: Raster): { small: Raster; factor: number } {
  const factor = Math.max(1, rint(Math.max(luma.width, luma.height) / FLOW_SIDE));
  const width = Math.max(Math.floor(luma.width / factor), 1);
  const height = Math.max(Math.floor(luma.height / factor), 1);
  if (factor === 1) return { small: luma, factor };
  if (factor === 2 && luma.width === 2 * width && luma.height === 2 * height) return { small: halve(luma), factor };
  const twice = new Uint8Array(4 * width * height);
  for (let row = 0, to = 0; row < 2 * height; row++) {
    const line = Math.floor((row * factor) / 2) * luma.width;
    for (let column = 0; column < 2 * width; column++) twice[to++] = luma.data[line + Math.floor((column * factor) / 2)];
  }
  return { small: halve({ width: 2 * width, height: 2 * height, data: twice }), factor };
}

/** What of a picture must be looked at. */
function surroundings(frames: readonly Box[], { width, height }: Raster): Part {
  const edges = frames.map(([left, top, right, bottom]) => {
    const [across, down] = [MARGIN * (right - left), MARGIN * (bottom - top)];
    return [left - across, top - down, right + across + 1, bottom + down + 1];
  });
  const all = (at: number) => edges.map((edge) => edge[at]);
  const left = Math.floor(clip(Math.min(...all(0)), 0, width - 1));
  const top = Math.floor(clip(Math.min(...all(1)), 0, height - 1));
  const right = Math.max(Math.floor(clip(Math.max(...all(2)), 1, width)), left + 1);
  const bottom = Math.max(Math.floor(clip(Math.max(...all(3)), 1, height)), top + 1);
  return [left, top, right - left, bottom - top];
}

/** Find the motion that most points share; undefined where they disagree or the motion is beyond belief. */
function motionOf(old: readonly Point[], now: readonly Point[], frame: Box): Motion | undefined {
  const scales: number[] = [];
  const turns: number[] = [];
  for (let one = 0; one < old.length; one++) {
    for (let other = one + 1; other < old.length; other++) {
      const [before, after] = [difference(old[one], old[other]), difference(now[one], now[other])];
      const size = before[0] ** 2 + before[1] ** 2;
      const real = (after[0] * before[0] + after[1] * before[1]) / size;
      const imaginary = (after[1] * before[0] - after[0] * before[1]) / size;
      scales.push(Math.hypot(real, imaginary));
      turns.push(Math.atan2(imaginary, real));
    }
  }
  const scale = middle(scales);
  const turn = (middle(turns) * 180) / Math.PI;
  const centre = centreOf(frame);
  const still = new Motion([0, 0], scale, turn);
  const rest = old.map((point, at) => difference(now[at], still.move(point, centre)));
  const shift: Point = [middle(rest.map(([x]) => x)), middle(rest.map(([, y]) => y))];
  const width = frame[2] - frame[0];
  const believed = scale >= 1 / MOST_SCALE && scale <= MOST_SCALE && Math.hypot(...shift) <= MOST_SHIFT * width;
  if (!believed || middle(rest.map((step) => distance(step, shift))) > Math.max(MOST_SPREAD * width, 1)) return undefined;
  return new Motion(shift, scale, turn);
}

function difference(one: Point, other: Point): Point {
  return [one[0] - other[0], one[1] - other[1]];
}
