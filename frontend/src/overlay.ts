/** Draws what was recognised over the camera's picture; the counterpart of fer_core/vision/overlay.py. */
import { areaOf, type Box, clip, intersect } from "./vision/boxes";
import { C, EMOTIONS } from "./vision/constants";
import { type Face, focusOf } from "./vision/faces";

const { LEAST_TEXT, MOST_COVERED, MOST_HIDDEN, SAME_SIZE, STAYS } = C.overlay;
const { DIM, EDGE_ALPHA, PANEL, PANEL_ALPHA, TRACK, UNSURE } = C.marks;
const COLOURS = C.labels.EMOTION_COLOURS as Record<string, string>;
const FONT = '"Source Sans", "Source Sans 3", system-ui, sans-serif';
const CAP_HEIGHT = 0.95;
const EDGE = `rgba(0, 0, 0, ${EDGE_ALPHA})`;
const WIDEST_SHARE = "100 %";

interface Label {
  size: number;
  /** 0 above the box and 1 below, flush left; 2 and 3 flush right; 4 inside at the top. */
  place: number;
}

/** Sizes of a label with a text of this size. */
interface LabelShape {
  readonly width: number;
  readonly height: number;
  readonly padX: number;
  readonly padY: number;
}

/** Draws onto one canvas and remembers where things stand, so that nothing hops about. */
export class Overlay {
  private labels = new Map<number, Label>();
  private corner: number | undefined;

  constructor(private readonly context: CanvasRenderingContext2D) {}

