/** From a stream of frames to faces with expressions; the counterpart of fer_core/vision/pipeline.py. */
import { areaOf, clipBox } from "./boxes";
import { C } from "./constants";
import { cropFace, eyeTilt, mirror } from "./crops";
import { detect, type DetectorNetwork } from "./detection";
import { Expressions } from "./expressions";
import type { Face, Faces } from "./faces";
import { Flow, type Motion } from "./flow";
import { Gaze, type Look } from "./gaze";
import { describeFace } from "./looks";
import { NeutralBaseline } from "./neutral";
import { type Picture, stretch } from "./picture";
import { Qualities } from "./qualities";
import { isUncut } from "./tiles";
import type { Track } from "./track";
import { Tracker } from "./tracks";

const { FOLLOWED_S, KEEP_SCORE, FOCUS_RATIO } = C.pipeline;

/** Gives the seven probabilities of one (48, 48) crop. */
export type Classify = (crop: Uint8Array) => Promise<Float64Array>;

/** Recognises the faces of one stream, frame after frame. */
export class Pipeline {
  readonly neutral = new NeutralBaseline();
  private readonly tracker = new Tracker();
  private readonly expressions: Expressions;
  private readonly qualities = new Qualities();
  private gaze = new Gaze();
  private flow = new Flow();
  private focusId: number | null = null;
  private timeS = -Infinity;

  constructor(
    private readonly network: DetectorNetwork,
    private readonly classify: Classify,
    threshold: number,
  ) {
    this.expressions = new Expressions(threshold);
  }

  /** Find or follow the faces of the next frame and read their expressions. */
  async process(picture: Picture, timeS: number): Promise<Faces> {
    const times = [performance.now()];
    this.follow(picture, timeS);
    times.push(performance.now());
    const { width, height } = picture;
    const look = this.gaze.choose(this.tracker.tracks, this.tracker.visible(), width, height, timeS);
    if (look) await this.find(picture, look);
    times.push(performance.now());
    const tracks = this.tracker.visible();
    for (const track of tracks) track.settle(timeS);
    this.chooseFocus(tracks);
    await this.read(picture, tracks, timeS);
    times.push(performance.now());
    return {
      faces: tracks.map((track) => this.faceOf(track, picture, timeS)),
      timeS,
      parts: { follow: times[1] - times[0], find: times[2] - times[1], read: times[3] - times[2] },
      hints: this.qualities.hints(this.focusId),
      focusId: this.focusId,
      neutral: this.neutral.look,
    };
  }

  /** Carry all that is known over to this frame. */
  private follow({ width, height, luma }: Picture, timeS: number): void {
    const anew = this.tracker.begin(timeS, width, height);
    if (anew || timeS - this.timeS > FOLLOWED_S) this.flow = new Flow();
    if (anew) this.gaze = new Gaze();
    this.timeS = timeS;
    const tracks = this.tracker.followable();
    const motions = this.flow.follow(
      luma,
      tracks.map(({ frame }) => frame),
    );
    const followed = tracks.map((track, at) => [track, motions[at]] as const);
    this.tracker.advance(new Map(followed.filter((pair): pair is [Track, Motion] => pair[1] !== undefined)), timeS);
  }

  private async find(picture: Picture, { box, shouldFind }: Look): Promise<void> {
    const seen = await detect(picture, this.network, box, KEEP_SCORE);
    const found = seen.filter(({ frame }) => isUncut(frame, box, picture.width, picture.height));
    const looks = found.map(({ frame, keypoints }) =>
      describeFace(picture, frame, stretch(cropFace(picture.luma, frame, eyeTilt(keypoints)))),
    );
    this.tracker.find(found, looks, shouldFind, shouldFind.length ? undefined : box);
  }

  /** Keep the focus on a face as long as it is remembered and no other is clearly larger. */
  private chooseFocus(tracks: readonly Track[]): void {
    if (this.focusId !== null && !this.tracker.ids.includes(this.focusId)) this.focusId = null;
    if (!tracks.length) return;
    const largest = tracks.reduce((best, track) => (areaOf(track.shown) > areaOf(best.shown) ? track : best));
    const focused = tracks.find(({ id }) => id === this.focusId);
    if (this.focusId === null || areaOf(largest.shown) > FOCUS_RATIO * (focused ? areaOf(focused.shown) : Infinity)) {
      this.focusId = largest.id;
    }
  }

  /** Read the expressions and measure the qualities of the faces whose turn it is. */
  private async read(picture: Picture, tracks: readonly Track[], timeS: number): Promise<void> {
    const known = this.tracker.ids;
    for (const part of [this.expressions, this.qualities, this.neutral]) part.keep(known);
    const due = this.expressions.due(
      tracks.map(({ id }) => id),
      timeS,
    );
    const rows = new Map<number, Float64Array>();
    for (const { id, shown, tilt } of tracks.filter(({ id }) => due.includes(id))) {
      const crop = stretch(cropFace(picture.luma, shown, tilt));
      rows.set(id, await this.classify(this.expressions.mirrored(id) ? mirror(crop) : crop));
    }
    this.expressions.learn(rows, timeS);
    this.neutral.learn(this.focusId, rows, timeS);
    this.qualities.measure(picture.luma, tracks, timeS);
  }

  private faceOf({ id, shown, score, tilt }: Track, { width, height }: Picture, timeS: number): Face {
    const said = this.expressions.show(id, this.neutral.shiftFor(id), timeS);
    return { id, box: clipBox(shown, width, height), score, tilt, quality: this.qualities.of(id), ...said };
  }
}
