/** A frame as the pipeline sees it, and how pictures are made smaller; the counterpart of fer_core/vision/planes.py. */
import { clip, rint } from "./boxes";
import { C } from "./constants";

const { BLACK_LEVEL, WHITE_LEVEL } = C.planes;

/** Bytes in rows, one or more a pixel. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint8ClampedArray;
}

/** A colour frame and its brightness of limited range (black 16, white 235), as video has it. */
export class Picture {
  readonly luma: Raster;

  constructor(readonly rgba: Raster) {
    const { width, height, data } = rgba;
    const luma = new Uint8Array(width * height);
    const half = (1 << 19) + (16 << 20);
    for (let pixel = 0, at = 0; pixel < luma.length; pixel++, at += 4) {
      luma[pixel] = (269484 * data[at] + 528482 * data[at + 1] + 102760 * data[at + 2] + half) >> 20;
    }
    this.luma = { width, height, data: luma };
  }

  get width(): number {
    return this.rgba.width;
  }

  get height(): number {
    return this.rgba.height;
  }
}

const TO_FULL = Uint8Array.from({ length: 256 }, (_, level) =>
  clip(rint((level - BLACK_LEVEL) * (255 / (WHITE_LEVEL - BLACK_LEVEL))), 0, 255),
);

/** Stretch brightness of limited range to 0..255, in place. */
export function stretch(luma: Uint8Array): Uint8Array {
  for (let at = 0; at < luma.length; at++) luma[at] = TO_FULL[luma[at]];
  return luma;
}

/** Cut a part; beyond the picture its outermost pixels go on. */
export function cut(picture: Raster, left: number, top: number, width: number, height: number): Raster {
  const data = new Uint8Array(width * height);
  const inside = left >= 0 && left + width <= picture.width;
  for (let row = 0; row < height; row++) {
    const start = clip(top + row, 0, picture.height - 1) * picture.width;
    if (inside) {
      data.set(picture.data.subarray(start + left, start + left + width), row * width);
      continue;
    }
    for (let column = 0; column < width; column++) {
      data[row * width + column] = picture.data[start + clip(left + column, 0, picture.width - 1)];
    }
  }
  return { width, height, data };
}

/** Halve both sides: the mean of each two by two. */
export function halve(picture: Raster, channels = 1): Raster {
  if (picture.width % 2 || picture.height % 2) {
    return resizeArea(picture, picture.width >> 1, picture.height >> 1, channels);
  }
  const width = picture.width >> 1;
  const height = picture.height >> 1;
  const { data } = picture;
  const stride = picture.width * channels;
  const out = new Uint8Array(width * height * channels);
  for (let row = 0, to = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      let from = 2 * row * stride + 2 * column * channels;
      for (let channel = 0; channel < channels; channel++, from++) {
        out[to++] = (data[from] + data[from + channels] + data[from + stride] + data[from + stride + channels] + 2) >> 2;
      }
    }
  }
  return { width, height, data: out };
}

/** Resize by the mean of what each new pixel covers (OpenCV's INTER_AREA); for making smaller. */
export function resizeArea(picture: Raster, width: number, height: number, channels = 1): Raster {
  const across = shares(picture.width, width);
  const down = shares(picture.height, height);
  const stride = picture.width * channels;
  const wide = width * channels;
  const rows = new Float32Array(picture.height * wide);
  for (let row = 0, to = 0; row < picture.height; row++) {
    for (const { first, weights } of across) {
      for (let channel = 0; channel < channels; channel++, to++) {
        let from = row * stride + first * channels + channel;
        for (let part = 0; part < weights.length; part++, from += channels) rows[to] += weights[part] * picture.data[from];
      }
    }
  }
  const data = new Uint8Array(height * wide);
  down.forEach(({ first, weights }, row) => {
    for (let column = 0; column < wide; column++) {
      let sum = 0;
      for (let part = 0; part < weights.length; part++) sum += weights[part] * rows[(first + part) * wide + column];
      data[row * wide + column] = rint(sum);
    }
  });
  return { width, height, data };
}

/** The pixels, from `first` on, that a new pixel covers, and the share that each has in it. */
interface Share {
  readonly first: number;
  readonly weights: Float32Array;
}

function shares(from: number, to: number): Share[] {
  const scale = from / to;
  return Array.from({ length: to }, (_, index) => {
    const low = index * scale;
    const high = Math.min(low + scale, from);
    const first = Math.floor(low + 1e-6);
    const last = Math.min(Math.max(Math.ceil(high - 1e-6), first + 1), from);
    const covered = (pixel: number) => (Math.min(pixel + 1, high) - Math.max(pixel, low)) / (high - low);
    return { first, weights: Float32Array.from({ length: last - first }, (_, part) => covered(first + part)) };
  });
}

/** Resize by interpolating between the four nearest pixels (OpenCV's INTER_LINEAR). */
export function resizeLinear(picture: Raster, width: number, height: number, channels = 1): Raster {
  const out = new Uint8Array(width * height * channels);
  const { data } = picture;
  const stride = picture.width * channels;
  const columns = places(picture.width, width);
  const rows = places(picture.height, height);
  for (let row = 0, to = 0; row < height; row++) {
    const upper = rows.low[row] * stride;
    const lower = rows.high[row] * stride;
    const down = rows.share[row];
    for (let column = 0; column < width; column++) {
      const left = columns.low[column] * channels;
      const right = columns.high[column] * channels;
      const across = columns.share[column];
      for (let channel = 0; channel < channels; channel++) {
        const above = data[upper + left + channel] * (1 - across) + data[upper + right + channel] * across;
        const below = data[lower + left + channel] * (1 - across) + data[lower + right + channel] * across;
        out[to++] = above * (1 - down) + below * down + 0.5;
      }
    }
  }
  return { width, height, data: out };
}

function places(from: number, to: number): { low: Int32Array; high: Int32Array; share: Float32Array } {
  const low = new Int32Array(to);
  const high = new Int32Array(to);
  const share = new Float32Array(to);
  for (let index = 0; index < to; index++) {
    const place = clip((index + 0.5) * (from / to) - 0.5, 0, from - 1);
    low[index] = Math.floor(place);
    high[index] = Math.min(low[index] + 1, from - 1);
    share[index] = place - low[index];
  }
  return { low, high, share };
}

/** Halve as long as that is possible, then interpolate: cheap, and shows no ripples. */
export function reduceTo(picture: Raster, width: number, height: number, channels = 1): Raster {
  let smaller = picture;
  while (smaller.width >= 2 * width && smaller.height >= 2 * height) smaller = halve(smaller, channels);
  return resizeLinear(smaller, width, height, channels);
}
