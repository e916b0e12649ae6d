/** Recognises faces in a thread of its own, so that the page stays at hand. */
import type { LiteRt } from "@litertjs/core";
import { loadFile } from "./files";
import type { Answer, FileToLoad, FromWorker, ModelToLoad, ToWorker } from "./messages";
import { loadClassifier, loadDetector, startLiteRt, toProbabilities } from "./networks";
import type { DetectorNetwork } from "./vision/detection";
import { mapFaces, Zoom } from "./vision/framing";
import { Picture } from "./vision/picture";
import { type Classify, Pipeline } from "./vision/pipeline";

interface Ready {
  readonly litert: LiteRt;
  readonly detector: DetectorNetwork;
}

type Frame = Extract<ToWorker, { type: "frame" }>;

const canvas = new OffscreenCanvas(1, 1);
const context = canvas.getContext("2d", { willReadFrequently: true });
const counts = new Map<string, { bytes: number; of: number }>();
let ready: Promise<Ready>;
let classify: Classify;
let threshold = 0;
let pipeline: Pipeline | undefined;
let zoom = new Zoom();

self.onmessage = async ({ data }: MessageEvent<ToWorker>) => {
  const what = data.type === "frame" ? "frame" : "loading";
  try {
    await handle(data);
  } catch (error) {
    tell({ type: "failed", what, why: error instanceof Error ? error.message : String(error) });
  }
};

async function handle(message: ToWorker): Promise<void> {
  if (message.type === "load") {
    ready = start(message.script, message.wasm, message.detector);
    ready.catch(() => {}); // told by whoever waits for it
    await ready;
  } else if (message.type === "model") await useModel(message.model);
  else if (message.type === "frame") await answer(message);
  else if (message.type === "restart") restart();
  else if (message.want === "begin") pipeline?.neutral.begin();
  else pipeline?.neutral.forget();
}

async function start(script: string, wasm: FileToLoad, detector: FileToLoad): Promise<Ready> {
  const compiled = fetchFile(wasm).then((bytes) => WebAssembly.compile(bytes));
  const [litert, file] = await Promise.all([startLiteRt(script, compiled), fetchFile(detector)]);
  return { litert, detector: await loadDetector(litert, file) };
}

async function useModel(model: ModelToLoad): Promise<void> {
  const [file, { litert }] = await Promise.all([fetchFile(model.file), ready]);
  const network = await loadClassifier(litert, file, model.output);
  classify = async (crop) => toProbabilities(await network(crop), model.temperature);
  threshold = model.threshold;
  restart();
  tell({ type: "ready" });
}

function restart(): void {
  pipeline = undefined;
  zoom = new Zoom();
}

async function answer({ bitmap, timeS, mirror, zoom: zoomed }: Frame): Promise<void> {
  const { detector } = await ready;
  const started = performance.now();
  const picture = read(bitmap, mirror);
  const pixelsMs = performance.now() - started;
  const { width, height } = picture;
  pipeline ??= new Pipeline(detector, classify, threshold);
  const faces = await pipeline.process(picture, timeS);
  const view = zoom.view(faces, width, height, timeS, zoomed);
  const told: Answer = { ...faces, width, height, view, shown: mapFaces(faces.faces, view, width, height), pixelsMs };
  tell({ type: "answer", answer: told });
}

/** Read a frame's pixels, as they are to be shown. */
function read(bitmap: ImageBitmap, mirror: boolean): Picture {
  const { width, height } = bitmap;
  if (!context) throw new Error("expected a canvas to read the camera's picture with, received none. Try another browser.");
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  context.setTransform(mirror ? -1 : 1, 0, 0, 1, mirror ? width : 0, 0);
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return new Picture({ width, height, data: context.getImageData(0, 0, width, height).data });
}

function fetchFile(file: FileToLoad): Promise<Uint8Array<ArrayBuffer>> {
  counts.set(file.digest, { bytes: 0, of: file.bytes });
  return loadFile(file, (bytes) => {
    counts.set(file.digest, { bytes, of: file.bytes });
    const all = [...counts.values()];
    const sum = (name: "bytes" | "of") => all.reduce((total, count) => total + count[name], 0);
    tell({ type: "loading", bytes: sum("bytes"), of: sum("of") });
  });
}

function tell(message: FromWorker): void {
  self.postMessage(message);
}
