/** How much finding faces may cost: when the next detection is due; the counterpart of fer_core/vision/budget.py. */
import { overlap } from "./boxes";
import { C } from "./constants";
import type { Track } from "./track";

const { STEADY_S, EMPTY_S, LOST_S, BUSY_S, NEAR, SLACK_S } = C.budget;
const { MOST_FOLLOWED } = C.flow;

/** The seconds that should lie between the last detection and the next. */
export function detectionGap(tracks: readonly Track[], visible: readonly Track[], lastS: number): number {
  if (!tracks.length) return EMPTY_S;
  const crowd = visible.length > MOST_FOLLOWED;
  const lost = visible.some(({ followed }) => !followed) && !crowd;
  const missed = visible.some(({ foundS }) => foundS < lastS);
  const candidate = tracks.some(({ id }) => !id);
  if (lost || missed || candidate || anyNear(visible)) return BUSY_S;
  return crowd || visible.length < tracks.length ? LOST_S : STEADY_S;
}

/** Whether the gap has passed, or nearly so. */
export function isDue(gapS: number, lastS: number, timeS: number): boolean {
  return timeS - lastS >= gapS - SLACK_S;
}

function anyNear(tracks: readonly Track[]): boolean {
  return tracks.some((one, at) => tracks.slice(at + 1).some((other) => overlap(one.frame, other.frame) > NEAR));
}
