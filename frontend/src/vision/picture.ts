/** A frame as the pipeline sees it, and how pictures are made smaller; the counterpart of fer_core/vision/planes.py. */
import { type Box, clip, rint } from "./boxes";
import { C } from "./constants";

const { BLACK_LEVEL, WHITE_LEVEL } = C.planes;

/** Bytes in rows, one or more a pixel. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint8ClampedArray;
}

const BITS = 20;
const HALF = 1 << (BITS - 1);

/** A frame as video has it: brightness of limited range (black 16, white 235), colour at half the resolution (BT.601). */
export class Picture {
  readonly luma: Raster;
  private pixels: Uint32Array;
  private halves: { u: Raster; v: Raster } | undefined;

  constructor({ width, height, data }: Raster) {
    const luma = new Uint8Array(width * height);
    const pixels = new Uint32Array(data.buffer, data.byteOffset, luma.length); // red is the lowest byte of each
    for (let at = 0; at < luma.length; at++) {
      const pixel = pixels[at];
      const sum = 269484 * (pixel & 255) + 528482 * ((pixel >> 8) & 255) + 102760 * ((pixel >> 16) & 255);
      luma[at] = (sum + HALF + (BLACK_LEVEL << BITS)) >> BITS;
    }
    this.luma = { width, height, data: luma };
    this.pixels = pixels;
  }

  get width(): number {
    return this.luma.width;
  }

  get height(): number {
    return this.luma.height;
  }

  /** Blue, and red, less brightness; gray at 128. */
  get colours(): { u: Raster; v: Raster } {
    this.halves ??= this.readColours();
    return this.halves;
  }

  private readColours(): { u: Raster; v: Raster } {
    const [width, height] = [(this.width + 1) >> 1, (this.height + 1) >> 1];
    const [u, v] = [new Uint8Array(width * height), new Uint8Array(width * height)];
    for (let row = 0, to = 0; row < height; row++) {
      for (let column = 0, at = 2 * row * this.width; column < width; column++, at += 2, to++) {
        const pixel = this.pixels[at];
        const [red, green, blue] = [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255];
        u[to] = (-155188 * red - 305135 * green + 460324 * blue + HALF + (128 << BITS)) >> BITS;
        v[to] = (460324 * red - 385875 * green - 74448 * blue + HALF + (128 << BITS)) >> BITS;
      }
    }
    return { u: { width, height, data: u }, v: { width, height, data: v } };
  }
}

/** The three planes of a picture, or of a part of it. */
export interface Planes {
  readonly luma: Raster;
  readonly u: Raster;
  readonly v: Raster;
}

/** What lies in a box within the picture, whose left and top are even. */
export function partOf(picture: Picture, [left, top, right, bottom]: Box): Planes {
  const { u, v } = picture.colours;
  const [across, down] = [left >> 1, top >> 1];
  const half = [across, down, ((right + 1) >> 1) - across, ((bottom + 1) >> 1) - down] as const;
  return { luma: cut(picture.luma, left, top, right - left, bottom - top), u: cut(u, ...half), v: cut(v, ...half) };
}