  /** Draw faces, given in pixels of a frame, over a canvas that shows it. */
  draw(faces: readonly Face[], focusId: number | null, frameWidth: number, frameHeight: number): void {
    const { context } = this;
    const { width, height } = context.canvas;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, width, height);
    const scaled = faces.map((face) => ({ ...face, box: scaleBox(face.box, width / frameWidth, height / frameHeight) }));
    const unit = clip(Math.min(width / 640, height / 480), 0.6, 6);
    this.labels = new Map([...this.labels].filter(([id]) => faces.some((face) => face.id === id)));
    const smallFirst = [...scaled].sort((one, other) => areaOf(one.box) - areaOf(other.box));
    for (const face of smallFirst) this.drawBox(face, unit);
    const taken: Box[] = [];
    const placed = smallFirst.reverse().map((face) => {
      const corner = this.placeLabel(face, smallFirst, taken, unit);
      taken.push(corner);
      return { face, corner };
    });
    const focus = focusOf({ faces: scaled, focusId });
    if (focus) this.drawPanel(focus, scaled, taken, unit);
    for (const { face, corner } of placed.reverse()) this.drawLabel(face, corner);
  }

  private drawBox({ box, ...face }: Face, unit: number): void {
    const { context } = this;
    const [left, top, right, bottom] = box.map(Math.round);
    const side = Math.min(right - left, bottom - top);
    const radius = Math.min(10 * unit, side / 4);
    const arm = Math.min(22 * unit, side / 3);
    const rim = Math.max(Math.round(unit), 1);
    context.lineCap = "butt";
    for (const [grow, colour] of [
      [2 * rim, EDGE],
      [0, colourOf(face)],
    ] as const) {
      context.strokeStyle = colour;
      context.lineWidth = Math.max(1.7 * unit, 2) + grow;
      context.beginPath();
      context.roundRect(left, top, right - left, bottom - top, radius);
      context.stroke();
      context.lineWidth = Math.max(3.6 * unit, 4) + grow;
      context.beginPath();
      for (const [x, y, across, down] of [
        [left, top, 1, 1],
        [right, top, -1, 1],
        [right, bottom, -1, -1],
        [left, bottom, 1, -1],
      ]) {
        context.moveTo(x, y + down * arm);
        context.arcTo(x, y, x + across * arm, y, radius);
        context.lineTo(x + across * arm, y);
      }
      context.stroke();
    }
  }

  /** Choose size and place: above or below the box, wherever it hides least; always inside the picture. */
  private placeLabel(face: Face, faces: readonly Face[], taken: readonly Box[], unit: number): Box {
    const { canvas } = this.context;
    const [left, top, right, bottom] = face.box;
    const fits = Math.round(Math.min(Math.max(0.17 * (right - left), 14 * unit, LEAST_TEXT), Math.max(24 * unit, LEAST_TEXT)));
    const known = this.labels.get(face.id);
    let size = known && Math.abs(known.size - fits) <= SAME_SIZE ? known.size : fits;
    while (this.shapeOf(face, size).width > canvas.width && size > 6) size--;
    const { width, height } = this.shapeOf(face, size);
    const gap = 0.4 * size;
    const places = [
      [left, top - gap - height],
      [left, bottom + gap],
      [right - width, top - gap - height],
      [right - width, bottom + gap],
      [left, top + gap],
    ];
    const boxes = places.map(([x, y]): Box => {
      const [inX, inY] = [clip(Math.round(x), 0, Math.max(canvas.width - width, 0)), clip(Math.round(y), 0, Math.max(canvas.height - height, 0))];
      return [inX, inY, inX + width, inY + height];
    });
    const hidden = boxes.map(
      (box) => common(box, faces.map((other) => other.box)) + 2 * common(box, taken),
    );
    let place = hidden.indexOf(Math.min(...hidden));
    if (known && hidden[known.place] <= hidden[place] + STAYS * width * height) place = known.place;
    this.labels.set(face.id, { size, place });
    return boxes[place];
  }

  private shapeOf(face: Face, size: number): LabelShape {
    this.useFont(size);
    const padX = Math.round(0.5 * size);
    const padY = Math.round(0.32 * size);
    const text = this.context.measureText(nameOf(face)).width + 0.28 * size + this.context.measureText(WIDEST_SHARE).width;
    return { width: Math.ceil(text + 2 * padX), height: Math.ceil(CAP_HEIGHT * size + 2 * padY), padX, padY };
  }

  private drawLabel(face: Face, [left, top, right, bottom]: Box): void {
    const { context } = this;
    const size = this.labels.get(face.id)?.size ?? LEAST_TEXT;
    const { padX } = this.shapeOf(face, size);
    const radius = 0.42 * size;
    fillRound(context, left, top, right - left, bottom - top, radius, EDGE);
    fillRound(context, left + 1, top + 1, right - left - 2, bottom - top - 2, radius - 1, colourOf(face));
    context.fillStyle = textColour(colourOf(face));
    context.textBaseline = "middle";
    const middle = (top + bottom) / 2 + 0.04 * size;
    context.textAlign = "left";
    context.fillText(nameOf(face), left + padX, middle);
    context.textAlign = "right";
    context.fillText(percent(face.probabilities[face.label]), right - padX, middle);
  }

  /** Draw the seven probabilities of the face in focus, in the corner where they hide least. */
  private drawPanel(focus: Face, faces: readonly Face[], taken: readonly Box[], unit: number): void {
    const { context } = this;
    const size = Math.max(Math.round(13 * unit), 11);
    this.useFont(size);
    const pad = 0.75 * size;
    const row = 1.5 * size;
    const barLeft = 2 * pad + Math.max(...EMOTIONS.map((name) => context.measureText(name).width));
    const [barWidth, barHeight] = [5.2 * size, Math.max(0.45 * size, 4)];
    const shareRight = barLeft + barWidth + context.measureText(WIDEST_SHARE).width + 0.5 * size;
    const [width, height] = [shareRight + pad, EMOTIONS.length * row + pad];
    const corner = this.freeCorner(focus, faces, taken, width, height);
    if (!corner) return;
    const [left, top] = corner;
    context.globalAlpha = PANEL_ALPHA;
    fillRound(context, left, top, width, height, pad, PANEL);
    context.globalAlpha = 1;
    context.textBaseline = "middle";
    EMOTIONS.forEach((name, label) => {
      const y = top + pad / 2 + (label + 0.5) * row;
      context.fillStyle = label === focus.label ? "#ffffff" : DIM;
      context.textAlign = "left";
      context.fillText(name, left + pad, y);
      context.textAlign = "right";
      context.fillText(percent(focus.probabilities[label]), left + shareRight, y);
      fillRound(context, left + barLeft, y - barHeight / 2, barWidth, barHeight, barHeight / 2, TRACK);
      const filled = focus.probabilities[label] * barWidth;
      if (filled >= 1) {
        fillRound(context, left + barLeft, y - barHeight / 2, Math.max(filled, barHeight), barHeight, barHeight / 2, COLOURS[name]);
      }
    });
  }

  private freeCorner(focus: Face, faces: readonly Face[], taken: readonly Box[], width: number, height: number): number[] | undefined {
    const { canvas } = this.context;
    const margin = 0.02 * canvas.width;
    const [right, bottom] = [canvas.width - width - margin, canvas.height - height - margin];
    if (Math.min(right, bottom) < margin || width > 0.5 * canvas.width) return undefined;
    const corners = [
      [margin, bottom],
      [right, bottom],
      [margin, margin],
      [right, margin],
    ];
    const area = width * height;
    const costs = corners.map(([x, y]) => {
      const panel: Box = [x, y, x + width, y + height];
      const onFocus = intersect(panel, focus.box);
      const free = onFocus <= MOST_COVERED * area && faces.every(({ box }) => intersect(panel, box) <= MOST_HIDDEN * areaOf(box));
      const all = common(panel, [...faces.map(({ box }) => box), ...taken]);
      return free ? (all + EMOTIONS.length * onFocus) / area : Infinity;
    });
    let best = costs.indexOf(Math.min(...costs));
    if (this.corner !== undefined && costs[this.corner] <= costs[best] + STAYS && costs[this.corner] < Infinity) best = this.corner;
    this.corner = best;
    return costs[best] < Infinity ? corners[best] : undefined;
  }

  private useFont(size: number): void {
    this.context.font = `500 ${size}px ${FONT}`;
  }
}

function nameOf({ label, unsure }: Pick<Face, "label" | "unsure">): string {
  return unsure ? `unsure · ${EMOTIONS[label]}` : EMOTIONS[label];
}

function colourOf({ label, unsure }: Pick<Face, "label" | "unsure">): string {
  return unsure ? UNSURE : COLOURS[EMOTIONS[label]];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}

function common(box: Box, others: readonly Box[]): number {
  return others.reduce((sum, other) => sum + intersect(box, other), 0);
}

function scaleBox([left, top, right, bottom]: Box, across: number, down: number): Box {
  return [left * across, top * down, right * across, bottom * down];
}

function fillRound(
  context: CanvasRenderingContext2D,
  left: number,
  top: number,
  width: number,
  height: number,
  radius: number,
  colour: string,
): void {
  context.fillStyle = colour;
  context.beginPath();
  context.roundRect(left, top, width, height, Math.max(radius, 0));
  context.fill();
}

/** Black or white, whichever reads better (WCAG 2.2, "contrast ratio"). */
export function textColour(background: string): string {
  const channels = [1, 3, 5].map((at) => parseInt(background.slice(at, at + 2), 16) / 255);
  const linear = channels.map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  const light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  return (light + 0.05) / 0.05 >= 1.05 / (light + 0.05) ? "#000000" : "#ffffff";
}
