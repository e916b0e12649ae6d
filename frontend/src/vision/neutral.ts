/** Neutral look: what a resting face seems to say, taken out later; the counterpart of fer_core/vision/neutral.py. */
import { clip } from "./boxes";
import { C, EMOTIONS, NEUTRAL } from "./constants";
import type { NeutralLook } from "./faces";

const { NEUTRAL_S, REST_ODDS, MOST_SHIFT, LEAST_PROBABILITY, LEAST_READINGS } = C.neutral;
const OFF: NeutralLook = { state: "off", faceId: null, leftS: 0 };

/** Learns the resting look of one face and takes it out. */
export class NeutralBaseline {
  look = OFF;
  private rows: number[][] = [];
  private firstS = 0;
  private shift: number[] | undefined;

  /** Learn anew, from the face in focus at its next reading. */
  begin(): void {
    this.restart({ state: "learning", faceId: null, leftS: NEUTRAL_S });
  }

  /** Take nothing out any more. */
  forget(): void {
    this.restart(OFF);
  }

  /** Forget the look of a face that is not among `ids` any more. */
  keep(ids: readonly number[]): void {
    if (this.look.faceId !== null && !ids.includes(this.look.faceId)) this.forget();
  }

  /** Take in the readings of a frame, by id. */
  learn(focusId: number | null, rows: ReadonlyMap<number, Float64Array>, timeS: number): void {
    if (this.look.state !== "learning") return;
    const faceId = this.look.faceId ?? focusId;
    const row = faceId === null ? undefined : rows.get(faceId);
    if (!row) return;
    if (!this.rows.length) this.firstS = timeS;
    this.rows.push(Array.from(row, (share) => Math.log(Math.max(share, LEAST_PROBABILITY))));
    const leftS = this.firstS + NEUTRAL_S - timeS;
    this.look = { state: "learning", faceId, leftS: Math.max(leftS, 0) };
    if (leftS <= 0 && this.rows.length >= LEAST_READINGS) {
      this.shift = shiftOf(EMOTIONS.map((_, label) => median(this.rows.map((values) => values[label]))));
      this.look = { state: "on", faceId, leftS: 0 };
      this.rows = [];
    }
  }

  /** What to add to the logarithms of a face's probabilities. */
  shiftFor(id: number): readonly number[] | undefined {
    return this.look.faceId === id ? this.shift : undefined;
  }

  private restart(look: NeutralLook): void {
    this.look = look;
    this.rows = [];
    this.shift = undefined;
  }
}

/** The shift for a resting look, given as logarithms of probabilities. */
export function shiftOf(resting: readonly number[]): number[] {
  return resting.map((value, label) =>
    label === NEUTRAL ? 0 : -clip(value - resting[NEUTRAL] + Math.log(REST_ODDS), 0, MOST_SHIFT),
  );
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}
