/** The annotated video of a recording: made by this browser and kept in it, sent to nobody. */
import { C } from "./vision/constants";

/** What Python wants of it; a new serial is a new recording. */
export interface FilmWish {
  readonly serial: number;
  readonly state: "on" | "paused" | "done";
}

/** What there is to save. */
export interface FilmMade {
  readonly url: string;
  readonly name: string;
  readonly megabytes: number;
}

const TYPES = ["video/mp4;codecs=avc1.42E01F", "video/mp4", "video/webm;codecs=vp8", "video/webm"];
/** The most that the first type's level takes; sides must be even. */
const MOST_PIXELS = 1280 * 720;
const BITS_PER_S = 2_500_000;
const PIECE_MS = 1000;
const { MOST_S, PAUSE_S } = C.clip;

export class Film {
  private readonly context = document.createElement("canvas").getContext("2d");
  private recorder: MediaRecorder | undefined;
  private pieces: Blob[] = [];
  private wish: FilmWish | null = null;
  private running = false;
  private url = "";
  private seconds = 0;
  private lastS = -Infinity;

  /** @param told takes what there is to save, undefined where there is nothing, and what went wrong */
  constructor(private readonly told: (made: FilmMade | undefined, trouble: string) => void) {}

  /** Take in what Python wants, and whether the camera is on. */
  want(wish: FilmWish | null, cameraOn: boolean): void {
    if (wish?.serial !== this.wish?.serial) this.forget();
    this.wish = wish;
    this.running = cameraOn && wish?.state === "on";
    if (wish?.state === "done") this.finish();
    else if (this.recorder?.state === "recording" && !this.running) this.recorder.pause();
    else if (this.recorder?.state === "paused" && this.running) this.recorder.resume();
  }

  /** Take in a picture, where a recording wants it. */
  add(width: number, height: number, timeS: number, paint: (context: CanvasRenderingContext2D) => void): void {
    if (!this.running || !this.context || this.seconds >= MOST_S) return;
    if (!this.recorder) this.begin(this.context.canvas, width, height);
    paint(this.context);
    const passed = timeS - this.lastS;
    if (passed < PAUSE_S) this.seconds += passed;
    this.lastS = timeS;
    if (this.seconds >= MOST_S) this.finish();
  }

  /** Drop all that was kept. */
  forget(): void {
    const { recorder } = this;
    this.recorder = undefined;
    if (recorder && recorder.state !== "inactive") recorder.stop();
    if (this.url) URL.revokeObjectURL(this.url);
    [this.url, this.pieces, this.seconds, this.lastS, this.running] = ["", [], 0, -Infinity, false];
    this.told(undefined, "");
  }

  private begin(canvas: HTMLCanvasElement, width: number, height: number): void {
    const scale = Math.min(1, Math.sqrt(MOST_PIXELS / (width * height)));
    [canvas.width, canvas.height] = [width, height].map((side) => 2 * Math.floor((side * scale) / 2));
    const type = TYPES.find((one) => window.MediaRecorder?.isTypeSupported(one));
    if (!type) {
      this.running = false;
      return this.told(undefined, "This browser cannot keep a video; the numbers are recorded.");
    }
    const recorder = new MediaRecorder(canvas.captureStream(), { mimeType: type, videoBitsPerSecond: BITS_PER_S });
    const name = `session-${new Date().toISOString().replace(/[-:]|\..*/g, "").replace("T", "-")}`;
    recorder.ondataavailable = ({ data }) => {
      if (this.recorder === recorder && data.size) this.pieces.push(data);
    };
    recorder.onstop = () => {
      if (this.recorder === recorder) this.offer(`${name}.${type.startsWith("video/mp4") ? "mp4" : "webm"}`, recorder.mimeType);
    };
    recorder.onerror = () => this.told(undefined, "The video could not be kept; the numbers are recorded.");
    recorder.start(PIECE_MS);
    this.recorder = recorder;
  }

  private finish(): void {
    if (this.recorder && this.recorder.state !== "inactive") this.recorder.stop();
  }

  private offer(name: string, type: string): void {
    const blob = new Blob(this.pieces, { type });
    this.pieces = [];
    this.url = URL.createObjectURL(blob);
    const ended = this.seconds >= MOST_S && this.wish?.state !== "done";
    this.told({ url: this.url, name, megabytes: blob.size / 1e6 }, ended ? `The first ${MOST_S / 60} minutes of video are kept; the numbers go on.` : "");
  }
}
