/** Calms what is measured in every frame: the One Euro filter; the counterpart of fer_core/vision/calm.py. */
import type { Box } from "./boxes";
import { C } from "./constants";

const { LEAST_HZ, HZ_PER_SPEED, REST_SPEED, SPEED_HZ } = C.calm;

/** Calms one vector over time; its parts share a cutoff, so that a slanting move stays straight. */
export class OneEuro {
  private value: number[] | undefined;
  private seen: number[] = [];
  private speed: number[] = [];
  private timeS = 0;

  /** Take in what was measured, with a unit of speeds; gives it calmed. */
  update(values: readonly number[], timeS: number, unit = 1): number[] {
    if (!this.value) {
      this.value = [...values];
      this.seen = [...values];
      this.speed = values.map(() => 0);
      this.timeS = timeS;
    }
    const passedS = timeS - this.timeS;
    if (passedS > 0) {
      const share = shareOf(passedS, SPEED_HZ);
      this.speed = this.speed.map((speed, at) => speed + share * ((values[at] - this.seen[at]) / (unit * passedS) - speed));
      const cutoff = LEAST_HZ + HZ_PER_SPEED * Math.max(Math.hypot(...this.speed) - REST_SPEED, 0);
      const step = shareOf(passedS, cutoff);
      this.value = this.value.map((value, at) => value + step * (values[at] - value));
      this.seen = [...values];
      this.timeS = timeS;
    }
    return [...this.value];
  }
}

/** Calms one face's box: its centre and its sides, in units of its width. */
export class CalmBox {
  private readonly centre = new OneEuro();
  private readonly sides = new OneEuro();

  update([left, top, right, bottom]: Box, timeS: number): Box {
    const unit = Math.max(right - left, 1);
    const [x, y] = this.centre.update([(left + right) / 2, (top + bottom) / 2], timeS, unit);
    const [width, height] = this.sides.update([right - left, bottom - top], timeS, unit);
    return [x - width / 2, y - height / 2, x + width / 2, y + height / 2];
  }
}

/** What share of the way a first-order low-pass filter goes, 0..1. */
export function shareOf(passedS: number, cutoffHz: number): number {
  return 1 / (1 + 1 / (2 * Math.PI * cutoffHz * passedS));
}
