/** What is to be seen: the camera's own picture, what was recognised on it, a note, and the buttons below. */
import css from "./live.css";
import { Overlay } from "./overlay";
import type { FilmMade } from "./film";
import type { Answer } from "./messages";
import type { Box } from "./vision/boxes";

const HTML = `<div class="live">
  <div class="stage">
    <video autoplay muted playsinline aria-label="Your camera's picture, with what was recognised in it"></video>
    <canvas aria-hidden="true"></canvas>
    <div class="note" role="status"></div>
  </div>
  <progress hidden max="1"></progress>
  <div class="bar">
    <button type="button">START</button>
    <select hidden aria-label="Camera"></select>
    <a hidden class="film">Save the video</a>
    <span class="state"></span>
  </div>
</div>`;
const MOST_PIXELS_WIDE = 1920;

export class Stage {
  readonly video: HTMLVideoElement;
  readonly button: HTMLButtonElement;
  readonly cameras: HTMLSelectElement;
  private readonly frame: HTMLElement;
  private readonly canvas: HTMLCanvasElement;
  private readonly note: HTMLElement;
  private readonly state: HTMLElement;
  private readonly film: HTMLAnchorElement;
  private readonly progress: HTMLProgressElement;
  private readonly overlay: Overlay | undefined;
  private readonly resized: ResizeObserver;
  private answer: Answer | undefined;
  private mirror = false;

  constructor(parent: ShadowRoot | HTMLElement) {
    const style = document.createElement("style");
    style.textContent = css;
    const root = document.createElement("div");
    root.innerHTML = HTML;
    parent.replaceChildren(style, root);
    const find = <T extends Element>(selector: string) => root.querySelector<T>(selector) as T;
    this.frame = find(".stage");
    this.video = find("video");
    this.canvas = find("canvas");
    this.note = find(".note");
    this.state = find(".state");
    this.film = find(".film");
    this.progress = find("progress");
    this.button = find("button");
    this.cameras = find("select");
    const context = this.canvas.getContext("2d");
    this.overlay = context ? new Overlay(context) : undefined;
    this.resized = new ResizeObserver(() => this.draw());
    this.resized.observe(this.frame);
  }

  /** Say what is going on where the picture is, or over it. */
  say(note: string): void {
    if (this.note.textContent !== note) this.note.textContent = note;
  }

  /** Say how fast it goes, below. */
  tell(state: string): void {
    if (this.state.textContent !== state) this.state.textContent = state;
  }

  /** Leave on the page what a frame's parts take, in milliseconds, for whoever measures. */
  keepParts(parts: Readonly<Record<string, number>>): void {
    this.frame.dataset.ms = JSON.stringify(parts);
  }

  /** Show how much of the models has come; undefined hides the bar. */
  load(share: number | undefined): void {
    this.progress.hidden = share === undefined;
    this.progress.value = share ?? 0;
  }

  /** Show the camera's picture, or nothing. */
  turn(on: boolean): void {
    this.frame.classList.toggle("on", on);
    this.button.textContent = on ? "STOP" : "START";
    this.button.classList.toggle("stop", on);
    if (!on) this.show(undefined, this.mirror);
  }

  /** Show what was recognised; nothing where there is no answer. */
  show(answer: Answer | undefined, mirror: boolean): void {
    this.answer = answer;
    this.mirror = mirror;
    this.draw();
  }

  /** Offer the cameras, where there are several. */
  offer(cameras: readonly MediaDeviceInfo[], chosen: string): void {
    this.cameras.hidden = cameras.length < 2;
    this.cameras.replaceChildren(
      ...cameras.map(({ deviceId, label }, at) => new Option(label || `Camera ${at + 1}`, deviceId, false, deviceId === chosen)),
    );
  }

  /** Offer a recording's video to be saved; undefined takes the offer back. */
  offerFilm(made: FilmMade | undefined): void {
    this.film.hidden = !made;
    if (!made) return this.film.removeAttribute("href");
    this.film.href = made.url;
    this.film.download = made.name;
    this.film.textContent = `Save the video (${made.megabytes.toFixed(1)} MB)`;
  }

  /** Paint what is seen, picture and overlay, over all of another canvas. */
  paint(context: CanvasRenderingContext2D): void {
    const { width, height } = context.canvas;
    const { view, scale, step } = this.zoom(width);
    context.setTransform(scale, 0, 0, scale, -view[0] * step, -view[1] * step);
    if (this.mirror) context.transform(-1, 0, 0, 1, width, 0);
    context.drawImage(this.video, 0, 0, width, height);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.drawImage(this.canvas, 0, 0, width, height);
  }

  end(): void {
    this.resized.disconnect();
  }

  /** Say which part of the frame is seen, how much larger, and how many pixels of a picture of this width one of the frame's is. */
  private zoom(width: number): { view: Box; scale: number; step: number } {
    const view = this.answer?.view ?? [0, 0, 1, 1];
    const frame = this.answer?.width ?? 1;
    const scale = frame / (view[2] - view[0]);
    return { view, scale, step: (width / frame) * scale };
  }

  private draw(): void {
    const { video, canvas, answer } = this;
    if (video.videoWidth) this.frame.style.aspectRatio = `${video.videoWidth} / ${video.videoHeight}`;
    const { clientWidth: width, clientHeight: height } = this.frame;
    if (!width || !height) return;
    const density = Math.min(window.devicePixelRatio || 1, MOST_PIXELS_WIDE / width);
    const [wide, high] = [Math.round(width * density), Math.round(height * density)];
    if (canvas.width !== wide || canvas.height !== high) {
      canvas.width = wide;
      canvas.height = high;
    }
    const { view, scale, step } = this.zoom(width);
    const moved = answer ? `translate(${-view[0] * step}px, ${-view[1] * step}px) scale(${scale})` : "";
    video.style.transform = `${moved} ${this.mirror ? `translateX(${width}px) scaleX(-1)` : ""}`.trim() || "none";
    this.overlay?.draw(answer?.shown ?? [], answer?.focusId ?? null, answer?.width ?? 1, answer?.height ?? 1);
  }
}
