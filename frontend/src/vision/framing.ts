/** Zoom on the face: a virtual camera that frames the face in focus; the counterpart of fer_core/vision/framing.py. */
import { areaOf, type Box, clip, clipBox, intersect } from "./boxes";
import { C } from "./constants";
import { type Face, type Faces, focusOf } from "./faces";

const { SIZE, EYE_LINE, MOST_ZOOM, SLACK, SIZE_SLACK, EASE_S, PATIENCE_S, WHOLE_PX, LEAST_SEEN } = C.framing;

/** Middle x, middle y, logarithm of the height. */
type Camera = readonly [number, number, number];

/** The virtual camera of one stream. */
export class Zoom {
  private size = "";
  private timeS = 0;
  private seenS = -Infinity;
  private faceId: number | null = null;
  private aim: Camera = [0, 0, 0];
  private half: Camera = [0, 0, 0];
  private eased: Camera = [0, 0, 0];

  /** The part of the next frame to show. */
  view(faces: Faces, width: number, height: number, timeS: number, on: boolean): Box {
    const whole: Camera = [width / 2, height / 2, Math.log(Math.max(height, 1))];
    const size = `${width}x${height}`;
    if (size !== this.size || timeS < this.timeS) {
      this.size = size;
      this.seenS = -Infinity;
      this.faceId = null;
      this.aim = this.half = this.eased = whole;
      this.timeS = timeS;
    }
    this.aimAt(faces, whole, width, height, timeS, on);
    const share = 1 - Math.exp(-(timeS - this.timeS) / EASE_S);
    this.timeS = timeS;
    this.half = toward(this.half, this.aim, share);
    this.eased = toward(this.eased, this.half, share);
    return toView(this.eased, width, height);
  }

  private aimAt(faces: Faces, whole: Camera, width: number, height: number, timeS: number, on: boolean): void {
    const face = on ? this.find(faces, timeS) : undefined;
    if (face) {
      this.seenS = timeS;
      this.faceId = face.id;
      this.aim = follow(this.aim, frameFace(face.box, width, height), whole[2]);
    } else if (!on || timeS - this.seenS > PATIENCE_S) {
      this.aim = whole;
      this.seenS = -Infinity;
      this.faceId = null;
    }
  }

  /** The face to show: the one in focus; without one, the last shown; when it is gone for long, the largest. */
  private find(faces: Faces, timeS: number): Face | undefined {
    const wanted = faces.focusId ?? this.faceId;
    const found = faces.faces.find(({ id }) => id === wanted);
    if (found) return found;
    const waits = this.faceId !== null && timeS - this.seenS <= PATIENCE_S;
    return waits ? undefined : focusOf(faces);
  }
}

/** Move faces to where the view shows them; those of which less than a quarter is shown are left out. */
export function mapFaces(faces: readonly Face[], view: Box, width: number, height: number): Face[] {
  const scale = width / (view[2] - view[0]);
  return faces
    .filter(({ box }) => intersect(box, view) >= LEAST_SEEN * Math.max(areaOf(box), 1))
    .map((face) => {
      const [left, top, right, bottom] = face.box;
      const moved: Box = [(left - view[0]) * scale, (top - view[1]) * scale, (right - view[0]) * scale, (bottom - view[1]) * scale];
      return { ...face, box: clipBox(moved, width, height) };
    });
}

/** The camera that shows a face well and nothing beyond the frame. */
function frameFace([left, top, right, bottom]: Box, width: number, height: number): Camera {
  const tall = clip(SIZE * Math.max(bottom - top, 1), height / MOST_ZOOM, height);
  const wide = (tall * width) / height;
  const x = clip((left + right) / 2, wide / 2, width - wide / 2);
  const y = clip((top + bottom) / 2 + (0.5 - EYE_LINE) * tall, tall / 2, height - tall / 2);
  return [x, y, Math.log(tall)];
}

/** Draw what is aimed at along only as far as it is out of slack. */
function follow(aim: Camera, wanted: Camera, wholeLog: number): Camera {
  const tall = Math.exp(wanted[2]);
  const slack = [SLACK * tall, SLACK * tall, SIZE_SLACK];
  const [x, y, size] = aim.map((value, at) => clip(value, wanted[at] - slack[at], wanted[at] + slack[at]));
  return [x, y, Math.min(size, wholeLog)];
}

function toward(from: Camera, to: Camera, share: number): Camera {
  return [0, 1, 2].map((at) => from[at] + share * (to[at] - from[at])) as unknown as Camera;
}

function toView(camera: Camera, width: number, height: number): Box {
  const tall = Math.min(Math.exp(camera[2]), height);
  const wide = (tall * width) / height;
  const left = clip(camera[0] - wide / 2, 0, width - wide);
  const top = clip(camera[1] - tall / 2, 0, height - tall);
  if (height - tall < WHOLE_PX) return [0, 0, width, height];
  return [left, top, left + wide, top + tall];
}
