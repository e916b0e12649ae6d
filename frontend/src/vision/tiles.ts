/** Parts of a picture that are looked at one by one; the counterpart of fer_core/vision/tiles.py. */
import { type Box, rint } from "./boxes";
import { C } from "./constants";

const { TILE_STEP } = C.tiles;
const { INPUT_SIDE } = C.detection;

/** Cover a picture with overlapping square tiles, whose sides are shares of its longest. */
export function tileBoxes(width: number, height: number, shares: readonly number[]): Box[] {
  const sides = shares.map((share) => rint(share * Math.max(width, height)));
  const tooSmall = sides.findIndex((side) => side < INPUT_SIDE);
  return sides.slice(0, tooSmall < 0 ? sides.length : tooSmall).flatMap((side) =>
    starts(height, side).flatMap((y) =>
      starts(width, side).map((x): Box => [x, y, Math.min(x + side, width), Math.min(y + side, height)]),
    ),
  );
}

/** Whether a face found in a part of a picture is not cut by an edge that is the part's alone. */
export function isUncut(frame: Box, part: Box, width: number, height: number): boolean {
  return (
    (frame[0] > part[0] || part[0] <= 0) &&
    (frame[1] > part[1] || part[1] <= 0) &&
    (frame[2] < part[2] || part[2] >= width) &&
    (frame[3] < part[3] || part[3] >= height)
  );
}

function starts(length: number, side: number): number[] {
  if (length <= side) return [0];
  const steps = Math.ceil((length - side) / (TILE_STEP * side));
  return Array.from({ length: steps + 1 }, (_, at) => rint(((length - side) * at) / steps));
}
