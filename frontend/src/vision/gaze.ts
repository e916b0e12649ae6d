/** Where to look for faces next; the counterpart of fer_core/vision/gaze.py. */
import { type Box, rint } from "./boxes";
import { anyNear, detectionGap, isDue } from "./budget";
import { C } from "./constants";
import { tileBoxes } from "./tiles";
import type { Track } from "./track";

const { BUSY_S, CLOSE_SIDES, FAR_MARGIN, JUST_S, PART_SHARE, SMALL_SHARE, WHOLE_EVERY } = C.gaze;

/** One look at a part of a frame. */
export interface Look {
  /** May reach beyond the frame. */
  readonly box: Box;
  /** Whom it would show if they were where they are thought to be. */
  readonly shouldFind: readonly Track[];
}

/** Chooses the looks of one stream. */
export class Gaze {
  private size = "";
  private parts: Box[] = [];
  private turn = 0;
  private part = 0;
  private closer = 0;
  private lastS = -Infinity;
  private wideS = -Infinity;
  private closely = false;

  /** Choose the look that is due at this frame, if any. */
  choose(tracks: readonly Track[], visible: readonly Track[], width: number, height: number, timeS: number): Look | undefined {
    const doubtful = mostDoubtful(tracks, this.closely ? [] : visible);
    if (doubtful && isDue(BUSY_S, this.lastS, timeS)) {
      this.closely = true;
      this.lastS = timeS;
      this.closer += 1;
      return { box: boxAbout(doubtful, CLOSE_SIDES[this.closer % CLOSE_SIDES.length]), shouldFind: [doubtful] };
    }
    if (!isDue(detectionGap(tracks, visible), this.wideS, timeS)) return undefined;
    this.closely = false;
    this.lastS = this.wideS = timeS;
    return this.lookWidely(tracks, width, height, timeS);
  }

  private lookWidely(tracks: readonly Track[], width: number, height: number, timeS: number): Look {
    const size = `${width}x${height}`;
    if (size !== this.size) {
      this.size = size;
      this.parts = partsOf(width, height);
    }
    this.turn += 1;
    const whole = tracks.length ? this.turn % 3 !== 0 : this.turn % WHOLE_EVERY === 1;
    const lost = tracks.some(({ id, followed, seenS }) => id && !followed && timeS - seenS < JUST_S);
    if (whole || lost || anyNear(tracks, 0)) return { box: [0, 0, width, height], shouldFind: [...tracks] };
    this.part += 1;
    return { box: this.parts[(this.part - 1) % this.parts.length], shouldFind: [] };
  }
}

/** The looks beside the one at the whole: from far, large parts, and after each round of them one of the small ones. */
function partsOf(width: number, height: number): Box[] {
  const margin = rint(FAR_MARGIN * Math.max(width, height));
  const far: Box = [-margin, -margin, width + margin, height + margin];
  const rounds = [far, ...tileBoxes(width, height, [PART_SHARE])];
  const small = tileBoxes(width, height, [SMALL_SHARE]);
  return small.length ? small.flatMap((tile) => [...rounds, tile]) : rounds;
}

function boxAbout(track: Track, sides: number): Box {
  const half = (sides / 2) * track.width;
  const [x, y] = track.centre;
  return [rint(x - half), rint(y - half), rint(x + half), rint(y + half)];
}

/** Who needs a closer look most: one seen for the first time, the surest first, else the one missed for longest. */
function mostDoubtful(tracks: readonly Track[], visible: readonly Track[]): Track | undefined {
  const fresh = tracks.filter(({ id }) => !id);
  if (fresh.length) return fresh.reduce((best, track) => (track.score > best.score ? track : best));
  const missed = visible.filter(({ missed: times }) => times > 0);
  return missed.reduce<Track | undefined>((best, track) => (best && best.foundS <= track.foundS ? best : track), undefined);
}
