/** One live video that is analysed in this browser: the camera in, pictures and numbers out. */
import { type CameraWords, closeCamera, listCameras, openCamera, remember, remembered } from "./camera";
import { Engine } from "./engine";
import { Film, type FilmMade, type FilmWish } from "./film";
import type { Answer, FileToLoad, ModelToLoad } from "./messages";
import { Pace } from "./pace";
import { Reporter, type Results } from "./results";
import { Stage } from "./stage";

/** A file as Python names it. */
export interface ServedFile {
  readonly name: string;
  readonly digest: string;
  readonly bytes: number;
}

/** What Python passes in each run. */
export interface LiveData {
  /** Whether Python takes the video to be on. */
  readonly live: boolean;
  readonly detector: ServedFile;
  readonly model: Omit<ModelToLoad, "file"> & { readonly file: ServedFile };
  readonly mirror: boolean;
  readonly zoom: boolean;
  /** Width and height to ask of the camera. */
  readonly camera: readonly [number, number];
  readonly recording: boolean;
  /** What to do about the recording's video; null where none is wanted. */
  readonly film: FilmWish | null;
  /** What to do about the neutral look; a new number is a new wish. */
  readonly neutral: { readonly serial: number; readonly want: "begin" | "forget" };
  readonly words: CameraWords;
}

export interface Python {
  live(on: boolean): void;
  results(results: Results): void;
}

export interface Assets {
  readonly worker: URL;
  readonly script: URL;
  readonly wasm: FileToLoad;
  url(file: ServedFile): string;
}

const FIRST_S = 8;
const STILL_S = 3;

export class LiveView {
  private readonly stage: Stage;
  private readonly engine: Engine;
  private readonly reporter: Reporter;
  private readonly film: Film;
  private pace = new Pace();
  private stream: MediaStream | undefined;
  private starting = false;
  private ready = false;
  private failure = "";
  private startedS = 0;
  private answeredS = 0;
  private served: number;
  private readonly watch: number;

  constructor(
    parent: ShadowRoot | HTMLElement,
    private data: LiveData,
    assets: Assets,
    private python: Python,
  ) {
    this.stage = new Stage(parent);
    this.served = data.neutral.serial;
    this.reporter = new Reporter((results) => this.python.results(results));
    this.film = new Film((made, trouble) => this.filmed(made, trouble));
    this.engine = new Engine(assets.worker, assets.script, assets.wasm, toLoad(data.detector, assets), {
      loading: (bytes, of) => this.loading(bytes, of),
      ready: () => this.loaded(),
      answer: (answer) => this.answered(answer),
      failed: (why) => this.failed(why),
    });
    this.stage.button.onclick = () => (this.isOn ? this.stop("") : void this.start());
    this.stage.cameras.onchange = () => {
      remember(this.stage.cameras.value);
      void this.take();
    };
    this.stage.say("Getting ready.");
    this.watch = window.setInterval(() => this.look(), 1000);
    this.update(data, assets, python);
  }

  /** Take in what Python passes now. */
  update(data: LiveData, assets: Assets, python: Python): void {
    const resized = String(data.camera) !== String(this.data.camera);
    this.data = data;
    this.python = python;
    if (resized && this.isOn && !this.starting) void this.take();
    this.engine.use({ ...data.model, file: toLoad(data.model.file, assets) });
    if (data.neutral.serial !== this.served) {
      this.served = data.neutral.serial;
      this.engine.neutral(data.neutral.want);
    }
    this.film.want(data.film, this.isOn);
    if (data.live !== this.isOn && !this.starting) python.live(this.isOn);
  }

  end(): void {
    window.clearInterval(this.watch);
    this.halt();
    this.film.forget();
    this.engine.end();
    this.stage.end();
  }

  private get isOn(): boolean {
    return this.stream !== undefined;
  }

  private async start(): Promise<void> {
    this.stage.say("Allow this page to use the camera; the browser asks beside the address.");
    await this.take();
    if (!this.isOn) return;
    this.startedS = now();
    this.answeredS = 0;
    this.python.live(true);
  }

  /** Turn the camera on that was chosen last, of the size wanted when it is there; meanwhile nothing else can be pressed. */
  private async take(): Promise<void> {
    const { button, cameras } = this.stage;
    this.starting = button.disabled = cameras.disabled = true;
    try {
      let size: string;
      do {
        size = String(this.data.camera);
        closeCamera(this.stream);
        await this.open(remembered());
      } while (size !== String(this.data.camera));
    } catch (error) {
      this.stop(messageOf(error));
    }
    this.starting = button.disabled = cameras.disabled = false;
  }

