/** Runs the detector and the classifier with LiteRT, compiled to WebAssembly: one thread, no graphics card. */
import { type CompiledModel, type LiteRt, loadLiteRt, Tensor } from "@litertjs/core";
import type { DetectorNetwork } from "./vision/detection";
import { C } from "./vision/constants";

declare const self: typeof globalThis & { Module?: unknown };

/** Gives the seven logits of one (48, 48) crop. */
export type ClassifierNetwork = (crop: Uint8Array) => Promise<Float32Array>;

/** Start LiteRT.
 * @param script address of its script, which `importScripts` loads
 * @param wasm what it runs
 */
export async function startLiteRt(script: string, wasm: Promise<WebAssembly.Module>): Promise<LiteRt> {
  type Done = (instance: WebAssembly.Instance, module: WebAssembly.Module) => void;
  let failed: (why: unknown) => void;
  const failure = new Promise<never>((_, reject) => (failed = reject));
  self.Module = {
    print: () => {},
    printErr: () => {},
    instantiateWasm(imports: WebAssembly.Imports, done: Done) {
      wasm.then(async (module) => done(await WebAssembly.instantiate(module, imports), module)).catch(failed);
      return {};
    },
  };
  return withoutGraphicsCard(() => Promise.race([loadLiteRt(script), failure]));
}

/** Start it without a graphics card, which these small networks have no use for; it would take hold of one, or warn. */
async function withoutGraphicsCard(start: () => Promise<LiteRt>): Promise<LiteRt> {
  const { warn } = console;
  if ("gpu" in (self.navigator ?? {})) Object.defineProperty(self.navigator, "gpu", { value: undefined, configurable: true });
  console.warn = () => {};
  try {
    return await start();
  } finally {
    console.warn = warn;
  }
}

/** Give BlazeFace's network. */
export async function loadDetector(litert: LiteRt, file: Uint8Array): Promise<DetectorNetwork> {
  const network = await compile(litert, file);
  const side = C.detection.INPUT_SIDE;
  return async (input) => {
    const outputs = await run(network, new Tensor(input as Float32Array<ArrayBuffer>, [1, side, side, 3]));
    const values = Object.values(outputs).sort((one, other) => other.length - one.length);
    return { regressors: values[0], logits: values[1] };
  };
}

/** Give a model's network.
 * @param output the name of the live head's output
 */
export async function loadClassifier(litert: LiteRt, file: Uint8Array, output: string): Promise<ClassifierNetwork> {
  const network = await compile(litert, file);
  const side = C.labels.IMAGE_SIZE;
  return async (crop) => {
    const outputs = await run(network, new Tensor(crop as Uint8Array<ArrayBuffer>, [1, side, side, 1]));
    if (!(output in outputs)) throw new Error(`expected the output ${output}, received ${Object.keys(outputs)}. Export the model again.`);
    return outputs[output];
  };
}

/** Softmax of logits over a temperature. */
export function toProbabilities(logits: Float32Array, temperature: number): Float64Array {
  const highest = Math.max(...logits);
  const shares = Float64Array.from(logits, (logit) => Math.exp((logit - highest) / temperature));
  const sum = shares.reduce((one, other) => one + other, 0);
  return shares.map((share) => share / sum);
}

function compile(litert: LiteRt, file: Uint8Array): Promise<CompiledModel> {
  return litert.loadAndCompile(file, { accelerator: "wasm" });
}

async function run(network: CompiledModel, input: Tensor): Promise<Record<string, Float32Array>> {
  const outputs = await network.run({ [network.getInputDetails()[0].name]: input });
  const values = Object.entries(outputs).map(([name, tensor]) => {
    const copy = Float32Array.from(tensor.toTypedArray() as Float32Array);
    tensor.delete();
    return [name, copy];
  });
  input.delete();
  return Object.fromEntries(values);
}
