/** Keeps one id a person: through hidden seconds and crossing paths; the counterpart of fer_core/vision/tracks.py. */
import { assign } from "./assignment";
import { areaOf, type Box, centreOf, distance, intersect, type Point } from "./boxes";
import { C } from "./constants";
import type { Detection } from "./detection";
import type { Motion } from "./flow";
import { lookDistance } from "./looks";
import { Track } from "./track";

const { SURVIVES_S, UNCONFIRMED_S, MOST_LOOKS, SURE_SCORE, NEW_SCORE, LEAST_BELIEF, CANDIDATE_S, MOST_MISSED } = C.tracks;
const { REACH, REACH_PER_S, MOST_SIZE_RATIO } = C.tracks;
const { HIDDEN_COST, MOST_COST, APART, OTHER_PACE, COVERED, TOUCHED } = C.tracks;
const { COAST_S } = C.track;

/** Gives each face an id that stays while the person stays in view, hidden for up to a second or not. */
export class Tracker {
  /** All that is remembered, hidden ones and candidates included. */
  tracks: Track[] = [];
  /** Had an id, and were taken for no face a short while ago: a face found there now is the same one. */
  private dropped: Track[] = [];
  private lastId = 0;
  private size = "";
  private timeS = -Infinity;
  private foundS = -Infinity;

  /** Forget who is gone for good; gives whether it started anew. */
  begin(timeS: number, width: number, height: number): boolean {
    const size = `${width}x${height}`;
    const anew = size !== this.size || timeS < this.timeS;
    if (anew) {
      this.tracks = [];
      this.dropped = [];
      this.foundS = -Infinity;
      this.timeS = timeS;
    }
    this.size = size;
    this.tracks = this.tracks.filter(
      ({ id, seenS, bornS, missed }) =>
        timeS - seenS <= SURVIVES_S && (id || (timeS - bornS <= CANDIDATE_S && missed < MOST_MISSED)),
    );
    this.dropped = this.dropped.filter(({ seenS }) => timeS - seenS <= SURVIVES_S);
    return anew;
  }

  /** All ids that may be seen again. */
  get ids(): number[] {
    return [...this.tracks, ...this.dropped].map(({ id }) => id).filter((id) => id);
  }

  /** Let all faces go on: as they were followed, those without a motion as they went. */
  advance(motions: ReadonlyMap<Track, Motion>, timeS: number): void {
    const passedS = timeS - this.timeS;
    this.timeS = timeS;
    const alone = areAlone(this.frames());
    const borrowed = this.borrowed(motions, passedS);
    this.tracks.forEach((track, at) => {
      track.advance(borrowed.has(track) ? undefined : motions.get(track), passedS, timeS, alone[at]);
    });
  }

  /** Those that went as a face near them does, and not as they did: what was followed is that face, before them. */
  private borrowed(motions: ReadonlyMap<Track, Motion>, passedS: number): Set<Track> {
    const rather = (track: Track): boolean => {
      const motion = motions.get(track);
      if (!motion || passedS <= 0) return false;
      const pace: Point = [motion.shift[0] / passedS, motion.shift[1] / passedS];
      const own = distance(track.pace, pace);
      return this.tracks.some(
        (other) =>
          other !== track &&
          areNear(track.frame, other.frame) &&
          distance(track.pace, other.pace) > OTHER_PACE * track.width &&
          distance(other.pace, pace) < own,
      );
    };
    return new Set(this.tracks.filter(rather));
  }

  /** The faces that are in sight: those shown, and those that may soon be. */
  followable(): Track[] {
    return this.tracks.filter((track) => this.inSight(track));
  }

  /** Take in what a detector sees now.
   * @param shouldFind the faces that were missed unless they were found
   * @param part what of the frame was looked at, where that was not all of it, nor about one face
   */
  find(found: readonly Detection[], looks: readonly Float32Array[], shouldFind: readonly Track[], part?: Box): void {
    const passedS = Math.min(this.timeS - this.foundS, SURVIVES_S);
    const alone = areAlone(this.frames());
    const expected = shouldFind.filter((track) => this.tracks.includes(track));
    const apart = areAlone(found.map(({ frame }) => frame));
    const pairs = assign(this.costs(found, looks), MOST_COST);
    for (const [row, column] of pairs) {
      const track = this.tracks[row];
      const free = alone[row] && apart[column];
      track.part = part ?? track.part;
      // The place of one that is followed is known; other looks frame a face somewhat differently.
      if (track.followed && !track.missed && !expected.includes(track)) continue;
      track.find(found[column], this.timeS, free);
      if (free) track.remember(looks[column], passedS);
      if (!track.id && (track.belief >= NEW_SCORE || track.score >= SURE_SCORE)) this.name(track);
    }
    const known = new Set(pairs.map(([, column]) => column));
    found.forEach((face, column) => {
      if (!known.has(column) && (face.score >= NEW_SCORE || this.isFar(face.frame))) this.add(face, looks[column]);
    });
    this.dropped.push(...this.tracks.filter((track) => !isBelieved(track)));
    this.tracks = this.tracks.filter(isBelieved);
    this.cover(expected);
    this.foundS = this.timeS;
  }

