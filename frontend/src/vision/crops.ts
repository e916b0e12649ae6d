/** Cuts faces out of a picture as FER2013 frames a face; the counterpart of fer_core/vision/crops.py. */
import { type Box, clip, type Point, rint } from "./boxes";
import { C } from "./constants";
import { cut, type Raster, resizeArea, resizeLinear } from "./picture";

const { SIDE, DROP, LEVEL, TURN_WHOLE, GROWTH, WORK_SIDE } = C.crops;
export const CROP_SIDE = C.labels.IMAGE_SIZE;

/** The square that frames a face: left, top and side in whole pixels; it may reach outside the picture. */
export function faceSquare(box: Box): { left: number; top: number; side: number } {
  const width = box[2] - box[0];
  const side = Math.max(rint(SIDE * width), 1);
  return { left: rint(box[0] + (width - side) / 2), top: rint(box[1] + DROP * (box[3] - box[1]) - side / 2), side };
}

/** By how many degrees a head is turned clockwise in the picture, by the line through its eyes. */
export function eyeTilt(keypoints: readonly Point[]): number {
  const [left, right] = keypoints;
  return (Math.atan2(right[1] - left[1], right[0] - left[0]) * 180) / Math.PI;
}

/** Cut one face out and bring it to 48 x 48, upright: brightness as it comes. */
export function cropFace(luma: Raster, box: Box, tilt: number): Uint8Array {
  const turn = turnOf(tilt);
  if (turn) return cropTurned(luma, box, turn);
  const { left, top, side } = faceSquare(box);
  return shrink(cut(luma, left, top, side, side), CROP_SIDE);
}

/** Turn a crop round from left to right. */
export function mirror(crop: Uint8Array): Uint8Array {
  return crop.map((_, at) => crop[at - (at % CROP_SIDE) + CROP_SIDE - 1 - (at % CROP_SIDE)]);
}

/** Bring a square to a side. */
export function shrink(patch: Raster, side: number): Uint8Array {
  return (patch.height > side ? resizeArea : resizeLinear)(patch, side, side).data as Uint8Array;
}

/** The degrees by which a crop is turned: none for a level face, then growing to the whole tilt. */
function turnOf(tilt: number): number {
  const size = Math.abs(tilt);
  return Math.sign(tilt) * clip((TURN_WHOLE * (size - LEVEL)) / (TURN_WHOLE - LEVEL), 0, size);
}

function cropTurned(luma: Raster, box: Box, turn: number): Uint8Array {
  const sine = Math.sin((turn * Math.PI) / 180);
  const cosine = Math.cos((turn * Math.PI) / 180);
  const side = Math.max((SIDE * (box[2] - box[0])) / Math.max(cosine, 0.5) ** GROWTH, 1);
  const down = (DROP - 0.5) * (box[3] - box[1]);
  const x = (box[0] + box[2]) / 2 - sine * down;
  const y = (box[1] + box[3]) / 2 + cosine * down;
  const factor = Math.max(rint(side / WORK_SIDE), 1);
  const small = Math.ceil((side * (Math.abs(sine) + Math.abs(cosine)) + 3) / factor);
  const left = Math.floor(x - (factor * small) / 2);
  const top = Math.floor(y - (factor * small) / 2);
  let patch = cut(luma, left, top, factor * small, factor * small);
  if (factor > 1) patch = resizeArea(patch, small, small);
  const scale = side / factor / WORK_SIDE;
  const half = (WORK_SIDE - 1) / 2;
  const startX = (x - left) / factor - 0.5 - scale * (cosine - sine) * half;
  const startY = (y - top) / factor - 0.5 - scale * (sine + cosine) * half;
  const upright = turned(patch, scale * cosine, scale * sine, startX, startY);
  return shrink(upright, CROP_SIDE);
}

/** Fill a square from a patch along two directions; beyond the patch its outermost pixels go on. */
function turned({ width, height, data }: Raster, alongX: number, alongY: number, startX: number, startY: number): Raster {
  const out = new Uint8Array(WORK_SIDE * WORK_SIDE);
  for (let row = 0, to = 0; row < WORK_SIDE; row++) {
    for (let column = 0; column < WORK_SIDE; column++) {
      const x = clip(startX + alongX * column - alongY * row, 0, width - 1);
      const y = clip(startY + alongY * column + alongX * row, 0, height - 1);
      const left = Math.min(Math.floor(x), width - 2);
      const at = Math.min(Math.floor(y), height - 2) * width + left;
      const across = x - left;
      const down = y - (at - left) / width;
      const above = data[at] * (1 - across) + data[at + 1] * across;
      const below = data[at + width] * (1 - across) + data[at + width + 1] * across;
      out[to++] = above * (1 - down) + below * down + 0.5;
    }
  }
  return { width: WORK_SIDE, height: WORK_SIDE, data: out };
}
