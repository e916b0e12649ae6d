/** The worker as the page sees it: loads, takes one frame at a time, answers. */
import type { Answer, FileToLoad, FromWorker, ModelToLoad, ToWorker } from "./messages";

export interface EngineEvents {
  loading(bytes: number, of: number): void;
  ready(): void;
  answer(answer: Answer): void;
  failed(why: string): void;
}

export class Engine {
  /** Whether a frame may be given now. */
  idle = false;
  private readonly worker: Worker;
  private digest = "";

  constructor(worker: URL, script: URL, wasm: FileToLoad, detector: FileToLoad, events: EngineEvents) {
    this.worker = new Worker(worker);
    this.worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      if (data.type === "loading") return events.loading(data.bytes, data.of);
      if (data.type === "failed" && data.what === "loading") return events.failed(data.why);
      this.idle = true;
      if (data.type === "ready") events.ready();
      else if (data.type === "answer") events.answer(data.answer);
      else console.error(`FER Studio: a frame could not be recognised: ${data.why}`);
    };
    this.worker.onerror = ({ message }) => events.failed(message || "the recognition could not be started");
    this.tell({ type: "load", script: script.href, wasm, detector });
  }

  /** Recognise the next frames with a model; the same one twice changes nothing. */
  use(model: ModelToLoad): void {
    const digest = JSON.stringify([model.file.digest, model.output, model.temperature, model.threshold]);
    if (digest === this.digest) return;
    this.digest = digest;
    this.idle = false;
    this.tell({ type: "model", model });
  }

  /** Recognise a frame, which the worker takes over. */
  give(bitmap: ImageBitmap, timeS: number, mirror: boolean, zoom: boolean): void {
    this.idle = false;
    this.tell({ type: "frame", bitmap, timeS, mirror, zoom }, [bitmap]);
  }

  /** Learn the neutral look of the face in focus, or forget it. */
  neutral(want: "begin" | "forget"): void {
    this.tell({ type: "neutral", want });
  }

  /** Forget the stream that ended. */
  restart(): void {
    this.tell({ type: "restart" });
  }

  end(): void {
    this.worker.terminate();
  }

  private tell(message: ToWorker, transfer: Transferable[] = []): void {
    this.worker.postMessage(message, transfer);
  }
}