  private async open(device: string): Promise<void> {
    const { camera, words } = this.data;
    const lost = () => this.stop("The camera went away. Connect it, close the program that took it, and press START.");
    const stream = await openCamera(device, camera, words, lost).catch((error) => (device ? openCamera("", camera, words, lost) : Promise.reject(error)));
    this.stream = stream;
    this.stage.video.srcObject = stream;
    await this.stage.video.play().catch(() => {});
    this.engine.restart();
    this.reporter.restart();
    this.pace = new Pace();
    this.stage.turn(true);
    this.film.want(this.data.film, true);
    this.stage.say(this.ready ? "" : "The camera is on; the models are still coming.");
    this.stage.offer(await listCameras(), stream.getVideoTracks()[0]?.getSettings().deviceId ?? "");
    this.pump(stream);
  }

  /** Turn all off, and say why where there is a reason. */
  private stop(why: string): void {
    const was = this.isOn;
    this.halt();
    this.stage.say(why || this.idleNote());
    if (!was) return;
    this.reporter.finish(this.pace);
    this.python.live(false);
  }

  private halt(): void {
    closeCamera(this.stream);
    this.stream = undefined;
    this.film.want(this.data.film, false);
    this.stage.video.srcObject = null;
    this.stage.turn(false);
    this.stage.tell("");
  }

  /** Give each newest frame to the engine, as soon as it is free. */
  private pump(stream: MediaStream): void {
    const { video } = this.stage;
    const again = () => {
      if (this.stream !== stream) return;
      if (this.engine.idle && video.videoWidth) void this.give(now());
      next();
    };
    const next = () => (video.requestVideoFrameCallback ? video.requestVideoFrameCallback(again) : requestAnimationFrame(again));
    next();
  }

  private async give(timeS: number): Promise<void> {
    this.engine.idle = false;
    try {
      const bitmap = await createImageBitmap(this.stage.video);
      this.engine.give(bitmap, timeS, this.data.mirror, this.data.zoom);
    } catch {
      this.engine.idle = true; // the picture was changing; the next one will do
    }
  }

  private answered(answer: Answer): void {
    if (!this.isOn) return;
    this.answeredS = now();
    this.pace.count(this.answeredS, answer.timeS, { pixels: answer.pixelsMs, ...answer.parts });
    this.stage.show(answer, this.data.mirror);
    this.stage.say("");
    this.reporter.add(answer, this.data.recording, this.pace);
    this.film.add(answer.width, answer.height, answer.timeS, (context) => this.stage.paint(context));
  }

  private filmed(made: FilmMade | undefined, trouble: string): void {
    this.stage.offerFilm(made);
    if (trouble) this.stage.tell(trouble);
  }

  private loading(bytes: number, of: number): void {
    if (this.ready) return;
    this.stage.load(of ? bytes / of : 0);
    if (bytes >= of) return this.stage.tell("Starting the models.");
    const amount = `${(bytes / 1e6).toFixed(1)} of ${(of / 1e6).toFixed(1)} MB`;
    this.stage.tell(`Loading the models, ${amount}. This browser keeps them for the next time.`);
  }

  private loaded(): void {
    this.ready = true;
    this.failure = "";
    this.stage.load(undefined);
    this.stage.tell("");
    if (!this.isOn && !this.starting) this.stage.say(this.idleNote());
  }

  private failed(why: string): void {
    this.failure =
      `The models could not be started in this browser (${why}). Reload the page; if it happens again, update the browser ` +
      "or choose On the server.";
    this.stage.load(undefined);
    this.stage.tell("");
    this.stop(this.failure);
  }

  private idleNote(): string {
    return this.failure || (this.ready ? "Press START and look into the camera." : "Getting ready. START can be pressed already.");
  }

  /** Once a second: say what is wrong, rather than nothing. */
  private look(): void {
    if (!this.isOn) return;
    this.stage.keepParts(this.pace.parts);
    const sinceS = now() - (this.answeredS || this.startedS);
    if (!this.answeredS && sinceS > FIRST_S) this.stage.say(this.missing());
    else if (this.answeredS && sinceS > STILL_S && !document.hidden) {
      this.stage.say("The picture stands still: the camera may be covered by another program. Press STOP, then START.");
    }
  }

  private missing(): string {
    if (!this.ready) return "The models are still coming: the connection is slow. Wait, or choose another way.";
    return "The camera gives no picture. Close other programs that use it, press STOP, then START.";
  }
}

function toLoad(file: ServedFile, assets: Assets): FileToLoad {
  return { url: assets.url(file), digest: file.digest, bytes: file.bytes };
}

function now(): number {
  return performance.now() / 1000;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
