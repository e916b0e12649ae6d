/** What the page and its worker tell each other. */
import type { Box } from "./vision/boxes";
import type { Face, Faces } from "./vision/faces";

/** A file that is kept in the browser under what it contains. */
export interface FileToLoad {
  readonly url: string;
  /** Hex of its SHA-256, before compression with gzip. */
  readonly digest: string;
  /** To download. */
  readonly bytes: number;
}

export interface ModelToLoad {
  readonly file: FileToLoad;
  /** Name of the live head's output. */
  readonly output: string;
  readonly temperature: number;
  readonly threshold: number;
}

export type ToWorker =
  | { readonly type: "load"; readonly script: string; readonly wasm: FileToLoad; readonly detector: FileToLoad }
  | { readonly type: "model"; readonly model: ModelToLoad }
  | { readonly type: "frame"; readonly bitmap: ImageBitmap; readonly timeS: number; readonly mirror: boolean; readonly zoom: boolean }
  | { readonly type: "neutral"; readonly want: "begin" | "forget" }
  | { readonly type: "restart" };

export interface Answer extends Faces {
  readonly width: number;
  readonly height: number;
  /** The part of the frame to show, and the faces in it. */
  readonly view: Box;
  readonly shown: readonly Face[];
  /** What it took to get at the picture's pixels, in milliseconds. */
  readonly pixelsMs: number;
}

export type FromWorker =
  | { readonly type: "loading"; readonly bytes: number; readonly of: number }
  | { readonly type: "ready" }
  | { readonly type: "answer"; readonly answer: Answer }
  | { readonly type: "failed"; readonly what: "loading" | "frame"; readonly why: string };
