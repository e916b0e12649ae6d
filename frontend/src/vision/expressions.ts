/** Steady expressions: what is said of a face over time; the counterpart of fer_core/vision/expressions.py. */
import { C, EMOTIONS, NEUTRAL } from "./constants";

const { SMOOTHING_S, MOST_GAP_S, MARGIN, LEAD_S, WIDE_MARGIN, LONG_LEAD_S, DOUBT, READ_S, NEW_READ_S, NEW_READINGS, MOST_CLASSIFIED } = C.expressions;

/** What is shown of one face. */
export interface Shown {
  readonly probabilities: Float64Array;
  readonly label: number;
  readonly unsure: boolean;
}

/** One face's expression over time. */
class Expression {
  probabilities = new Float64Array(EMOTIONS.length).fill(1 / EMOTIONS.length);
  readS = -Infinity;
  dueS = -Infinity;
  private label = NEUTRAL;
  private unsure = true;
  private shown = false;
  private readings = 0;
  private aheadS: number | undefined;
  private clearS: number | undefined;

  /** Whether its next reading shall be of its mirror image. */
  get mirrored(): boolean {
    return this.readings % 2 === 1;
  }

  learn(row: Float64Array, timeS: number): void {
    this.readings += 1;
    const passedS = Math.min(Math.max(timeS - this.readS, 0), MOST_GAP_S);
    const share = Math.max(1 - Math.exp(-passedS / SMOOTHING_S), 1 / this.readings);
    this.probabilities = this.probabilities.map((value, label) => value + share * (row[label] - value));
    const gapS = this.readings > NEW_READINGS ? READ_S : NEW_READ_S;
    this.readS = timeS;
    this.dueS = (timeS - this.dueS < gapS ? this.dueS : timeS) + gapS;
  }

  show(probabilities: Float64Array, threshold: number, timeS: number): Shown {
    const isRead = this.readS > -Infinity;
    const best = probabilities.indexOf(Math.max(...probabilities));
    const lead = probabilities[best] - probabilities[this.label];
    this.aheadS = since(this.aheadS, lead > 0, timeS);
    this.clearS = since(this.clearS, lead >= MARGIN, timeS);
    const clear = lead >= WIDE_MARGIN || (this.clearS !== undefined && timeS - this.clearS >= LEAD_S);
    const ahead = this.aheadS !== undefined && timeS - this.aheadS >= LONG_LEAD_S;
    const first = isRead && !this.shown;
    if (clear || ahead || first) {
      this.label = best;
      this.aheadS = this.clearS = undefined;
    }
    const doubt = first ? 0 : this.unsure ? DOUBT : -DOUBT;
    this.unsure = probabilities[this.label] < threshold + doubt || !isRead;
    this.shown = this.shown || isRead;
    return { probabilities, label: this.label, unsure: this.unsure };
  }
}

/** The expressions of all faces of a stream, by id. */
export class Expressions {
  private faces = new Map<number, Expression>();

  constructor(private readonly threshold: number) {}

  /** Forget all faces but these. */
  keep(ids: readonly number[]): void {
    this.faces = new Map(ids.map((id) => [id, this.faces.get(id) ?? new Expression()]));
  }

  /** Whose turn it is to be read. */
  due(ids: readonly number[], timeS: number): number[] {
    const waiting = ids.filter((id) => this.of(id).dueS <= timeS + 1e-6);
    return waiting.sort((one, other) => compare(this.of(one).readS, this.of(other).readS)).slice(0, MOST_CLASSIFIED);
  }

  /** Whether a face's mirror image shall be read next. */
  mirrored(id: number): boolean {
    return this.of(id).mirrored;
  }

  /** Take in readings by id. */
  learn(rows: ReadonlyMap<number, Float64Array>, timeS: number): void {
    for (const [id, row] of rows) this.of(id).learn(row, timeS);
  }

  /** Choose what is shown of a face in this frame. */
  show(id: number, shift: readonly number[] | undefined, timeS: number): Shown {
    const face = this.of(id);
    const shifted = face.probabilities.map((share, label) => share * Math.exp(shift?.[label] ?? 0));
    const sum = Math.max(
      shifted.reduce((one, other) => one + other, 0),
      Number.MIN_VALUE,
    );
    return face.show(shifted.map((share) => share / sum), this.threshold, timeS);
  }

  private of(id: number): Expression {
    const face = this.faces.get(id);
    if (!face) throw new Error(`expected a face that is kept, received ${id}`);
    return face;
  }
}

/** Order two numbers that may both be infinite. */
function compare(one: number, other: number): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function since(sinceS: number | undefined, holds: boolean, timeS: number): number | undefined {
  return holds ? (sinceS ?? timeS) : undefined;
}
