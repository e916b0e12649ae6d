/** Packs what was recognised for Python: numbers only, about once a second, small enough for the slowest line. */
import { clip, rint } from "./vision/boxes";
import type { Faces } from "./vision/faces";
import type { Answer } from "./messages";

/** Bytes of numbers in one message; with what is around them it stays below 2 kB. */
export const MOST_BYTES = 840;
const FRAME_BYTES = 3;
const FACE_BYTES = 27;
const FULL = 0xffff;

/** What Python takes apart in fer_core/ui/browser_results.py. */
export interface Results {
  /** Counts messages, so that one that comes twice counts once. */
  readonly n: number;
  /** Differs from one START to the next. */
  readonly stream: number;
  readonly size: readonly [number, number];
  /** Seconds from the first of the frames to when this was sent. */
  readonly age: number;
  readonly fps: number;
  readonly delay: number;
  readonly hints: readonly string[];
  readonly focus: number | null;
  readonly neutral: readonly [string, number | null, number];
  /** Time of the first frame in its stream, in seconds. */
  readonly t: number;
  /** Base64: see `pack`. */
  readonly frames: string;
}

/** Choose the frames that fit, evenly, the last one always; then pack each into bytes, little-endian:
 * uint16 ms since the first, uint8 n, and for each of n faces uint16 id, int16 box (4), uint8 score, uint8 quality,
 * uint8 label (128 added where unsure), uint16 probabilities (7), shares being parts of the largest number.
 */
export function pack(frames: readonly Faces[]): { bytes: Uint8Array; firstS: number } {
  const chosen = thin(frames);
  const bytes = new Uint8Array(chosen.reduce((sum, frame) => sum + sizeOf(frame), 0));
  const view = new DataView(bytes.buffer);
  const firstS = chosen[0]?.timeS ?? 0;
  let at = 0;
  const put = (size: 1 | 2, value: number) => {
    if (size === 1) view.setUint8(at, clip(rint(value), 0, 0xff));
    else view.setUint16(at, clip(rint(value), 0, FULL), true);
    at += size;
  };
  for (const { timeS, faces } of chosen) {
    put(2, 1000 * (timeS - firstS));
    put(1, faces.length);
    for (const face of faces) {
      put(2, face.id);
      for (const edge of face.box) put(2, edge);
      put(1, 0xff * face.score);
      put(1, 0xff * face.quality);
      put(1, face.label + (face.unsure ? 0x80 : 0));
      for (const share of face.probabilities) put(2, FULL * share);
    }
  }
  return { bytes, firstS };
}

function thin(frames: readonly Faces[]): Faces[] {
  for (let step = 1; ; step++) {
    const chosen = frames.filter((_, at) => (frames.length - 1 - at) % step === 0);
    if (chosen.length <= 1 || chosen.reduce((sum, frame) => sum + sizeOf(frame), 0) <= MOST_BYTES) return chosen.map(fit);
  }
}

/** A crowd too large for one message is told without its smallest part. */
function fit(frame: Faces): Faces {
  const most = Math.floor((MOST_BYTES - FRAME_BYTES) / FACE_BYTES);
  return frame.faces.length <= most ? frame : { ...frame, faces: frame.faces.slice(0, most) };
}

function sizeOf({ faces }: Faces): number {
  return FRAME_BYTES + FACE_BYTES * faces.length;
}

const EVERY_S = 1;
const SOONEST_S = 0.4;
const SPARSE_S = 0.25;

/** Gathers answers until it is time to tell Python. */
export class Reporter {
  private frames: Answer[] = [];
  private sentS = -Infinity;
  private n = 0;
  private stream = 0;

  constructor(private readonly send: (results: Results) => void) {}

  /** Begin another stream. */
  restart(): void {
    this.frames = [];
    this.stream = Date.now() % 1e9;
    this.sentS = -Infinity;
  }

  /** Take in an answer; while nothing is recorded, four a second are enough. */
  add(answer: Answer, recording: boolean, pace: { fps: number; delayMs: number }): void {
    const last = this.frames.at(-1);
    const slot = (timeS: number) => Math.floor(timeS / SPARSE_S);
    if (!recording && last && slot(answer.timeS) === slot(last.timeS)) this.frames[this.frames.length - 1] = answer;
    else this.frames.push(answer);
    const waited = answer.timeS - this.sentS;
    const full = recording && this.frames.reduce((sum, frame) => sum + sizeOf(frame), 0) > MOST_BYTES - FRAME_BYTES - FACE_BYTES;
    if (waited >= EVERY_S || (full && waited >= SOONEST_S)) this.flush(answer, pace);
  }

  /** Tell what is left when a stream ends. */
  finish(pace: { fps: number; delayMs: number }): void {
    const newest = this.frames.at(-1);
    if (newest) this.flush(newest, pace);
  }

  private flush(newest: Answer, { fps, delayMs }: { fps: number; delayMs: number }): void {
    const { bytes, firstS } = pack(this.frames);
    const { neutral } = newest;
    this.frames = [];
    this.sentS = newest.timeS;
    this.send({
      n: ++this.n,
      stream: this.stream,
      size: [newest.width, newest.height],
      age: round(newest.timeS - firstS, 3),
      fps: round(fps, 1),
      delay: round(delayMs, 0),
      hints: newest.hints,
      focus: newest.focusId,
      neutral: [neutral.state, neutral.faceId, round(neutral.leftS, 1)],
      t: round(firstS, 3),
      frames: btoa(String.fromCharCode(...bytes)),
    });
  }
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
