import { expect, test } from "vitest";
import { textColour } from "../src/overlay";
import { assign } from "../src/vision/assignment";
import { clipBox, overlap, rint } from "../src/vision/boxes";
import { OneEuro } from "../src/vision/calm";
import { EMOTIONS, NEUTRAL } from "../src/vision/constants";
import { mergeSameFaces } from "../src/vision/detection";
import { Expressions } from "../src/vision/expressions";
import { Zoom } from "../src/vision/framing";
import { NeutralBaseline } from "../src/vision/neutral";
import { halve, Picture, resizeArea, resizeLinear } from "../src/vision/picture";

const said = (name: string, share = 0.86) =>
  Float64Array.from(EMOTIONS, (emotion) => (emotion === name ? share : (1 - share) / (EMOTIONS.length - 1)));

test("halves are rounded as NumPy rounds them", () => {
  expect([0.5, 1.5, 2.5, -0.5, -1.5, 2.4].map(rint)).toEqual([0, 2, 2, -0, -2, 2]);
});

test("boxes are clipped to the picture", () => {
  expect(clipBox([-3, 4.6, 700, 20], 640, 480)).toEqual([0, 5, 640, 20]);
  expect(overlap([0, 0, 10, 10], [5, 0, 15, 10])).toBeCloseTo(1 / 3);
});

test("the pairing costs least in all, and nobody is paired who costs too much", () => {
  expect(assign([[1, 2], [1.5, 9]], 4)).toEqual([[0, 1], [1, 0]]);
  expect(assign([[5], [1], [2]], 4)).toEqual([[1, 0]]);
  expect(assign([[Infinity, 3]], 4)).toEqual([[0, 1]]);
  expect(assign([], 4)).toEqual([]);
});

test("boxes of one face become one, weighted by score", () => {
  const face = (left: number, score: number) => ({ points: Float64Array.from([left, 0, left + 10, 10, left, 0]), score });
  const merged = mergeSameFaces([face(0, 0.6), face(1, 0.9), face(50, 0.7)]);
  expect(merged.map(({ score }) => score)).toEqual([0.9, 0.7]);
  expect(merged[0].points[0]).toBeCloseTo(0.6);
});

test("what stands still is calm, and what moves is followed", () => {
  const filter = new OneEuro();
  filter.update([0], 0);
  expect(filter.update([0.001], 0.05)[0]).toBeLessThan(0.0002);
  const moving = new OneEuro();
  let last = 0;
  for (let step = 0; step < 40; step++) [last] = moving.update([step * 0.05], step * 0.05);
  expect(1.95 - last).toBeLessThan(0.05);
});

test("another emotion is shown only when it is clearly ahead for a while", () => {
  const faces = new Expressions(0.5);
  faces.keep([1]);
  faces.learn(new Map([[1, said("happy")]]), 0);
  expect(faces.show(1, undefined, 0)).toMatchObject({ label: EMOTIONS.indexOf("happy"), unsure: false });
  faces.learn(new Map([[1, said("sad")]]), 0.1);
  expect(faces.show(1, undefined, 0.1).label).toBe(EMOTIONS.indexOf("happy"));
  for (let at = 0.2; at < 1; at += 0.1) {
    faces.learn(new Map([[1, said("sad")]]), at);
    faces.show(1, undefined, at);
  }
  expect(faces.show(1, undefined, 1).label).toBe(EMOTIONS.indexOf("sad"));
});

test("a resting face that looks sad is neutral once its look is learned", () => {
  const baseline = new NeutralBaseline();
  baseline.begin();
  for (let at = 0; at <= 3.1; at += 0.1) baseline.learn(7, new Map([[7, said("sad", 0.5)]]), at);
  expect(baseline.look).toMatchObject({ state: "on", faceId: 7 });
  const shift = baseline.shiftFor(7) ?? [];
  const shifted = said("sad", 0.5).map((share, label) => share * Math.exp(shift[label]));
  expect(shifted.indexOf(Math.max(...shifted))).toBe(NEUTRAL);
  expect(baseline.shiftFor(8)).toBeUndefined();
  baseline.keep([8]);
  expect(baseline.look.state).toBe("off");
});

test("pictures are made smaller by means and larger by interpolation", () => {
  const picture = { width: 4, height: 2, data: Uint8Array.from([0, 10, 20, 30, 40, 50, 60, 70]) };
  expect([...halve(picture).data]).toEqual([25, 45]);
  expect([...resizeArea(picture, 2, 1).data]).toEqual([25, 45]);
  expect([...resizeLinear({ width: 2, height: 1, data: Uint8Array.from([0, 100]) }, 4, 1).data]).toEqual([0, 25, 75, 100]);
});

test("white and black have video's brightness and no colour", () => {
  const data = new Uint8Array([255, 255, 255, 255, 0, 0, 0, 255]);
  const picture = new Picture({ width: 2, height: 1, data });
  expect([...picture.luma.data]).toEqual([235, 16]);
  expect([picture.colours.u.data[0], picture.colours.v.data[0]]).toEqual([128, 128]);
});

test("zoom glides to a small face and never leaves the frame", () => {
  const zoom = new Zoom();
  const face = { id: 1, score: 1, probabilities: said("happy"), label: 3, unsure: false, tilt: 0, quality: 1 };
  const faces = { faces: [{ ...face, box: [560, 20, 620, 80] as const }], focusId: 1 };
  const seen = { ...faces, timeS: 0, parts: { follow: 0, find: 0, read: 0 }, hints: [], neutral: { state: "off", faceId: null, leftS: 0 } as const };
  expect(zoom.view(seen, 640, 480, 0, true)).toEqual([0, 0, 640, 480]);
  let view = zoom.view(seen, 640, 480, 0.05, true);
  for (let at = 0.1; at < 3; at += 0.05) {
    view = zoom.view(seen, 640, 480, at, true);
    expect(Math.min(view[0], view[1], 640 - view[2], 480 - view[3])).toBeGreaterThanOrEqual(0);
  }
  expect(view[2] - view[0]).toBeLessThan(640 / 2.3);
  expect(view[0]).toBeGreaterThan(300);
});

test("labels are read on every colour", () => {
  expect(textColour("#E69F00")).toBe("#000000");
  expect(textColour("#0072B2")).toBe("#ffffff");
});
