/** How well a face can be read, and what troubles it; the counterpart of fer_core/vision/quality.py. */
import { type Box, clip, type Point } from "./boxes";
import { C } from "./constants";
import { faceSquare, shrink } from "./crops";
import { cut, type Raster } from "./picture";

const { FACE_SIDE, MIDDLE, DARK_MEAN, BACKLIGHT, BRIGHT_SHARE, LEAST_SAMPLES, CUT_WEIGHTS, TROUBLES } = C.quality;

export interface Quality {
  /** 0 (not at all) to 1. */
  readonly value: number;
  /** Names of what troubles it, the worst first. */
  readonly hints: readonly string[];
}

/** What is measured of one face. */
export interface Measured {
  readonly frame: Box;
  readonly keypoints: readonly Point[];
}

/** Judge how well each face can be read. */
export function measureQuality(luma: Raster, faces: readonly Measured[]): Quality[] {
  if (!faces.length) return [];
  const around = lightAround(luma, faces);
  return faces.map(({ frame, keypoints }) => {
    const { left, top, side } = faceSquare(frame);
    const troubles = judgeLook(cut(luma, left, top, side, side), around);
    troubles.set("far", judge("width", frame[2] - frame[0]));
    troubles.set("turned", judge("turn", turnOf(keypoints)));
    troubles.set("cut", judge("cut", cutOf(left, top, side, luma)));
    return toQuality(troubles);
  });
}

function judge(name: keyof typeof TROUBLES, measured: number): number {
  const { fine, lost } = TROUBLES[name];
  return clip((measured - fine) / (lost - fine), 0, 1);
}

/** 0 where the nose is midway between the ears along the line of the eyes, 1 where it is at one of them. */
function turnOf(points: readonly Point[]): number {
  const across = [points[1][0] - points[0][0], points[1][1] - points[0][1]];
  const [nose, left, right] = [2, 4, 5].map((at) => points[at][0] * across[0] + points[at][1] * across[1]);
  const width = Math.abs(right - left);
  return width > 0 ? Math.abs(2 * nose - left - right) / width : 0;
}

/** The least brightness of the bright part of what is no face; 0 where all is face. */
function lightAround(luma: Raster, faces: readonly Measured[]): number {
  const step = Math.max(Math.floor(Math.min(luma.width, luma.height) / LEAST_SAMPLES), 1);
  const boxes = faces.map(({ frame }) => frame.map((value) => Math.floor(Math.max(value / step, 0))));
  const outside: number[] = [];
  for (let y = 0; y * step < luma.height; y++) {
    for (let x = 0; x * step < luma.width; x++) {
      if (!boxes.some((box) => x >= box[0] && x <= box[2] && y >= box[1] && y <= box[3])) {
        outside.push(luma.data[y * step * luma.width + x * step]);
      }
    }
  }
  if (!outside.length) return 0;
  return Uint8Array.from(outside).sort()[Math.floor((1 - BRIGHT_SHARE) * (outside.length - 1))];
}

/** Judge light, grain and blur of a square with one face. */
function judgeLook(patch: Raster, around: number): Map<string, number> {
  const whole = shrink(patch, FACE_SIDE);
  const [top, bottom, left, right] = MIDDLE;
  const face = Array.from({ length: bottom - top }, (_, row) => {
    const start = (top + row) * FACE_SIDE;
    return Array.from(whole.subarray(start + left, start + right));
  });
  const { mean, deviation: contrast } = spread(face.flat());
  const { suddenness, bend } = measureChanges(face);
  const light = around - mean >= BACKLIGHT ? "backlit" : mean < DARK_MEAN ? "dark" : "pale";
  const troubles = new Map([["pale", judge("glare", mean)]]);
  troubles.set(light, Math.max(judge("contrast", contrast), troubles.get(light) ?? 0));
  troubles.set("grainy", judge("grain", suddenness));
  const detail = bend / Math.max(contrast, 1) ** 2;
  troubles.set("blurred", Math.max(judge("sharpness", suddenness), judge("detail", detail)));
  return troubles;
}

/** How a face changes from pixel to pixel, in the direction, along rows or columns, where it is less. */
function measureChanges(face: number[][]): { suddenness: number; bend: number } {
  const columns = face[0].map((_, column) => face.map((row) => row[column]));
  const both = [face, columns].map((lines) => {
    const slopes: number[] = [];
    const bends: number[] = [];
    for (const line of lines) {
      for (let at = 1; at < line.length - 1; at++) {
        slopes.push(line[at + 1] - line[at - 1]);
        bends.push(line[at + 1] + line[at - 1] - 2 * line[at]);
      }
    }
    const [slope, bend] = [slopes, bends].map((values) => spread(values).deviation ** 2);
    return { share: slope > 0 ? bend / slope : 0, bend };
  });
  return { suddenness: Math.min(both[0].share, both[1].share), bend: Math.min(both[0].bend, both[1].bend) };
}

function spread(values: readonly number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, deviation: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) };
}

/** The share of a square outside the picture, weighed by the edge. */
function cutOf(left: number, top: number, side: number, { width, height }: Raster): number {
  const beyond = [-left, -top, left + side - width, top + side - height];
  return beyond.reduce((sum, value, at) => sum + CUT_WEIGHTS[at] * clip(value / side, 0, 1), 0);
}

function toQuality(troubles: ReadonlyMap<string, number>): Quality {
  const all = [...troubles];
  const value = all.reduce((product, [, trouble]) => product * (1 - trouble), 1);
  const hints = all.filter(([, trouble]) => trouble >= 0.5).sort(([, one], [, other]) => other - one);
  return { value, hints: hints.map(([name]) => name) };
}
