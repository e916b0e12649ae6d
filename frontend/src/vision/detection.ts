/** Finds faces with BlazeFace full range; the counterpart of fer_core/vision/detection.py. */
import { areaOf, type Box, clip, clipBox, intersect, overlap, type Point, rint } from "./boxes";
import { C } from "./constants";
import { partOf, type Picture, toSmallColours } from "./picture";

const { INPUT_SIDE, STRIDE, SAME_FACE_OVERLAP, INSIDE_SHARE } = C.detection;
const CELLS = INPUT_SIDE / STRIDE;
const VALUES = 16;

export interface Detection {
  readonly score: number;
  /** Before rounding and clipping: what a face's crop is framed by. */
  readonly frame: Box;
  /** The eye on the image's left, the other eye, nose, mouth, the two ears. */
  readonly keypoints: readonly Point[];
}

/** Where a picture lies in the network's input. */
interface Letterbox {
  readonly tensor: Float32Array;
  readonly scale: number;
  /** Where the picture's upper left corner is, or would be. */
  readonly left: number;
  readonly top: number;
}

/** Runs the network: (1, 192, 192, 3) within -1..1 to (2304, 16) regressors and (2304,) logits. */
export type DetectorNetwork = (input: Float32Array) => Promise<{ regressors: Float32Array; logits: Float32Array }>;

/** Two corners of a box and six key points, x and y in turn. */
interface Candidate {
  readonly points: Float64Array;
  readonly score: number;
}

/** Find the faces at one look, the surest first.
 * @param part what of the picture to look at; where it reaches beyond there is black
 */
export async function detect(picture: Picture, network: DetectorNetwork, part: Box, minScore: number): Promise<Detection[]> {
  const box = letterbox(picture, part);
  const { regressors, logits } = await network(box.tensor);
  const candidates = decode(regressors, logits, minScore).map(({ points, score }) => ({
    points: points.map((value, at) => (value - (at % 2 ? box.top : box.left)) / box.scale),
    score,
  }));
  return mergeSameFaces(candidates)
    .map(toDetection)
    .filter(({ frame }) => areaOf(clipBox(frame, picture.width, picture.height)) > 0);
}

/** Fit a part of a picture into the network's square input, black beside it. */
export function letterbox(picture: Picture, [left, top, right, bottom]: Box): Letterbox {
  const scale = INPUT_SIDE / Math.max(bottom - top, right - left);
  const start = [right - left, bottom - top].map((side) => (INPUT_SIDE - Math.max(rint(side * scale), 1)) >> 1);
  const [x, y] = [even(clip(left, 0, picture.width)), even(clip(top, 0, picture.height))];
  const inside: Box = [x, y, clip(right, 0, picture.width), clip(bottom, 0, picture.height)];
  const beginX = Math.max(rint((x - left) * scale) + start[0], 0);
  const beginY = Math.max(rint((y - top) * scale) + start[1], 0);
  const tensor = new Float32Array(INPUT_SIDE * INPUT_SIDE * 3).fill(-1);
  if (inside[2] > x && inside[3] > y) {
    const width = Math.max(rint((inside[2] - x) * scale), 1);
    const height = Math.max(rint((inside[3] - y) * scale), 1);
    const colours = toSmallColours(partOf(picture, inside), width, height);
    const shown = Math.min(width, INPUT_SIDE - beginX) * 3;
    for (let row = 0; row < Math.min(height, INPUT_SIDE - beginY); row++) {
      const to = ((beginY + row) * INPUT_SIDE + beginX) * 3;
      const from = row * width * 3;
      for (let at = 0; at < shown; at++) tensor[to + at] = colours[from + at] * (2 / 255) - 1;
    }
  }
  return { tensor, scale, left: beginX - scale * x, top: beginY - scale * y };
}

function even(value: number): number {
  return value - (value % 2);
}

/** Turn what reaches the score into input pixels. */
function decode(regressors: Float32Array, logits: Float32Array, minScore: number): Candidate[] {
  const least = Math.log(minScore / (1 - minScore));
  const found: Candidate[] = [];
  for (let cell = 0; cell < logits.length; cell++) {
    if (logits[cell] < least) continue;
    const values = regressors.subarray(cell * VALUES, (cell + 1) * VALUES);
    const anchorX = (cell % CELLS) * STRIDE + STRIDE / 2;
    const anchorY = Math.floor(cell / CELLS) * STRIDE + STRIDE / 2;
    const halfWidth = values[2] / 2;
    const halfHeight = values[3] / 2;
    if (halfWidth <= 0 || halfHeight <= 0) continue;
    const points = Float64Array.from(values, (value, at) => value + (at % 2 ? anchorY : anchorX));
    const [x, y] = points;
    points.set([x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight]);
    found.push({ points, score: 1 / (1 + Math.exp(-logits[cell])) });
  }
  return found;
}

/** Merge boxes that show one face into their mean, weighted by score (MediaPipe's weighted suppression). */
export function mergeSameFaces(candidates: Candidate[]): Candidate[] {
  let left = candidates.slice().sort((one, other) => other.score - one.score);
  const merged: Candidate[] = [];
  while (left.length) {
    const [best] = left;
    const box = boxOf(best);
    const same = left.filter((other) => other === best || overlap(box, boxOf(other)) > SAME_FACE_OVERLAP);
    const weight = same.reduce((sum, { score }) => sum + score, 0);
    const points = best.points.map((_, at) => same.reduce((sum, other) => sum + other.score * other.points[at], 0) / weight);
    merged.push({ points, score: best.score });
    left = left.filter((other) => !same.includes(other) && !isInside(boxOf(other), box));
  }
  return merged;
}

function isInside(box: Box, surer: Box): boolean {
  return intersect(box, surer) / Math.max(areaOf(box), 1e-6) >= INSIDE_SHARE;
}

function boxOf({ points }: Candidate): Box {
  return [points[0], points[1], points[2], points[3]];
}

function toDetection(candidate: Candidate): Detection {
  const { points, score } = candidate;
  const keypoints = Array.from({ length: 6 }, (_, at): Point => [points[4 + 2 * at], points[5 + 2 * at]]);
  return { score, frame: boxOf(candidate), keypoints };
}