  /** The faces to show in this frame, the longest known first. */
  visible(): Track[] {
    return this.tracks.filter((track) => track.id && this.inSight(track)).sort((one, other) => one.id - other.id);
  }

  private inSight(track: Track): boolean {
    const confirmed = track.missed <= MOST_LOOKS || this.timeS - track.foundS <= UNCONFIRMED_S;
    return confirmed && this.timeS - track.seenS <= COAST_S && !track.covered;
  }

  /** Cost of each known face (rows) being each one found (columns). */
  private costs(found: readonly Detection[], looks: readonly Float32Array[]): number[][] {
    return this.tracks.map((track) =>
      found.map(({ frame, score }, column) => {
        const width = frame[2] - frame[0];
        const unseenS = score >= NEW_SCORE ? this.timeS - track.seenS : 0;
        const reach = Math.max(track.width, width) * (REACH + REACH_PER_S * unseenS);
        const away = distance(track.centre, centreOf(frame)) / reach;
        const grown = Math.abs(Math.log(Math.max(width, 1) / track.width)) / Math.log(MOST_SIZE_RATIO);
        if (Math.hypot(away, grown) > 1) return Infinity;
        return away + grown + lookDistance(track.look, looks[column]) + (track.missed ? HIDDEN_COST : 0);
      }),
    );
  }

  private add(found: Detection, look: Float32Array): void {
    const track = new Track(found, look, this.timeS);
    this.tracks.push(track);
    if (track.score >= SURE_SCORE) this.name(track);
  }

  /** Give a face its id: that of one dropped where it is, else a new one. */
  private name(track: Track): void {
    const same = this.dropped.filter((other) => areAlike(other, track));
    if (same.length) {
      const before = same.reduce((best, other) => (other.seenS > best.seenS ? other : best));
      this.dropped = this.dropped.filter((other) => other !== before);
      track.id = before.id;
    } else track.id = ++this.lastId;
  }

  /** Whether a face is far from all that are known: beside one, weak likenesses are nothing new. */
  private isFar(frame: Box): boolean {
    const known = this.tracks.filter(({ id }) => id).map((track) => track.frame);
    return areAlone([frame, ...known])[0];
  }

  /** Hide whoever was expected and not found where someone else was. */
  private cover(expected: readonly Track[]): void {
    const front = this.tracks.filter(({ foundS }) => foundS === this.timeS).map(({ frame }) => frame);
    for (const track of expected) {
      if (track.foundS < this.timeS) track.missed += 1;
      const share = Math.max(0, ...front.map((frame) => intersect(track.frame, frame) / areaOf(track.frame)));
      track.covered = track.missed > 0 && share > (track.missed === 1 ? COVERED : TOUCHED);
    }
  }

  private frames(): Box[] {
    return this.tracks.map(({ frame }) => frame);
  }
}

function isBelieved({ id, best, belief }: Track): boolean {
  return !id || best >= SURE_SCORE || belief >= LEAST_BELIEF;
}

/** Whether two faces are about in the same place and of the same size. */
function areAlike(one: Track, other: Track): boolean {
  const larger = Math.max(one.width, other.width);
  const near = distance(one.centre, other.centre) <= REACH * larger;
  return near && larger <= MOST_SIZE_RATIO * Math.min(one.width, other.width);
}

/** Say of each box whether no other is near. */
function areAlone(frames: readonly Box[]): boolean[] {
  return frames.map((one, at) => frames.every((other, index) => index === at || !areNear(one, other)));
}

function areNear(one: Box, other: Box): boolean {
  return distance(centreOf(one), centreOf(other)) < APART * Math.max(one[2] - one[0], other[2] - other[0]);
}
