/** What was recognised in one frame; the counterpart of fer_core/vision/faces.py. */
import { areaOf, type Box } from "./boxes";

export interface Face {
  readonly id: number;
  /** Clipped to the picture, whole pixels. */
  readonly box: Box;
  readonly score: number;
  /** Seven, summing to 1, smoothed over time. */
  readonly probabilities: Float64Array;
  /** The emotion shown. */
  readonly label: number;
  readonly unsure: boolean;
  /** Degrees by which the head is turned clockwise. */
  readonly tilt: number;
  /** 0..1: how well the face can be read. */
  readonly quality: number;
}

export interface NeutralLook {
  readonly state: "off" | "learning" | "on";
  readonly faceId: number | null;
  /** While learning: how much longer. */
  readonly leftS: number;
}

/** What the parts of a frame's recognition took, in milliseconds. */
export interface Parts {
  readonly follow: number;
  readonly find: number;
  readonly read: number;
}

export interface Faces {
  readonly faces: readonly Face[];
  readonly timeS: number;
  readonly parts: Parts;
  /** What troubles the picture of the face in focus, the worst first. */
  readonly hints: readonly string[];
  readonly focusId: number | null;
  readonly neutral: NeutralLook;
}

/** The face in focus: the chosen one, else the largest. */
export function focusOf({ faces, focusId }: Pick<Faces, "faces" | "focusId">): Face | undefined {
  const chosen = faces.find(({ id }) => id === focusId);
  return chosen ?? faces.reduce<Face | undefined>((best, face) => (best && areaOf(best.box) >= areaOf(face.box) ? best : face), undefined);
}