/** Bring a picture to another size: red, green and blue of each pixel, 0..255. */
export function toSmallColours(planes: Planes, width: number, height: number): Uint8ClampedArray {
  const half = [(width + 1) >> 1, (height + 1) >> 1] as const;
  const luma = reduceTo(planes.luma, width, height).data;
  const [blues, reds] = [reduceTo(planes.u, ...half).data, reduceTo(planes.v, ...half).data];
  const out = new Uint8ClampedArray(width * height * 3);
  for (let row = 0, at = 0; row < height; row++) {
    for (let column = 0; column < width; column++, at++) {
      const colour = (row >> 1) * half[0] + (column >> 1);
      const [blue, red] = [blues[colour] - 128, reds[colour] - 128];
      const light = Math.max(luma[at] - BLACK_LEVEL, 0) * 1220542 + HALF;
      out[3 * at] = (light + 1673527 * red) >> BITS;
      out[3 * at + 1] = (light - 852492 * red - 409993 * blue) >> BITS;
      out[3 * at + 2] = (light + 2116026 * blue) >> BITS;
    }
  }
  return out;
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
export function halve(picture: Raster): Raster {
  const { width, height, data } = picture;
  if (width % 2 || height % 2) return resizeArea(picture, width >> 1, height >> 1);
  const out = new Uint8Array((width * height) >> 2);
  for (let row = 0, to = 0; row < height; row += 2) {
    let from = row * width;
    for (const end = from + width; from < end; from += 2) {
      out[to++] = (data[from] + data[from + 1] + data[from + width] + data[from + width + 1] + 2) >> 2;
    }
  }
  return { width: width >> 1, height: height >> 1, data: out };
}

/** Resize by the mean of what each new pixel covers (OpenCV's INTER_AREA); for making smaller. */
export function resizeArea(picture: Raster, width: number, height: number): Raster {
  const across = shares(picture.width, width);
  const down = shares(picture.height, height);
  const rows = new Float32Array(picture.height * width);
  for (let row = 0, to = 0; row < picture.height; row++) {
    for (const { first, weights } of across) {
      let sum = 0;
      let from = row * picture.width + first;
      for (let part = 0; part < weights.length; part++) sum += weights[part] * picture.data[from++];
      rows[to++] = sum;
    }
  }
  const data = new Uint8Array(height * width);
  down.forEach(({ first, weights }, row) => {
    for (let column = 0; column < width; column++) {
      let sum = 0;
      for (let part = 0; part < weights.length; part++) sum += weights[part] * rows[(first + part) * width + column];
      data[row * width + column] = rint(sum);
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

const ONE = 2048;

/** Resize by interpolating between the four nearest pixels (OpenCV's INTER_LINEAR, to the last bit). */
export function resizeLinear(picture: Raster, width: number, height: number): Raster {
  const out = new Uint8Array(width * height);
  const { data } = picture;
  const columns = places(picture.width, width);
  const rows = places(picture.height, height);
  for (let row = 0, to = 0; row < height; row++) {
    const [upper, lower] = [rows.low[row] * picture.width, rows.high[row] * picture.width];
    const [above, below] = [rows.first[row], rows.second[row]];
    for (let column = 0; column < width; column++) {
      const [left, right] = [columns.low[column], columns.high[column]];
      const [before, behind] = [columns.first[column], columns.second[column]];
      const high = (data[upper + left] * before + data[upper + right] * behind) >> 4;
      const low = (data[lower + left] * before + data[lower + right] * behind) >> 4;
      out[to++] = (((above * high) >> 16) + ((below * low) >> 16) + 2) >> 2;
    }
  }
  return { width, height, data: out };
}

/** Between which two pixels each new one lies, and the share of each, in 2,048ths. */
function places(from: number, to: number): Record<"low" | "high" | "first" | "second", Int32Array> {
  const [low, high, first, second] = [0, 1, 2, 3].map(() => new Int32Array(to));
  for (let index = 0; index < to; index++) {
    const place = (index + 0.5) * (from / to) - 0.5;
    low[index] = clip(Math.floor(place), 0, from - 1);
    high[index] = Math.min(low[index] + 1, from - 1);
    const share = place < 0 || low[index] === from - 1 ? 0 : Math.fround(place - low[index]);
    first[index] = rint((1 - share) * ONE);
    second[index] = rint(share * ONE);
  }
  return { low, high, first, second };
}

/** Halve as long as that is possible, then interpolate: cheap, and shows no ripples. */
export function reduceTo(picture: Raster, width: number, height: number): Raster {
  let smaller = picture;
  while (smaller.width >= 2 * width && smaller.height >= 2 * height) smaller = halve(smaller);
  return resizeLinear(smaller, width, height);
}
