/** What tells one face from another for a second or two; the counterpart of fer_core/vision/looks.py. */
import { type Box, clip } from "./boxes";
import { C } from "./constants";
import { CROP_SIDE, shrink } from "./crops";
import type { Picture } from "./picture";

const { SIDE, TINT_UNIT, DARKEST, INNER } = C.looks;
const GRAYS = SIDE * SIDE;

/** Describe a face by its crop, without its brightness, and by its colour. */
export function describeFace(picture: Picture, frame: Box, crop: Uint8Array): Float32Array {
  const look = new Float32Array(GRAYS + 2);
  const patch = Float64Array.from(shrink({ width: CROP_SIDE, height: CROP_SIDE, data: crop }, SIDE));
  const mean = sum(patch) / GRAYS;
  const length = Math.sqrt(sum(patch.map((value) => (value - mean) ** 2)));
  if (length > 1) look.set(patch.map((value) => (value - mean) / length));
  const brightness = sum(crop) / crop.length + DARKEST;
  look.set(
    chroma(picture, frame).map((value) => value / (TINT_UNIT * brightness)),
    GRAYS,
  );
  return look;
}

/** How different two looks are: 0..3, near 0 for one face, about 1 for two. */
export function lookDistance(left: Float32Array, right: Float32Array): number {
  let alike = 0;
  for (let at = 0; at < GRAYS; at++) alike += left[at] * right[at];
  return 1 - alike + Math.min(Math.hypot(left[GRAYS] - right[GRAYS], left[GRAYS + 1] - right[GRAYS + 1]), 1);
}

/** Mean U and V about the middle of a face, 0 for gray and where it lies outside. */
function chroma(picture: Picture, frame: Box): number[] {
  const across = INNER * (frame[2] - frame[0]);
  const down = INNER * (frame[3] - frame[1]);
  const [width, height] = [picture.width >> 1, picture.height >> 1];
  const left = Math.floor(clip((frame[0] + across) / 2, 0, width));
  const top = Math.floor(clip((frame[1] + down) / 2, 0, height));
  const right = Math.floor(clip((frame[2] - across) / 2 + 1, 0, width));
  const bottom = Math.floor(clip((frame[3] - down) / 2 + 1, 0, height));
  if (right <= left || bottom <= top) return [0, 0];
  const { u, v } = picture.colours;
  return [u, v].map((plane) => {
    let total = 0;
    for (let row = top; row < bottom; row++) total += sum(plane.data.subarray(row * plane.width + left, row * plane.width + right));
    return total / ((right - left) * (bottom - top)) - 128;
  });
}

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let at = 0; at < values.length; at++) total += values[at];
  return total;
}
