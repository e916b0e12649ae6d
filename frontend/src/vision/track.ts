/** One face over time; the counterpart of fer_core/vision/track.py. */
import { type Box, centreOf, clip, type Point } from "./boxes";
import { CalmBox, OneEuro } from "./calm";
import { C } from "./constants";
import { eyeTilt } from "./crops";
import type { Detection } from "./detection";
import { Motion } from "./flow";

const { SPEED_S, LOOK_S, DAMPING_S, BELIEF_SHARE, STILL_SHARE, LEAST_TRUST, ANEW_S, TILT_UNIT } = C.track;

export class Track {
  /** 0 until it is sure to be a face. */
  id = 0;
  frame: Box;
  keypoints: readonly Point[];
  score: number;
  /** When it was last found or followed, and when last found. */
  seenS: number;
  foundS: number;
  /** Whether it was followed into this frame. */
  followed = false;
  /** Detections in a row that did not find it. */
  missed = 0;
  /** Whether another face is in front of it. */
  covered = false;
  /** The part of the frame in which it was last found, when not as a whole. */
  part: Box | undefined;
  /** Pixels a second: the mean of a short while, learned while no other face is near, and since it was seen before. */
  velocity: Point = [0, 0];
  pace: Point = [0, 0];
  /** `frame` calmed. */
  shown: Box = [0, 0, 0, 0];
  /** Degrees clockwise, calmed. */
  tilt = 0;
  /** Its scores in the mean of the last few looks that found it, low ones beside another face left out; the highest of all. */
  belief: number;
  best: number;
  private place: Point;
  private speeds = 0;
  private calmBox = new CalmBox();
  private calmTilt = new OneEuro();

  constructor(
    found: Detection,
    public look: Float32Array,
    readonly bornS: number,
  ) {
    this.frame = found.frame;
    this.keypoints = found.keypoints;
    this.score = this.belief = this.best = found.score;
    this.seenS = this.foundS = bornS;
    this.place = this.centre;
  }

  get centre(): Point {
    return centreOf(this.frame);
  }

  get width(): number {
    return Math.max(this.frame[2] - this.frame[0], 1);
  }

  /** Go to where it was followed to, else on as it went; if not alone, some of its points may be another's. */
  advance(motion: Motion | undefined, passedS: number, timeS: number, alone: boolean): void {
    this.followed = motion !== undefined;
    if (!motion) {
      const step: Point = [this.velocity[0] * passedS, this.velocity[1] * passedS];
      this.frame = shifted(this.frame, step);
      this.keypoints = this.keypoints.map(([x, y]): Point => [x + step[0], y + step[1]]);
    }
    const kept = Math.exp(-passedS / DAMPING_S);
    if (this.missed || !alone) this.velocity = [this.velocity[0] * kept, this.velocity[1] * kept];
    if (!motion) {
      this.pace = [this.pace[0] * kept, this.pace[1] * kept];
      return;
    }
    const taken = alone ? motion : new Motion(motion.shift, 1, 0);
    const before = this.centre;
    const half: Point = [((this.frame[2] - this.frame[0]) / 2) * taken.scale, ((this.frame[3] - this.frame[1]) / 2) * taken.scale];
    this.keypoints = this.keypoints.map((point) => taken.move(point, before));
    const [x, y] = [before[0] + taken.shift[0], before[1] + taken.shift[1]];
    this.frame = [x - half[0], y - half[1], x + half[0], y + half[1]];
    this.see(timeS, alone);
  }

  /** Take in a detection: in part where the face was also followed, as far as both agree. */
  find(found: Detection, timeS: number, alone: boolean): void {
    const step = found.frame.map((value, at) => value - this.frame[at]);
    let trust = 1;
    if (this.followed) {
      trust = clip(Math.max(...step.map(Math.abs)) / (STILL_SHARE * this.width), LEAST_TRUST, 1);
    }
    if (timeS - this.seenS > ANEW_S) {
      this.calmBox = new CalmBox();
      this.calmTilt = new OneEuro();
    }
    const grow = alone ? trust : LEAST_TRUST;
    const x = (trust * (step[0] + step[2])) / 2;
    const y = (trust * (step[1] + step[3])) / 2;
    const wide = (grow * (step[2] - step[0])) / 2;
    const high = (grow * (step[3] - step[1])) / 2;
    const [left, top, right, bottom] = this.frame;
    this.frame = [left + x - wide, top + y - high, right + x + wide, bottom + y + high];
    this.keypoints = this.keypoints.map(
      (point, at): Point => [
        point[0] + trust * (found.keypoints[at][0] - point[0]),
        point[1] + trust * (found.keypoints[at][1] - point[1]),
      ],
    );
    if (alone || found.score > this.belief) this.belief += (this.id ? BELIEF_SHARE : 1 / 2) * (found.score - this.belief);
    this.score = found.score;
    this.best = Math.max(found.score, this.best);
    this.foundS = timeS;
    this.missed = 0;
    this.covered = false;
    this.see(timeS, alone);
  }

  /** Let the look change slowly into what it is now. */
  remember(look: Float32Array, passedS: number): void {
    const share = 1 - Math.exp(-passedS / LOOK_S);
    this.look = this.look.map((value, at) => value + share * (look[at] - value));
  }

  /** Calm what is shown. */
  settle(timeS: number): void {
    this.shown = this.calmBox.update(this.frame, timeS);
    [this.tilt] = this.calmTilt.update([eyeTilt(this.keypoints)], timeS, TILT_UNIT);
  }

  private see(timeS: number, alone: boolean): void {
    const passedS = timeS - this.seenS;
    const centre = this.centre;
    if (passedS > 0) this.pace = [(centre[0] - this.place[0]) / passedS, (centre[1] - this.place[1]) / passedS];
    if (passedS > 0 && alone) {
      this.speeds += 1;
      const share = Math.max(1 - Math.exp(-passedS / SPEED_S), 1 / this.speeds);
      const speed = (at: 0 | 1) => this.velocity[at] + share * (this.pace[at] - this.velocity[at]);
      this.velocity = [speed(0), speed(1)];
    }
    this.place = centre;
    this.seenS = timeS;
  }
}

function shifted([left, top, right, bottom]: Box, [x, y]: Point): Box {
  return [left + x, top + y, right + x, bottom + y];
}
