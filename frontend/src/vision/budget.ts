/** How much finding faces may cost: when the next detection is due; the counterpart of fer_core/vision/budget.py. */
import { overlap } from "./boxes";
import { C } from "./constants";
import type { Track } from "./track";

const { STEADY_S, EMPTY_S, LOST_S, BUSY_S, NEAR, SLACK_S } = C.budget;
const { MOST_FOLLOWED } = C.flow;

/** The seconds that should lie between the last look at the whole, or at a part of it, and the next. */
export function detectionGap(tracks: readonly Track[], visible: readonly Track[]): number {
  const known = tracks.filter(({ id }) => id);
  if (!known.length) return EMPTY_S;
  const crowd = visible.length > MOST_FOLLOWED;
  const lost = visible.some(({ followed }) => !followed) && !crowd;
  if (lost || visible.some(({ missed }) => missed) || anyNear(visible)) return BUSY_S;
  return crowd || visible.length < known.length ? LOST_S : STEADY_S;
}

/** Whether the gap has passed, or nearly so. */
export function isDue(gapS: number, lastS: number, timeS: number): boolean {
  return timeS - lastS >= gapS - SLACK_S;
}

/** Whether two of them overlap by more than this share. */
export function anyNear(tracks: readonly Track[], share = NEAR): boolean {
  return tracks.some((one, at) => tracks.slice(at + 1).some((other) => overlap(one.frame, other.frame) > share));
}
